import { parseInstant, type FilterLiteral } from '../../directory/filter/index.js';
import type { AttributeType } from '../../directory/schema/index.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { Token } from './lexer.js';

/** A token that stands where a filter has its value. */
export type ValueToken = Extract<Token, { kind: 'word' | 'string' }>;

/** RFC 8259 section 6. */
const JSON_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
/** A missing value must not be read as the word that follows it. */
const RESERVED_WORDS: ReadonlySet<string> = new Set(['and', 'or', 'not']);
/** No stored value can hold these, and the database refuses them even in a comparison. */
const UNSTORABLE = /[\0\p{Surrogate}]/u;

/**
 * Reads the value of a comparison: a JSON string, number, true, false or null (RFC 7644 section 3.4.2.2). The lenient
 * dialect also has single quotes, which one RFC example uses, and words without quotes, which old Entra documentation
 * shows for ids. The error is a reason that completes "At character n, ".
 */
export function readLiteral(token: ValueToken, isLenient: boolean): Result<FilterLiteral, string> {
  if (token.kind === 'string')
    return token.quote === '"' || isLenient ? readText(token.value) : err('a string needs double quotes');
  const { text } = token;
  if (text === 'null') return ok(null);
  if (text === 'true' || text === 'false') return ok(text === 'true');
  // Adding 0 turns -0 into 0, which print and compare alike.
  if (JSON_NUMBER.test(text)) return ok(Number(text) + 0);
  if (!isLenient) return err('a value must be a JSON string, number, true, false or null');
  return RESERVED_WORDS.has(text.toLowerCase()) ? err('a value is missing') : readText(text);
}

const readText = (text: string): Result<string, string> =>
  UNSTORABLE.test(text) ? err('a string holds a character that no value can hold') : ok(text);

/**
 * Fits a literal to the type it is compared with, or undefined when it does not fit. Lenient takes booleans in any
 * case and in quotes, because Entra sends "True" (both dialects of its aadOptscim062020 flag).
 */
export function fitLiteral(
  literal: FilterLiteral,
  type: AttributeType,
  isLenient: boolean,
): FilterLiteral | undefined {
  switch (type) {
    case 'boolean':
      return typeof literal === 'string' && isLenient
        ? readBooleanWord(literal)
        : keepIf(typeof literal === 'boolean', literal);
    case 'integer':
      return keepIf(Number.isSafeInteger(literal), literal);
    case 'decimal':
      return keepIf(Number.isFinite(literal), literal);
    case 'dateTime':
      return keepIf(typeof literal === 'string' && parseInstant(literal) !== undefined, literal);
    case 'string':
    case 'reference':
    case 'binary':
      return keepIf(typeof literal === 'string', literal);
    case 'complex':
      return undefined;
  }
}

const keepIf = (isKept: boolean, literal: FilterLiteral): FilterLiteral | undefined =>
  isKept ? literal : undefined;

function readBooleanWord(text: string): boolean | undefined {
  const word = text.toLowerCase();
  return word === 'true' || word === 'false' ? word === 'true' : undefined;
}
