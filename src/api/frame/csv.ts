/** Texts that begin so are formulas to spreadsheets, also in full-width characters. */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;
/** What has to stand in quotes (RFC 4180 section 2). */
const SPECIAL = /[",\r\n]/;

/**
 * A line of CSV (RFC 4180), ended by CR LF. A text that a spreadsheet would carry out as a formula gets an apostrophe in
 * front: names and addresses are what people outside have entered.
 * @param cells - null is an empty cell
 */
export const csvLine = (cells: readonly (string | number | boolean | null)[]): string =>
  `${cells.map(toCell).join(',')}\r\n`;

function toCell(value: string | number | boolean | null): string {
  if (typeof value !== 'string') return String(value ?? '');
  const text = FORMULA.test(value) ? `'${value}` : value;
  return SPECIAL.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
