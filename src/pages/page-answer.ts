import { markup, type Html } from './html.js';

/** What a page answers. */
export interface PageAnswer {
  readonly status: number;
  readonly body: Html | string | Buffer;
  /** HTML unless given. */
  readonly contentType?: string;
  /** For files that are the same for everybody; pages are not stored. */
  readonly isCacheable?: boolean;
  /** Such as `Location`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Values of Set-Cookie, one for each cookie. */
  readonly cookies?: readonly string[];
}

export interface PageRequest {
  readonly query: URLSearchParams;
  /** The id to find the request by in the log. */
  readonly id: string;
}

/** See Other: the browser goes there by GET, also after a form (RFC 9110 section 15.4.4). */
export const redirectTo = (location: string, cookies: readonly string[] = []): PageAnswer => ({
  status: 303,
  body: markup`<p><a href="${location}">Continue</a></p>`,
  headers: { Location: location },
  cookies,
});

/**
 * Sends the browser on from the answer to a form towards another site. A redirect would fall under `form-action` of the
 * content policy, which browsers also hold redirects to; a page that refreshes does not.
 */
export const forwardTo = (location: string, page: Html): PageAnswer => ({
  status: 200,
  body: page,
  headers: { Refresh: `0; url=${location}` },
});
