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
