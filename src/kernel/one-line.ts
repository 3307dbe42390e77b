/** Runs of white space, line breaks, controls and format characters. */
const BREAKS = /[\p{Cc}\p{Cf}\p{Cs}\p{Z}]+/gu;

/**
 * A name somebody chose as one line of at most `maxLength` UTF-16 code units, for headers and subjects: line breaks,
 * controls and invisible characters become single spaces.
 */
export function toOneLine(text: string, maxLength: number): string {
  const line = text
    .slice(0, maxLength * 2)
    .replaceAll(BREAKS, ' ')
    .trim();
  return line.length <= maxLength ? line : `${line.slice(0, maxLength - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}
