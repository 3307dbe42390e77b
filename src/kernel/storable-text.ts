/**
 * Whether the database can keep a text as it is. JSON escapes can spell two things that UTF-8 and Postgres refuse:
 * half of a surrogate pair (RFC 8259 section 8.2) and the character U+0000.
 */
export const isStorableText = (text: string): boolean => !text.includes('\u0000') && text.isWellFormed();
