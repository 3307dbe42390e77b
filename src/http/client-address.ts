import type { IncomingMessage } from 'node:http';
import { BlockList, isIPv4, isIPv6 } from 'node:net';

/** As Express's `trust proxy`: none, so many proxies in front, or addresses, CIDR ranges and named ranges. */
export type TrustedProxies = false | number | readonly string[];

/** The address a request came from, or undefined when its socket is gone. */
export type ClientAddress = (request: IncomingMessage) => string | undefined;

type IsTrusted = (address: string, hop: number) => boolean;

const NAMED_RANGES = new Map<string, readonly string[]>([
  ['loopback', ['127.0.0.0/8', '::1/128']],
  ['linklocal', ['169.254.0.0/16', 'fe80::/10']],
  ['uniquelocal', ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7']],
]);
const MAPPED_IPV4 = '::ffff:';
/** Longer chains are noise or an attack; the walk ends there. */
const MAX_HOPS = 32;

/**
 * Makes the function that finds the client's address: the socket's peer, and from there leftwards through
 * `X-Forwarded-For` for as long as the address that named the next one is a trusted proxy. What an untrusted peer
 * claims is never read.
 */
export function createClientAddress(trusted: TrustedProxies): ClientAddress {
  if (trusted === false) return peerAddress;
  const isTrusted =
    typeof trusted === 'number' ? (_: string, hop: number) => hop < trusted : trustRanges(trusted);
  return (request) => {
    const peer = peerAddress(request);
    const forwarded = request.headers['x-forwarded-for'];
    return peer === undefined || forwarded === undefined ? peer : walk(peer, String(forwarded), isTrusted);
  };
}

/** Reads the list from its right end, where the nearest proxy wrote, and stops at the first untrusted address. */
function walk(peer: string, forwarded: string, isTrusted: IsTrusted): string {
  let address = peer;
  let end = forwarded.length;
  for (let hop = 0; hop < MAX_HOPS && end > 0 && isTrusted(address, hop); hop += 1) {
    const comma = forwarded.lastIndexOf(',', end - 1);
    const next = normalise(forwarded.slice(comma + 1, end).trim());
    if (next === undefined) return address;
    address = next;
    end = comma;
  }
  return address;
}

function trustRanges(ranges: readonly string[]): IsTrusted {
  const list = new BlockList();
  for (const range of ranges.flatMap((name) => NAMED_RANGES.get(name) ?? [name])) {
    const [network = '', bits] = range.split('/');
    const family = isIPv4(network) ? 'ipv4' : 'ipv6';
    list.addSubnet(network, Number(bits ?? (family === 'ipv4' ? 32 : 128)), family);
  }
  return (address) => list.check(address, isIPv4(address) ? 'ipv4' : 'ipv6');
}

const peerAddress: ClientAddress = (request) => {
  const address = request.socket.remoteAddress;
  return address === undefined ? undefined : normalise(address);
};

/** IPv4 in its own notation also on a dual-stack socket, no zone; undefined for anything that is not an address. */
function normalise(text: string): string | undefined {
  const zone = text.indexOf('%');
  const bare = zone === -1 ? text : text.slice(0, zone);
  const address = bare.startsWith(MAPPED_IPV4) && bare.includes('.') ? bare.slice(MAPPED_IPV4.length) : bare;
  return isIPv4(address) || isIPv6(address) ? address : undefined;
}
