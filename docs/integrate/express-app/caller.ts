import type { IncomingMessage } from 'node:http';
import { isIPv6, type BlockList } from 'node:net';

/** Who makes a request, as Rollcall told the proxy. */
export interface Caller {
  /** How the access evaluation API names it. */
  readonly subject: { readonly type: 'user' | 'service_account'; readonly id: string };
  readonly userName: string;
  readonly displayName: string;
  readonly email: string | undefined;
  readonly teams: readonly string[];
}

/**
 * Reads the X-Auth headers, which only the proxy may send: it replaces those of the client. Undefined for a request that
 * did not come through the proxy, or about which the proxy says nothing.
 */
export function readCaller(request: IncomingMessage, proxies: BlockList): Caller | undefined {
  const { remoteAddress } = request.socket;
  if (remoteAddress === undefined) return undefined;
  if (!proxies.check(remoteAddress, isIPv6(remoteAddress) ? 'ipv6' : 'ipv4')) return undefined;
  const id = readHeader(request, 'x-auth-user-id');
  if (id === undefined) return undefined;
  const isPerson = (readHeader(request, 'x-auth-account-type') ?? 'USER') === 'USER';
  const userName = readHeader(request, 'x-auth-user-name') ?? id;
  return {
    subject: { type: isPerson ? 'user' : 'service_account', id },
    userName,
    displayName: readHeader(request, 'x-auth-display-name') ?? userName,
    email: readHeader(request, 'x-auth-email'),
    teams: readTeams(request),
  };
}

/** A header as text: UTF-8, percent-encoded where it is not printable ASCII. */
function readHeader({ headers }: IncomingMessage, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' && value !== '' ? decodeURIComponent(value) : undefined;
}

/** Commas within a name are encoded, so the list is split first. */
function readTeams({ headers }: IncomingMessage): readonly string[] {
  const list = headers['x-auth-teams'];
  return typeof list === 'string' && list !== '' ? list.split(',').map(decodeURIComponent) : [];
}
