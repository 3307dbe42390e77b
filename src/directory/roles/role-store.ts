import type { KeysetPosition, ListQuery, Page } from '../query.js';
import type { RequestContext } from '../request-context.js';
import type { ExternalIdScope } from '../connections/external-id-scope.js';
import type { RoleHolders } from './role-holders.js';
import type { Role, RoleInput } from './role.js';

export const ROLE_SORT_KEYS = ['name', 'createdAt'] as const;

/** A part of the roles of an organization. */
export interface RoleQuery {
  /** Part of the name, in any case. */
  readonly search: string | undefined;
  readonly sort: { readonly key: (typeof ROLE_SORT_KEYS)[number]; readonly descending: boolean };
  readonly after: KeysetPosition | undefined;
  readonly limit: number;
}

export interface RoleReadScope {
  readonly organizationId: string;
  readonly connectionId: string | undefined;
  /** Base of `meta.location`, for filters on it: `https://host/scim/v2`. */
  readonly baseUrl: string;
}

/** Reads and writes of custom roles. Writes belong into a transaction that holds the role's lock. */
export interface RoleStore {
  find(scope: RoleReadScope, id: string): Promise<Role | undefined>;
  /** The role, locked until the transaction ends. */
  lock(scope: RoleReadScope, id: string): Promise<Role | undefined>;
  list(scope: RoleReadScope, query: ListQuery): Promise<Page<Role>>;
  /** Without the externalIds of any connection. */
  browse(organizationId: string, query: RoleQuery): Promise<Page<Role>>;
  /** @param limit - how many holders at most are named */
  readHolders(organizationId: string, id: string, limit: number): Promise<RoleHolders>;
  /** Exact match. */
  findByName(organizationId: string, name: string): Promise<{ readonly id: string } | undefined>;
  /** @throws DomainError role.name_taken */
  insert(
    context: RequestContext,
    scope: ExternalIdScope | undefined,
    id: string,
    input: RoleInput,
  ): Promise<void>;
  /** @throws DomainError role.name_taken */
  update(
    context: RequestContext,
    scope: ExternalIdScope | undefined,
    before: Role,
    input: RoleInput,
  ): Promise<void>;
  /** Moves holders to the inherited role and deletes. @returns how many holders moved */
  delete(context: RequestContext, role: Role): Promise<number>;
}
