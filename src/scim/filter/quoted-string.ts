import { err, ok, type Result } from '../../kernel/result.js';

/** The characters after a backslash that stand for another one (RFC 8259 section 7), except `u`. */
const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ["'", "'"],
  ['\\', '\\'],
  ['/', '/'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
]);
const HEX = /^[0-9a-f]{4}$/i;

/**
 * Reads the string that opens with the quote at `start`, by the rules of JSON (RFC 8259 section 7), which RFC 7644
 * section 3.4.2.2 names for filter values. `end` is the position after the closing quote; the error is a reason that
 * completes "At character n, ". Looks at each character once.
 */
export function readQuotedString(
  text: string,
  start: number,
  onStep: () => void,
): Result<{ readonly value: string; readonly end: number }, string> {
  const quote = text[start];
  let value = '';
  let index = start + 1;
  for (;;) {
    onStep();
    const character = text[index];
    if (character === undefined) return err('a string is not closed');
    if (character === quote) return ok({ value, end: index + 1 });
    if (character < ' ') return err('a string holds a control character that is not escaped');
    if (character !== '\\') {
      value += character;
      index += 1;
      continue;
    }
    const escape = readEscape(text, index, quote);
    if (!escape) return err('a string holds an escape that JSON does not have');
    value += escape.character;
    index += escape.length;
  }
}

function readEscape(
  text: string,
  backslash: number,
  quote: string | undefined,
): { readonly character: string; readonly length: number } | undefined {
  const letter = text.charAt(backslash + 1);
  if (letter === 'u') {
    const hex = text.slice(backslash + 2, backslash + 6);
    return HEX.test(hex)
      ? { character: String.fromCharCode(Number.parseInt(hex, 16)), length: 6 }
      : undefined;
  }
  const character = letter === "'" && quote !== "'" ? undefined : ESCAPES.get(letter);
  return character === undefined ? undefined : { character, length: 2 };
}
