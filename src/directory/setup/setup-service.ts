import { toInstant, type Clock } from '../../kernel/clock.js';
import { DomainError } from '../../kernel/errors.js';
import { newId } from '../../kernel/ids.js';
import { hashPassword, MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH } from '../../kernel/password-hash.js';
import { hashSecret, newSecret } from '../../kernel/secrets.js';
import { ConnectionService } from '../connections/connection-service.js';
import { type IssuedToken } from '../connections/connection-service.js';
import type { Organization } from '../organizations/organization-store.js';
import type { Actor, RequestContext } from '../request-context.js';
import { within, type Stores, type UnitOfWork } from '../unit-of-work.js';
import { insertAdmin } from './insert-admin.js';

export const DEFAULT_ORGANIZATION_NAME = 'default';
const BOOTSTRAP_CONNECTION_NAME = 'bootstrap';
const EMAIL = /^[^\s@]{1,64}@[^\s@]{1,190}$/;

export interface BootstrapInput {
  readonly adminEmail: string | undefined;
  readonly adminPassword: string | undefined;
  readonly scimToken: string | undefined;
}

export interface SetupResult {
  readonly organization: Organization;
  readonly adminId: string;
  readonly connectionId: string;
  readonly token: IssuedToken;
}

/** Makes an instance usable: the default organization, its first admin, its first connection. Idempotent. */
export class SetupService {
  readonly #unitOfWork: UnitOfWork;
  readonly #clock: Clock;

  constructor({ unitOfWork, clock }: { readonly unitOfWork: UnitOfWork; readonly clock: Clock }) {
    this.#unitOfWork = unitOfWork;
    this.#clock = clock;
  }

  /** The organization of an instance that has one; made when there is none. */
  async ensureOrganization(actor: Actor, name = DEFAULT_ORGANIZATION_NAME): Promise<Organization> {
    const found = await this.#unitOfWork.stores.organizations.findByName(name);
    if (found) return found;
    const organization = { id: newId(this.#clock.now()), name };
    try {
      await this.#unitOfWork.transaction((stores) =>
        stores.organizations.insert(this.#context(organization.id, actor), organization),
      );
      return organization;
    } catch (error) {
      // Replicas that start together race for the first organization; the loser takes the winner's.
      const winner = await this.#unitOfWork.stores.organizations.findByName(name);
      if (winner) return winner;
      throw error;
    }
  }

  /** Headless bootstrap from the environment. What exists already is left as it is. */
  async bootstrap(input: BootstrapInput): Promise<Organization> {
    const actor: Actor = { kind: 'system', id: 'bootstrap' };
    const organization = await this.ensureOrganization(actor);
    const context = this.#context(organization.id, actor);
    const { adminEmail, adminPassword, scimToken } = input;
    if (adminEmail !== undefined && adminPassword !== undefined) {
      const passwordHash = await hashPassword(adminPassword);
      await this.#unitOfWork.transaction(async (stores) => {
        await stores.organizations.lock(organization.id);
        const isNeeded =
          !(await stores.organizations.hasAdmin(organization.id)) &&
          !(await stores.users.isNameKnown(organization.id, adminEmail));
        // Somebody else's account of that name stays as it is; the set-up link is printed instead.
        if (isNeeded) await this.#insertAdmin(stores, context, adminEmail, passwordHash, false);
      });
    }
    if (scimToken !== undefined) await this.#ensureToken(context, scimToken);
    return organization;
  }

