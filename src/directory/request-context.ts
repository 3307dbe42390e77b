import type { Connection } from './connections/connection.js';

/**
 * Who does it. `user` acts in a session, `api_key` with a key of the user it names, `sso_connection` is a sign-on,
 * `invitation` whoever has the link of one, `system` the operator: command line, bootstrap, setup, restore. Its `sign_in`
 * stands for whoever tried to sign in in vain.
 */
export type Actor =
  | { readonly kind: 'connection'; readonly id: string }
  | { readonly kind: 'user'; readonly id: string }
  | { readonly kind: 'api_key'; readonly id: string; readonly userId: string }
  | { readonly kind: 'sso_connection'; readonly id: string }
  | { readonly kind: 'invitation'; readonly id: string }
  | { readonly kind: 'system'; readonly id: 'cli' | 'bootstrap' | 'setup' | 'restore' | 'sign_in' };

/** What every service call starts with: where it happens, who asks, and how to find the request again. */
export interface RequestContext {
  readonly organizationId: string;
  readonly actor: Actor;
  readonly requestId: string;
  readonly sourceAddress: string | undefined;
}

/** A request that came in over a SCIM connection. */
export interface ConnectionContext extends RequestContext {
  readonly connection: Connection;
}
