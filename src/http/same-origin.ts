import type { WithHeaders } from './browser-cookie.js';

/**
 * Whether a state-changing request may come from a page of ours. A browser says with `Sec-Fetch-Site` where the request
 * began, older ones and those on plain HTTP with `Origin`; a client that says neither is no browser, and carries no
 * cookie that somebody else could ride on.
 * @param origin scheme, host and port of PUBLIC_URL
 */
export function comesFromOurPages({ headers }: WithHeaders, origin: string): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin' || site === 'none';
  return headers.origin === undefined || headers.origin === origin;
}

/**
 * A page whose address is a secret sends no referrer, and browsers then call the origin of its form `null`. The token
 * of the form, bound to this browser, tells it apart from one of another site.
 */
export function withoutOpaqueOrigin({ headers }: WithHeaders): WithHeaders {
  if (headers.origin !== 'null') return { headers };
  const { origin: _opaque, ...rest } = headers;
  return { headers: rest };
}
