import type { RequestContext } from '../request-context.js';
import type { AccountType, OrganizationRole, Seat } from '../users/user.js';

/** What an API key may be used for. A key may do nothing that its owner may not. */
export const API_KEY_SCOPES = ['scim', 'admin', 'access'] as const;
export type ApiKeyScope = (typeof API_KEY_SCOPES)[number];

/** How a person or service account proved who it is. */
export type Credential =
  | { readonly kind: 'session'; readonly id: string }
  | { readonly kind: 'api_key'; readonly id: string; readonly scopes: readonly ApiKeyScope[] };

/** A live, active account that asks for something, as it was when its credential was verified. */
export interface Principal {
  readonly organizationId: string;
  readonly userId: string;
  readonly organizationRole: OrganizationRole;
  readonly accountType: AccountType;
  readonly seat: Seat;
  readonly credential: Credential;
}

/** A request made by a person or a service account. */
export interface PrincipalContext extends RequestContext {
  readonly principal: Principal;
}

/** What every service call for this principal starts with. */
export function principalContext(
  principal: Principal,
  request: Pick<RequestContext, 'requestId' | 'sourceAddress'>,
): PrincipalContext {
  const { credential, userId, organizationId } = principal;
  return {
    organizationId,
    actor:
      credential.kind === 'session'
        ? { kind: 'user', id: userId }
        : { kind: 'api_key', id: credential.id, userId },
    requestId: request.requestId,
    sourceAddress: request.sourceAddress,
    principal,
  };
}

/**
 * Whether an account is View-Only: an organization role or a seat of viewer. It reads, whatever its team roles say, and
 * has no API keys.
 */
export const isViewOnly = ({
  accountType,
  organizationRole,
  seat,
}: Pick<Principal, 'accountType' | 'organizationRole' | 'seat'>): boolean =>
  accountType === 'USER' && (organizationRole === 'viewer' || seat === 'viewer');
