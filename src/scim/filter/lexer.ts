import { readQuotedString } from './quoted-string.js';

type Bracket = '(' | ')' | '[' | ']';

/** `start` is the position of its first character, from 0. */
export type Token =
  /** Attribute names, operators, `and`, and values without quotes look alike; only the parser can tell them apart. */
  | { readonly kind: 'word'; readonly text: string; readonly start: number }
  | { readonly kind: 'string'; readonly value: string; readonly quote: string; readonly start: number }
  | { readonly kind: Bracket; readonly start: number }
  | { readonly kind: 'end'; readonly start: number }
  | { readonly kind: 'invalid'; readonly reason: string; readonly start: number };

const WHITE_SPACE: ReadonlySet<string> = new Set([' ', '\t', '\n', '\r']);
const WORD_ENDS: ReadonlySet<string> = new Set([...WHITE_SPACE, '(', ')', '[', ']', '"']);

const isBracket = (character: string): character is Bracket =>
  character === '(' || character === ')' || character === '[' || character === ']';

/**
 * Cuts a filter into tokens, looking at each character a constant number of times. A single quote opens a string only
 * where a token begins, so that `O'Brien` stays one word. After an invalid token, reading further makes no sense.
 */
export class Lexer {
  readonly #text: string;
  readonly #onStep: () => void;
  #position = 0;

  constructor(text: string, onStep: () => void) {
    this.#text = text;
    this.#onStep = onStep;
  }

  next(): Token {
    this.#skipWhile((character) => WHITE_SPACE.has(character));
    const start = this.#position;
    const character = this.#text[start];
    if (character === undefined) return { kind: 'end', start };
    if (character === '"' || character === "'") return this.#readString(start, character);
    if (isBracket(character)) {
      this.#position += 1;
      return { kind: character, start };
    }
    this.#skipWhile((next) => !WORD_ENDS.has(next));
    return { kind: 'word', text: this.#text.slice(start, this.#position), start };
  }

  #readString(start: number, quote: string): Token {
    const reading = readQuotedString(this.#text, start, this.#onStep);
    if (!reading.ok) return { kind: 'invalid', reason: reading.error, start };
    this.#position = reading.value.end;
    return { kind: 'string', value: reading.value.value, quote, start };
  }

  #skipWhile(isSkipped: (character: string) => boolean): void {
    for (;;) {
      this.#onStep();
      const character = this.#text[this.#position];
      if (character === undefined || !isSkipped(character)) return;
      this.#position += 1;
    }
  }
}
