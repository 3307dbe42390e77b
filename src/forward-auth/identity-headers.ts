import type { ForwardedIdentity } from '../directory/forward-auth/forward-auth-service.js';

/** Characters of X-Auth-Teams: a proxy's buffer for headers is often 4,096 bytes. */
const TEAMS_LENGTH = 1_500;
/** What is not printable ASCII, the percent sign itself, and spaces at the ends, which a header would lose. */
const UNSAFE = /[^\x20-\x7e]+|%|^ +| +$/g;

/**
 * A text as the value of a header: UTF-8, percent-encoded (RFC 3986 section 2.1) where it is not printable ASCII. Any
 * percent-decoding gives the text back, and no text can end the header.
 */
export const toHeaderText = (text: string): string => text.replaceAll(UNSAFE, encodeUnsafe);

const encodeUnsafe = (text: string): string => encodeURIComponent(text);

/** Names separated by commas; those inside a name are encoded as well. As many as fit, in their order. */
function toTeamList(names: readonly string[]): string {
  const list: string[] = [];
  let length = 0;
  for (const name of names) {
    const text = toHeaderText(name).replaceAll(',', '%2C');
    length += text.length + 1;
    if (length > TEAMS_LENGTH) break;
    list.push(text);
  }
  return list.join(',');
}

/** Who it is, for the application behind the proxy. What is not known is the empty text: a proxy then sends no header. */
export function identityHeaders({ principal, account }: ForwardedIdentity): Readonly<Record<string, string>> {
  return {
    'X-Auth-User-Id': principal.userId,
    'X-Auth-User-Name': toHeaderText(account.userName),
    'X-Auth-Email': toHeaderText(account.email ?? ''),
    'X-Auth-Display-Name': toHeaderText(account.displayName),
    'X-Auth-Account-Type': principal.accountType,
    'X-Auth-Organization-Id': principal.organizationId,
    'X-Auth-Organization-Role': principal.organizationRole,
    'X-Auth-Teams': toTeamList(account.teams),
    'X-Auth-Team-Count': String(account.teams.length),
  };
}
