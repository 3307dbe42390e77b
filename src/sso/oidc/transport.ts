import { allowInsecureRequests, type Configuration } from 'openid-client';
import type { OutboundFetch, OutboundPolicy } from '../../http/index.js';

/** How providers are reached, and what `fetch` lets through. */
export interface Transport {
  readonly fetch: OutboundFetch;
  readonly policy: OutboundPolicy;
}

/** The library's switch for plain HTTP, which knows no hosts: it is on only where `fetch` keeps HTTP to this machine. */
export const allowLoopback = ({ policy }: Transport): ((configuration: Configuration) => void)[] =>
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- marked so to stand out; the outbound fetch has the rule
  policy.allowsLoopback ? [allowInsecureRequests] : [];
