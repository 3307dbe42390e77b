import type { Html } from './html.js';

/** What a page answers. */
export interface PageAnswer {
  readonly status: number;
  readonly body: Html | string | Buffer;
  /** HTML unless given. */
  readonly contentType?: string;
  /** For files that are the same for everybody; pages are not stored. */
  readonly isCacheable?: boolean;
}

export interface PageRequest {
  readonly query: URLSearchParams;
  /** The id to find the request by in the log. */
  readonly id: string;
}
