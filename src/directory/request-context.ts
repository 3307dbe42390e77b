import type { Connection } from './connections/connection.js';

/** Who does it. `system` is the operator: command line, bootstrap, setup. */
export type Actor =
  | { readonly kind: 'connection'; readonly id: string }
  | { readonly kind: 'user'; readonly id: string }
  | { readonly kind: 'system'; readonly id: 'cli' | 'bootstrap' | 'setup' };

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
