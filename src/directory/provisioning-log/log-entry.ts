import type { Instant } from '../../kernel/clock.js';

/**
 * Clients that can be told by what they send. `unknown` is any other: most identity providers say nothing about
 * themselves.
 */
export const IDP_CLIENTS = ['okta', 'entra', 'onelogin', 'google', 'ping', 'script', 'unknown'] as const;
export type IdpClient = (typeof IDP_CLIENTS)[number];

/** Why a request failed. */
export interface RequestFailure {
  /** An error code, a SCIM error keyword, or one of the log's own: see explanations.ts. */
  readonly code: string;
  /** What the client was told. */
  readonly detail: string;
  /** The shape of the request with its values taken out; undefined when there was none to read. */
  renderRequest(): string | undefined;
}

/** A SCIM request of a connection, as it was answered. */
export interface AnsweredRequest {
  readonly organizationId: string;
  readonly connectionId: string;
  readonly requestId: string;
  readonly client: IdpClient;
  /** Such as `users.patch`; chosen by the code, never by a client. */
  readonly operation: string;
  readonly method: string;
  readonly isRead: boolean;
  /** The id in its address, as it came. */
  readonly targetId: string | undefined;
  /** HTTP status code. */
  readonly status: number;
  readonly failure: RequestFailure | undefined;
  /** Milliseconds. */
  readonly duration: number;
  readonly sourceAddress: string | undefined;
}

/** A request in the log. */
export interface LogEntry extends Omit<AnsweredRequest, 'failure' | 'isRead'> {
  readonly id: string;
  readonly occurredAt: Instant;
  readonly failure:
    (Omit<RequestFailure, 'renderRequest'> & { readonly request: string | undefined }) | undefined;
  /** Requests of the same moment that were like this one and are not listed; with itself, 1 or more. */
  readonly count: number;
}
