import type { Clock } from '../../kernel/clock.js';
import { DomainError } from '../../kernel/errors.js';
import { newId } from '../../kernel/ids.js';
import type { ListQuery, Page } from '../query.js';
import type { RequestContext } from '../request-context.js';
import type { UnitOfWork } from '../unit-of-work.js';
import { externalIdScope } from '../connections/external-id-scope.js';
import { normaliseRole } from './normalise-role.js';
import { changeRole, type RoleChange } from './role-change.js';
import { comparePermissions, type RolePreview } from './role-preview.js';
import type { Role, RoleBase, RoleInput } from './role.js';
import type { RoleQuery, RoleReadScope } from './role-store.js';

/** Holders that a preview names. */
const PREVIEWED_HOLDERS = 100;

/** What became of the holders of a role that is gone. */
export interface RoleDeletion {
  /** Accounts. */
  readonly holdersMoved: number;
  readonly movedTo: RoleBase;
}

/** The rules of custom roles: names, which permissions may be added, who holds a role that goes. */
export class RoleService {
  readonly #unitOfWork: UnitOfWork;
  readonly #clock: Clock;

  constructor({ unitOfWork, clock }: { readonly unitOfWork: UnitOfWork; readonly clock: Clock }) {
    this.#unitOfWork = unitOfWork;
    this.#clock = clock;
  }

  /** @throws DomainError role.not_found */
  async get(scope: RoleReadScope, id: string): Promise<Role> {
    const role = await this.#unitOfWork.stores.roles.find(scope, id);
    if (!role) throw new DomainError('role.not_found');
    return role;
  }

  list(scope: RoleReadScope, query: ListQuery): Promise<Page<Role>> {
    return this.#unitOfWork.stores.roles.list(scope, query);
  }

  /** The roles of an organization as people look for them. */
  browse(organizationId: string, query: RoleQuery): Promise<Page<Role>> {
    return this.#unitOfWork.stores.roles.browse(organizationId, query);
  }

  /**
   * Who would be affected by a change of a role, and how. Nothing is written.
   * @param change - undefined: the role is deleted, and its holders get the role it inherits from
   * @throws DomainError role.not_found, role.name_taken, role.name_reserved, role.unknown_permission
   */
  async preview(scope: RoleReadScope, id: string, change: RoleChange | undefined): Promise<RolePreview> {
    const role = await this.get(scope, id);
    const after = change && normaliseRole(changeRole(role, change));
    const { roles } = this.#unitOfWork.stores;
    if (after && after.name !== role.name && (await roles.findByName(scope.organizationId, after.name)))
      throw new DomainError('role.name_taken', { field: 'name' });
    const holders = await roles.readHolders(scope.organizationId, id, PREVIEWED_HOLDERS);
    const inherited = { inheritedFrom: role.inheritedFrom, permissions: [] };
    return { ...holders, ...comparePermissions(role, after ?? inherited) };
  }

  /** @throws DomainError role.name_taken, role.name_reserved, role.unknown_permission */
  async create(context: RequestContext, scope: RoleReadScope, input: RoleInput): Promise<Role> {
    const id = newId(this.#clock.now());
    const normalised = normaliseRole(input);
    await this.#unitOfWork.transaction((stores) =>
      stores.roles.insert(context, externalIdScope(context), id, normalised),
    );
    return this.get(scope, id);
  }

  /**
   * Changes a role under its lock.
   * @param change - from the role as it is to what it shall be; may throw to refuse
   * @throws DomainError role.not_found, role.name_taken, role.name_reserved, role.unknown_permission,
   *   resource.version_mismatch, and what `change` throws
   */
  async update(
    context: RequestContext,
    scope: RoleReadScope,
    id: string,
    expectedVersion: number | undefined,
    change: (current: Role) => RoleInput,
  ): Promise<Role> {
    await this.#unitOfWork.transaction(async (stores) => {
      const before = await stores.roles.lock(scope, id);
      if (!before) throw new DomainError('role.not_found');
      assertVersion(before, expectedVersion);
      const after = normaliseRole(change(before));
      if (!isSameRole(before, after))
        await stores.roles.update(context, externalIdScope(context), before, after);
    });
    return this.get(scope, id);
  }

  /**
   * Deletes a role; its holders fall back to the role it inherits from, in the same transaction.
   * @throws DomainError role.not_found, resource.version_mismatch
   */
  async delete(
    context: RequestContext,
    scope: RoleReadScope,
    id: string,
    expectedVersion: number | undefined,
  ): Promise<RoleDeletion> {
    return this.#unitOfWork.transaction(async (stores) => {
      const role = await stores.roles.lock(scope, id);
      if (!role) throw new DomainError('role.not_found');
      assertVersion(role, expectedVersion);
      return { holdersMoved: await stores.roles.delete(context, role), movedTo: role.inheritedFrom };
    });
  }
}

function assertVersion(role: Role, expectedVersion: number | undefined): void {
  if (expectedVersion !== undefined && role.version !== expectedVersion)
    throw new DomainError('resource.version_mismatch');
}

const isSameRole = (before: Role, after: RoleInput): boolean =>
  before.name === after.name &&
  before.description === after.description &&
  before.externalId === after.externalId &&
  before.inheritedFrom === after.inheritedFrom &&
  before.permissions.length === after.permissions.length &&
  [...before.permissions].sort().every((name, index) => name === after.permissions[index]);
