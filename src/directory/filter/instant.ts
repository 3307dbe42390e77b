/**
 * Moments at the precision of the database (RFC 7643 section 2.3.5, XML Schema dateTime): date and time are both
 * required, and so is the offset, because a moment without one could be any of twenty-six hours.
 */

/** A moment as microseconds since the Unix epoch. */
export interface ParsedInstant {
  /** Rounded towards the past when the text is finer than a microsecond. */
  readonly micros: bigint;
  /** Whether the text named a moment between this microsecond and the next. */
  readonly hasRemainder: boolean;
}

export type OrderOperator = 'eq' | 'ne' | 'gt' | 'ge' | 'lt' | 'le';

/** A comparison of a stored moment in whole microseconds, or the answer that every stored moment gives. */
export type InstantComparison =
  | { readonly kind: 'compare'; readonly operator: OrderOperator; readonly micros: bigint }
  | { readonly kind: 'constant'; readonly value: boolean };

const DATE_TIME = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.(\d+))?(?:Z|([+-])(\d{2}):(\d{2}))$/;
const DAY_MILLISECONDS = 86_400_000;
/** The Gregorian calendar repeats after 400 years; shifting by them keeps Date.UTC from reading year 50 as 1950. */
const CYCLE_YEARS = 400;
const CYCLE_MILLISECONDS = 146_097 * DAY_MILLISECONDS;
const MICRO_DIGITS = 6;

/**
 * Reads a dateTime such as `2026-01-15T09:00:00.1234567+02:00`: any number of fractional digits, years 0001 to 9999,
 * offsets up to 14:00. Undefined for anything else, including days that do not exist and a missing offset.
 */
export function parseInstant(text: string): ParsedInstant | undefined {
  const match = DATE_TIME.exec(text);
  if (!match) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1, 7).map(Number);
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return undefined;
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  const offset = parseOffset(match[8], match[9], match[10]);
  if (offset === undefined) return undefined;
  const fraction = match[7] ?? '';
  const local = Date.UTC(year + CYCLE_YEARS, month - 1, day, hour, minute, second) - CYCLE_MILLISECONDS;
  const wholeMicros = BigInt(fraction.slice(0, MICRO_DIGITS).padEnd(MICRO_DIGITS, '0'));
  return {
    micros: BigInt(local - offset) * 1_000n + wholeMicros,
    hasRemainder: /[1-9]/.test(fraction.slice(MICRO_DIGITS)),
  };
}

/** Milliseconds east of UTC; undefined beyond the 14 hours that XML Schema allows. */
function parseOffset(sign: string | undefined, hours = '00', minutes = '00'): number | undefined {
  const total = Number(hours) * 60 + Number(minutes);
  if (Number(minutes) > 59 || total > 14 * 60) return undefined;
  return (sign === '-' ? -total : total) * 60_000;
}

const daysInMonth = (year: number, month: number): number =>
  (Date.UTC(year + CYCLE_YEARS, month, 1) - Date.UTC(year + CYCLE_YEARS, month - 1, 1)) / DAY_MILLISECONDS;

/**
 * Turns a comparison with a literal of any precision into one that is exact on whole microseconds, as `timestamptz`
 * has them: no stored moment equals a literal between two microseconds, and `ge` there means `gt` the earlier one.
 */
export function compareInstant(operator: OrderOperator, literal: ParsedInstant): InstantComparison {
  const { micros, hasRemainder } = literal;
  if (!hasRemainder) return { kind: 'compare', operator, micros };
  switch (operator) {
    case 'eq':
    case 'ne':
      return { kind: 'constant', value: operator === 'ne' };
    case 'gt':
    case 'ge':
      return { kind: 'compare', operator: 'gt', micros };
    case 'lt':
    case 'le':
      return { kind: 'compare', operator: 'le', micros };
  }
}
