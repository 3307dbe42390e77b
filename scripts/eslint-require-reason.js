const DIRECTIVE = /^\s*eslint-disable/;

/** ESLint rule: a suppressed rule says why, after ` -- `. */
export const requireReason = {
  meta: {
    type: 'suggestion',
    schema: [],
    messages: { missing: 'Say why this rule does not hold here: eslint-disable-... rule -- reason' },
  },
  create(context) {
    return {
      Program() {
        for (const comment of context.sourceCode.getAllComments()) {
          if (!DIRECTIVE.test(comment.value) || comment.value.includes(' -- ')) continue;
          context.report({ loc: comment.loc, messageId: 'missing' });
        }
      },
    };
  },
};
