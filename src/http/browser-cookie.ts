import type { IncomingHttpHeaders } from 'node:http';
import { parseCookie, stringifySetCookie } from 'cookie';
import type { Clock, Instant } from '../kernel/clock.js';

/** What is needed of a request: Node's and Express's are ones. */
export interface WithHeaders {
  readonly headers: IncomingHttpHeaders;
}

/** One cookie of this server: how it is named, sent and read. Scripts never see it. */
export interface BrowserCookie {
  readonly name: string;
  /** The value in a request, or undefined. */
  read(request: WithHeaders): string | undefined;
  /** The Set-Cookie header for a value. @param seconds how long it is kept; until the browser closes when absent */
  write(value: string, seconds?: number): string;
  /** The Set-Cookie header that takes it away. */
  clear(): string;
}

export interface BrowserCookieOptions {
  /** Without the prefix, such as `rollcall`. */
  readonly name: string;
  /** Whether clients come over TLS. On plain HTTP, as on loopback, browsers take neither `Secure` nor the prefix. */
  readonly isHttps: boolean;
  /**
   * `lax`: not sent with posts and subresources of other sites. `none`: also with the post of an identity provider; on
   * plain HTTP, where browsers refuse it, it is `lax`.
   */
  readonly sameSite?: 'lax' | 'none';
}

/**
 * A cookie that only this host can set and read: `__Host-` makes browsers insist on Secure, on the path `/` and on no
 * Domain, so that a sibling host can plant none (RFC 6265bis section 4.1.3.2).
 */
export function browserCookie({ name, isHttps, sameSite = 'lax' }: BrowserCookieOptions): BrowserCookie {
  const fullName = isHttps ? `__Host-${name}` : name;
  const attributes = {
    name: fullName,
    path: '/',
    httpOnly: true,
    secure: isHttps,
    sameSite: isHttps ? sameSite : 'lax',
  } as const;
  return {
    name: fullName,
    read: ({ headers }) => parseCookie(headers.cookie ?? '')[fullName],
    write: (value, seconds) =>
      stringifySetCookie({ ...attributes, value, ...(seconds === undefined ? {} : { maxAge: seconds }) }),
    clear: () => stringifySetCookie({ ...attributes, value: '', maxAge: 0 }),
  };
}

/** The Set-Cookie header for a session just opened: the browser forgets it when it ends. */
export const writeSessionCookie = (
  cookie: BrowserCookie,
  session: { readonly secret: string; readonly expiresAt: Instant },
  clock: Clock,
): string => cookie.write(session.secret, Math.ceil((Date.parse(session.expiresAt) - clock.now()) / 1_000));

/** The cookie with the secret of a session. */
export const sessionCookie = (isHttps: boolean): BrowserCookie =>
  browserCookie({ name: 'rollcall', isHttps });
