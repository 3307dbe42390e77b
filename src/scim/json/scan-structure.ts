const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const OPENING: ReadonlySet<number> = new Set([0x5b, 0x7b]);
const CLOSING: ReadonlySet<number> = new Set([0x5d, 0x7d]);

/** What the punctuation of a JSON text says about the value in it. */
export interface JsonStructure {
  /** Names with a value, in all objects together; duplicates count each time. */
  readonly memberCount: number;
  /** Arrays and objects inside each other; 1 for a flat object. */
  readonly depth: number;
}

/**
 * Counts the punctuation outside strings in one pass over the bytes of a JSON text. JSON.parse keeps the last of two
 * equal names and forgets the rest, so only the text can tell that there were two. Means nothing for invalid JSON.
 */
export function scanStructure(bytes: Uint8Array): JsonStructure {
  let memberCount = 0;
  let level = 0;
  let depth = 0;
  let isInString = false;
  for (let index = 0; index < bytes.length; index += 1) {
    const byte = bytes[index] ?? 0;
    if (isInString) {
      if (byte === BACKSLASH) index += 1;
      else if (byte === QUOTE) isInString = false;
    } else if (byte === QUOTE) isInString = true;
    else if (byte === COLON) memberCount += 1;
    else if (OPENING.has(byte)) {
      level += 1;
      depth = Math.max(depth, level);
    } else if (CLOSING.has(byte)) level -= 1;
  }
  return { memberCount, depth };
}