  /** Under the organization lock, because replicas start together. */
  async #ensureToken(context: RequestContext, secret: string): Promise<void> {
    await this.#unitOfWork.transaction(async (stores) => {
      await stores.organizations.lock(context.organizationId);
      if (await stores.connections.hasToken(hashSecret(secret))) return;
      const connections = new ConnectionService({ unitOfWork: within(stores), clock: this.#clock });
      const connection =
        (await stores.connections.findByName(context.organizationId, BOOTSTRAP_CONNECTION_NAME)) ??
        (await connections.create(context, BOOTSTRAP_CONNECTION_NAME));
      await connections.issueToken(context, connection.id, { kind: 'bearer', name: 'bootstrap', secret });
    });
  }

  /** A new one-time link secret when nobody administers the instance yet; the one before it is dead. */
  async issueSetupLink(): Promise<string | undefined> {
    const organization = await this.#unitOfWork.stores.organizations.findByName(DEFAULT_ORGANIZATION_NAME);
    if (organization && (await this.#unitOfWork.stores.organizations.hasAdmin(organization.id)))
      return undefined;
    const secret = newSecret('');
    await this.#unitOfWork.transaction((stores) =>
      stores.localCredentials.replaceSetupLink(hashSecret(secret), toInstant(this.#clock.now())),
    );
    return secret;
  }

  isSetupLink(secret: string): Promise<boolean> {
    return this.#unitOfWork.stores.localCredentials.hasSetupLink(hashSecret(secret));
  }

  /**
   * Completes the set-up: takes the link, makes the first admin and a first connection with a token.
   * @throws DomainError setup.link_invalid, setup.invalid
   */
  async completeSetup(input: {
    readonly link: string;
    readonly email: string;
    readonly password: string;
    readonly connectionName: string;
  }): Promise<SetupResult> {
    const email = input.email.trim();
    assertAdminInput(email, input.password);
    const actor: Actor = { kind: 'system', id: 'setup' };
    const linkHash = hashSecret(input.link);
    if (!(await this.#unitOfWork.stores.localCredentials.hasSetupLink(linkHash)))
      throw new DomainError('setup.link_invalid');
    const passwordHash = await hashPassword(input.password);
    const organization = await this.ensureOrganization(actor);
    const context = this.#context(organization.id, actor);
    return this.#unitOfWork.transaction(async (stores) => {
      await stores.organizations.lock(organization.id);
      const isTaken = await stores.localCredentials.takeSetupLink(linkHash, toInstant(this.#clock.now()));
      if (!isTaken || (await stores.organizations.hasAdmin(organization.id)))
        throw new DomainError('setup.link_invalid');
      const adminId = await this.#insertAdmin(stores, context, email, passwordHash, false);
      const connections = new ConnectionService({ unitOfWork: within(stores), clock: this.#clock });
      const name = input.connectionName.trim() === '' ? 'identity provider' : input.connectionName;
      const connection =
        (await stores.connections.findByName(context.organizationId, name)) ??
        (await connections.create(context, name));
      const token = await connections.issueToken(context, connection.id, { kind: 'bearer', name: 'setup' });
      return { organization, adminId, connectionId: connection.id, token };
    });
  }

  /**
   * Makes an admin who signs in with a password.
   * @param options.isProtected - break-glass: SCIM may not change the account
   * @throws DomainError user.user_name_taken, setup.invalid
   */
  async createAdmin(
    context: RequestContext,
    options: { readonly email: string; readonly password: string; readonly isProtected: boolean },
  ): Promise<string> {
    const email = options.email.trim();
    assertAdminInput(email, options.password);
    const passwordHash = await hashPassword(options.password);
    return this.#unitOfWork.transaction((stores) =>
      this.#insertAdmin(stores, context, email, passwordHash, options.isProtected),
    );
  }

  async #insertAdmin(
    stores: Stores,
    context: RequestContext,
    email: string,
    passwordHash: string,
    isProtected: boolean,
  ): Promise<string> {
    const id = newId(this.#clock.now());
    await insertAdmin(stores, context, { id, userName: email, email, seat: 'full', isProtected });
    await stores.localCredentials.insert(context.organizationId, id, { hash: passwordHash, email });
    return id;
  }

  #context(organizationId: string, actor: Actor): RequestContext {
    return { organizationId, actor, requestId: actor.id, sourceAddress: undefined };
  }
}

function assertAdminInput(email: string, password: string): void {
  if (!EMAIL.test(email))
    throw new DomainError('setup.invalid', {
      detail: 'email: this is not an e-mail address.',
      field: 'email',
    });
  if (password.length < MIN_PASSWORD_LENGTH || password.length > MAX_PASSWORD_LENGTH)
    throw new DomainError('setup.invalid', {
      detail: `password: choose ${MIN_PASSWORD_LENGTH} characters or more.`,
      field: 'password',
    });
}
