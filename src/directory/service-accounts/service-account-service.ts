import { DomainError } from '../../kernel/errors.js';
import { isUuid } from '../../kernel/ids.js';
import type { Page } from '../query.js';
import type { RequestContext } from '../request-context.js';
import type { UnitOfWork } from '../unit-of-work.js';
import type { UserService } from '../users/user-service.js';
import type { ServiceAccount, ServiceAccountKind, ServiceAccountQuery } from './service-account.js';

const ACCOUNT_TYPES = { team: 'SERVICE', organization: 'ORG_SERVICE' } as const;

/** Service accounts, over the rules of users. Who may do what is decided before, by `directory/access`. */
export class ServiceAccountService {
  readonly #unitOfWork: UnitOfWork;
  readonly #users: UserService;

  constructor({ unitOfWork, users }: { readonly unitOfWork: UnitOfWork; readonly users: UserService }) {
    this.#unitOfWork = unitOfWork;
    this.#users = users;
  }

  /** @throws DomainError service_account.not_found */
  async get(organizationId: string, id: string): Promise<ServiceAccount> {
    const found = isUuid(id)
      ? await this.#unitOfWork.stores.serviceAccounts.find(organizationId, id)
      : undefined;
    if (!found) throw new DomainError('service_account.not_found');
    return found;
  }

  list(organizationId: string, query: ServiceAccountQuery): Promise<Page<ServiceAccount>> {
    return this.#unitOfWork.stores.serviceAccounts.list(organizationId, query);
  }

  /**
   * Makes a service account and puts it into its team.
   * @param input.name - its userName, unique in the organization
   * @throws DomainError team.not_found, user.user_name_taken, user.invalid
   */
  async create(
    context: RequestContext,
    input: { readonly name: string; readonly kind: ServiceAccountKind; readonly teamId: string },
  ): Promise<ServiceAccount> {
    const { organizationId } = context;
    const scope = scopeOf(organizationId);
    const [team] = isUuid(input.teamId)
      ? await this.#unitOfWork.stores.teams.findMany(scope, [input.teamId])
      : [];
    if (!team) throw new DomainError('team.not_found', { field: 'teamId' });
    const userName = input.name.trim();
    const { id } = await this.#users.create(context, scope, {
      profile: {
        userName,
        externalId: undefined,
        core: { userName },
        enterprise: undefined,
        managerId: undefined,
      },
      isActive: true,
      organizationRole: undefined,
      seat: undefined,
      accountType: ACCOUNT_TYPES[input.kind],
      defaultTeam: team.displayName,
      teamRoles: [],
    });
    return this.get(organizationId, id);
  }

  /**
   * An account that is not active has no access, and its API keys are refused.
   * @throws DomainError service_account.not_found, resource.version_mismatch
   */
  async activate(
    context: RequestContext,
    id: string,
    isActive: boolean,
    expectedVersion: number | undefined,
  ): Promise<ServiceAccount> {
    const { organizationId } = context;
    await this.get(organizationId, id);
    await this.#users.update(context, scopeOf(organizationId), id, { isActive }, expectedVersion);
    return this.get(organizationId, id);
  }

  /**
   * Removes the account for good and ends its API keys. What it made stays attributed to its name.
   * @throws DomainError service_account.not_found, resource.version_mismatch
   */
  async remove(context: RequestContext, id: string, expectedVersion: number | undefined): Promise<void> {
    await this.get(context.organizationId, id);
    await this.#users.remove(context, id, { expectedVersion, isForGood: true });
  }
}

const scopeOf = (organizationId: string) => ({ organizationId, connectionId: undefined, baseUrl: '' });
