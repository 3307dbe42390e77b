const QUOTE = 0x22;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const LETTER_U = 0x75;
const OPENING_BRACKET = 0x5b;
const CLOSING_BRACKET = 0x5d;
const OPENING_BRACE = 0x7b;
const CLOSING_BRACE = 0x7d;

/** What the punctuation of a JSON text says about the value in it. */
export interface JsonStructure {
  /** Names with a value, in all objects together; duplicates count each time. */
  readonly memberCount: number;
  /** Arrays and objects inside each other; 1 for a flat object. */
  readonly depth: number;
  /** Whether a string holds `\u`, the only way to spell U+0000 or half of a surrogate pair in valid UTF-8. */
  readonly hasUnicodeEscape: boolean;
}

/**
 * Counts the punctuation outside strings in one pass over the bytes of a JSON text. JSON.parse keeps the last of two
 * equal names and forgets the rest, so only the text can tell that there were two. Means nothing for invalid JSON.
 */
export function scanStructure(bytes: Uint8Array): JsonStructure {
  let memberCount = 0;
  let level = 0;
  let depth = 0;
  let hasUnicodeEscape = false;
  let isInString = false;
  for (let index = 0; index < bytes.length; index += 1) {
    const byte = bytes[index];
    if (isInString) {
      if (byte === BACKSLASH) {
        index += 1;
        if (bytes[index] === LETTER_U) hasUnicodeEscape = true;
      } else if (byte === QUOTE) isInString = false;
    } else if (byte === QUOTE) isInString = true;
    else if (byte === COLON) memberCount += 1;
    else if (byte === OPENING_BRACE || byte === OPENING_BRACKET) {
      level += 1;
      if (level > depth) depth = level;
    } else if (byte === CLOSING_BRACE || byte === CLOSING_BRACKET) level -= 1;
  }
  return { memberCount, depth, hasUnicodeEscape };
}
