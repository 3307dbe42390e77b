import type { IncomingMessage } from 'node:http';
import { parseReturnTo } from '../kernel/return-to.js';

/** Where a person signs in, to come back to what was asked for: the proxy names it in X-Forwarded-Uri. */
export function signInAddress({ headers }: IncomingMessage, publicUrl: string): string {
  const asked = headers['x-forwarded-uri'];
  const returnTo = parseReturnTo(typeof asked === 'string' ? asked : undefined);
  return `${publicUrl}/login${returnTo === undefined ? '' : `?returnTo=${encodeURIComponent(returnTo)}`}`;
}

/** Whether a person who looks at a page can follow a redirect: not a program with a key, a script or a form. */
export function isNavigation({ headers }: IncomingMessage): boolean {
  const method = headers['x-forwarded-method'] ?? 'GET';
  return (
    headers.authorization === undefined &&
    (method === 'GET' || method === 'HEAD') &&
    (headers.accept ?? '').includes('text/html')
  );
}
