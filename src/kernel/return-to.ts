/** Characters of an address to come back to. */
const MAX_LENGTH = 2_048;
/** Printable ASCII without the backslash, which browsers take for a slash; they drop tabs and line breaks. */
const HARMLESS = /^\/(?!\/)[\x21-\x5b\x5d-\x7e]*$/;

/**
 * Where to send a browser after sign-in, from text that anybody may have put into a link: a path of the same origin,
 * with query and fragment. Undefined for everything else: other origins, schemes, `//host`, and what a browser would
 * read as one of them.
 */
export function parseReturnTo(text: string | null | undefined): string | undefined {
  if (text === null || text === undefined || text.length > MAX_LENGTH) return undefined;
  return HARMLESS.test(text) ? text : undefined;
}
