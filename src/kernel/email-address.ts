import { err, ok, type Result } from './result.js';

/** Characters of an address (RFC 5321 section 4.5.3.1.3, less the angle brackets). */
const MAX_LENGTH = 254;
const MAX_LOCAL_LENGTH = 64;
/** RFC 5322 atext, and letters beyond ASCII (RFC 6531); no quoted local parts, which no IdP hands out. */
const LOCAL = /^[\w!#$%&'*+/=?^`{|}~\u0080-\u{10ffff}-]+(?:\.[\w!#$%&'*+/=?^`{|}~\u0080-\u{10ffff}-]+)*$/u;
const LABEL = /^(?!-)[\da-z\u0080-\u{10ffff}-]{1,63}(?<!-)$/iu;
/** What would break a line or be invisible in it: controls, separators, format characters, lone surrogates. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Z}]/u;

/** Whether a text is one e-mail address that mail can be sent to: no name, no comment, no list, no line break. */
export function isEmailAddress(text: string): boolean {
  if (text.length > MAX_LENGTH || UNPRINTABLE.test(text)) return false;
  const at = text.lastIndexOf('@');
  const local = text.slice(0, Math.max(at, 0));
  if (local.length > MAX_LOCAL_LENGTH || !LOCAL.test(local)) return false;
  return text
    .slice(at + 1)
    .split('.')
    .every((label) => LABEL.test(label));
}

/** An address and the name shown beside it; the name may be empty. */
export interface Mailbox {
  readonly name: string;
  readonly address: string;
}

/** Reads `a@example.com` or `Name <a@example.com>`. */
export function parseMailbox(text: string): Result<Mailbox, string> {
  const trimmed = text.trim();
  const open = trimmed.lastIndexOf('<');
  const isNamed = open !== -1 && trimmed.endsWith('>');
  const address = isNamed ? trimmed.slice(open + 1, -1) : trimmed;
  const name = isNamed ? unquote(trimmed.slice(0, open).trim()) : '';
  if (!isEmailAddress(address) || /[\p{Cc}<>"]/u.test(name))
    return err('must be an e-mail address, or a name and an address as in Rollcall <rollcall@example.com>');
  return ok({ name, address });
}

const unquote = (name: string): string =>
  name.length > 1 && name.startsWith('"') && name.endsWith('"') ? name.slice(1, -1) : name;
