import { escapeHtml } from '../http/index.js';

/** Text that is HTML already. Only `markup` and the Markdown renderer make it, so everything else gets escaped. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export type HtmlValue = string | number | Html | undefined | readonly Html[];

/**
 * Template tag: what is put in is escaped, unless it is HTML already. Undefined is nothing. (A tag named `html` would have
 * Prettier add white space to the pages.)
 */
export function markup(strings: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  const parts = strings.map((string, index) => (index === 0 ? string : toText(values[index - 1]) + string));
  return new Html(parts.join(''));
}

function toText(value: HtmlValue): string {
  if (value === undefined) return '';
  if (value instanceof Html) return value.text;
  if (typeof value === 'object') return value.map(({ text }) => text).join('');
  return escapeHtml(String(value));
}
