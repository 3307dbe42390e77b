import { domainToASCII } from 'node:url';

const HOST_NAME = /^(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/;

/**
 * A domain as DNS has it: ASCII in lower case (UTS 46 for other scripts), without a dot at the end. Undefined for what
 * is no host name of at least two labels.
 */
export function normaliseDomain(text: string): string | undefined {
  if (text.length > 253) return undefined;
  const ascii = domainToASCII(text.trim().replace(/\.$/, '')).toLowerCase();
  return HOST_NAME.test(ascii) ? ascii : undefined;
}

/** The domain of an e-mail address in the same form; undefined for what is no plain address. */
export function domainOfEmail(email: string): string | undefined {
  const at = email.lastIndexOf('@');
  // A second @ needs quotes in the local part (RFC 5321), where receivers read the domain differently.
  if (at < 1 || email.indexOf('@') !== at) return undefined;
  return normaliseDomain(email.slice(at + 1));
}
