import { BlockList, isIP, isIPv6 } from 'node:net';

/**
 * What kind of place an IP address is:
 * - `loopback`: this machine itself.
 * - `private`: the network around it (RFC 1918, RFC 4193, RFC 6598), where a company's own identity provider may be.
 * - `forbidden`: never a server that was meant: link-local with the metadata services of clouds, multicast, reserved, and
 *   addresses that carry an IPv4 address to be translated.
 * - `public`: everything else.
 */
export type AddressKind = 'loopback' | 'private' | 'forbidden' | 'public';

type Range = readonly [network: string, prefix: number];

const LOOPBACK: readonly Range[] = [
  ['127.0.0.0', 8],
  ['::1', 128],
];
const PRIVATE: readonly Range[] = [
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['100.64.0.0', 10],
  ['fc00::', 7],
];
/** Of the special-purpose registries (RFC 6890), and the metadata services that live inside private ranges. */
const FORBIDDEN: readonly Range[] = [
  ['0.0.0.0', 8],
  ['169.254.0.0', 16],
  ['100.100.100.200', 32],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
  ['::', 128],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001::', 32],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['fd00:ec2::254', 128],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
];

const listOf = (ranges: readonly Range[]): BlockList => {
  const list = new BlockList();
  for (const [network, prefix] of ranges) list.addSubnet(network, prefix, isIPv6(network) ? 'ipv6' : 'ipv4');
  return list;
};

const LISTS = [
  ['forbidden', listOf(FORBIDDEN)],
  ['loopback', listOf(LOOPBACK)],
  ['private', listOf(PRIVATE)],
] as const;

/**
 * Classifies `address`, an IPv4 or IPv6 address as text; IPv4-mapped IPv6 addresses (RFC 4291 section 2.5.5.2) are what
 * they map. Anything else is `forbidden`.
 */
export function classifyAddress(address: string): AddressKind {
  const bare = address.split('%', 1)[0] ?? '';
  const version = isIP(bare);
  if (version === 0) return 'forbidden';
  return LISTS.find(([, list]) => list.check(bare, version === 6 ? 'ipv6' : 'ipv4'))?.[0] ?? 'public';
}
