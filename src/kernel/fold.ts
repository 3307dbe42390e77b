const ASCII = /^[\x00-\x7f]*$/;
const DOTLESS_I = '\u0131';

/**
 * The comparison key of a case-insensitive value: NFKC and full Unicode case folding, without locale
 * (RFC 7643 section 2.2 caseExact=false; the user name profile of RFC 8265 section 3.3). `ß`, `ẞ` and `SS` fold
 * alike; the Turkish dotless `ı` stays apart from `i`, as Unicode default case folding has it. Idempotent.
 */
export function foldCase(value: string): string {
  if (ASCII.test(value)) return value.toLowerCase();
  return value.normalize('NFKC').split(DOTLESS_I).map(foldSegment).join(DOTLESS_I).normalize('NFKC');
}

const foldSegment = (segment: string): string =>
  segment.toLowerCase().toUpperCase().toLowerCase().replaceAll('\u03c2', '\u03c3');

/** Orders strings by Unicode code point, as Postgres does under collation "C" (UTF-16 code units would not). */
export function compareCodePoints(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index += 1) {
    const left = a.charCodeAt(index);
    const right = b.charCodeAt(index);
    if (left === right) continue;
    const isLeftSurrogate = left >= 0xd800 && left <= 0xdfff;
    const isRightSurrogate = right >= 0xd800 && right <= 0xdfff;
    if (isLeftSurrogate !== isRightSurrogate) return isLeftSurrogate ? 1 : -1;
    return left - right;
  }
  return a.length - b.length;
}
