import type { ServerResponse } from 'node:http';

/**
 * What a page of ours may do: load its own files and post its own forms, in no frame. Links carry one-time tokens, so
 * the address never leaves with a click.
 */
const PAGE_HEADERS: Readonly<Record<string, string>> = {
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Frame-Options': 'DENY',
  'Permissions-Policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
  'Cache-Control': 'no-store',
};

const HSTS = 'max-age=31536000; includeSubDomains';

export interface PageHeaderOptions {
  /** Whether clients come over TLS: adds HSTS (RFC 6797), which on plain HTTP would be ignored. */
  readonly isHttps: boolean;
  /** The address goes along with what the page sends to this server, and to no other: its origin can be checked. */
  readonly refersToSelf?: boolean;
}

/** For every answer: a browser takes the media type as it stands. */
export function setBaseHeaders(response: ServerResponse): void {
  response.setHeader('X-Content-Type-Options', 'nosniff');
}

/** For answers that a browser shows: content policy, no framing, no referrer, not stored. */
export function setPageHeaders(response: ServerResponse, options: PageHeaderOptions): void {
  setBaseHeaders(response);
  for (const [name, value] of Object.entries(PAGE_HEADERS)) response.setHeader(name, value);
  if (options.isHttps) response.setHeader('Strict-Transport-Security', HSTS);
  if (options.refersToSelf === true) response.setHeader('Referrer-Policy', 'same-origin');
}
