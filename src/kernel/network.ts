import { isIPv6 } from 'node:net';

const PREFIX_GROUPS = 4;

/** An IPv4 address itself; of an IPv6 address the first 64 bits, because its owner has all the others (RFC 6177). */
export function networkOf(address: string): string {
  if (!isIPv6(address)) return address;
  const [left = '', right] = address.split('::');
  const leading = left === '' ? [] : left.split(':');
  const trailing = right === undefined || right === '' ? [] : right.split(':');
  // An embedded IPv4 address stands for two groups.
  const length = leading.length + trailing.length + (address.includes('.') ? 1 : 0);
  const zeros = right === undefined ? [] : Array.from({ length: 8 - length }, () => '0');
  const groups = [...leading, ...zeros, ...trailing].slice(0, PREFIX_GROUPS);
  return groups.map((group) => parseInt(group, 16).toString(16)).join(':');
}
