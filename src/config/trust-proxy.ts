import { isIP, isIPv4 } from 'node:net';
import { err, ok, type Result } from '../kernel/result.js';

/** `false`: no proxy is trusted. A number: so many proxies in front. A list: addresses, CIDR ranges, named ranges. */
export type TrustProxy = false | number | readonly string[];

const NAMED_RANGES: readonly string[] = ['loopback', 'linklocal', 'uniquelocal'];
const MAX_HOPS = 32;

/** Reads TRUST_PROXY as Express's `trust proxy` setting has it, but for `true`, with which any client could name itself. */
export function parseTrustProxy(text: string): Result<TrustProxy, string> {
  if (text === 'false' || text === '0') return ok(false);
  if (text === 'true') return err('must say how many proxies, or which; true would trust every client');
  if (/^\d{1,9}$/.test(text)) {
    const hops = Number(text);
    return hops <= MAX_HOPS ? ok(hops) : err(`must not be more than ${MAX_HOPS} proxies`);
  }
  const ranges = text.split(',').map((range) => range.trim());
  return ranges.every(isRange)
    ? ok(ranges)
    : err(
        'must be false, a number of proxies, or a list of addresses, CIDR ranges, loopback, linklocal, uniquelocal',
      );
}

function isRange(text: string): boolean {
  if (NAMED_RANGES.includes(text)) return true;
  const [address = '', bits, ...rest] = text.split('/');
  if (isIP(address) === 0 || rest.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (isIPv4(address) ? 32 : 128));
}
