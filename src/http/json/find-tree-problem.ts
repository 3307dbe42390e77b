import type { JsonObject, JsonValue } from '../../kernel/json.js';
import type { JsonProblem } from './json-problem.js';
import type { JsonStructure } from './scan-structure.js';
import { isStorableText } from '../../kernel/storable-text.js';

/**
 * Finds what no body may hold: a name given twice in one object, `__proto__` as a name, and names that differ only by
 * case, which are one attribute (400 invalidSyntax; RFC 7643 section 2.1), and text that cannot be stored (400
 * invalidValue). `structure` is that of the text the value was parsed from. Recursive: the caller bounds the depth.
 */
export function findTreeProblem(root: JsonValue, structure: JsonStructure): JsonProblem | undefined {
  const inspection = new TreeInspection(structure.hasUnicodeEscape);
  inspection.visit(root);
  if (inspection.problem) return inspection.problem;
  return inspection.memberCount === structure.memberCount ? undefined : repeatedName;
}

class TreeInspection {
  memberCount = 0;
  problem: JsonProblem | undefined;
  readonly #mayBeUnstorable: boolean;

  constructor(mayBeUnstorable: boolean) {
    this.#mayBeUnstorable = mayBeUnstorable;
  }

  visit(value: JsonValue | undefined): void {
    if (this.problem || value === null) return;
    if (typeof value === 'string') this.#checkText(value);
    else if (Array.isArray(value)) for (const item of value) this.visit(item);
    else if (typeof value === 'object') this.#visitObject(value);
  }

  #visitObject(object: JsonObject): void {
    const names = Object.keys(object);
    this.memberCount += names.length;
    if (names.length > 1 && new Set(names.map((name) => name.toLowerCase())).size < names.length)
      this.problem = repeatedName;
    for (const name of names) {
      if (name === '__proto__')
        this.problem = { kind: 'syntax', detail: 'The name __proto__ is not allowed.' };
      this.#checkText(name);
      this.visit(object[name]);
    }
  }

  #checkText(text: string): void {
    if (this.#mayBeUnstorable && !isStorableText(text)) this.problem ??= unstorableText;
  }
}

const repeatedName: JsonProblem = {
  kind: 'syntax',
  detail: 'An object of the body has the same name twice, in any case.',
};

const unstorableText: JsonProblem = {
  kind: 'value',
  detail: 'A text holds half of a surrogate pair or the character U+0000.',
};
