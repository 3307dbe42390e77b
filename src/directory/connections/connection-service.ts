import { toInstant, type Clock } from '../../kernel/clock.js';
import { DomainError } from '../../kernel/errors.js';
import { isUuid, newId } from '../../kernel/ids.js';
import { LIMITS } from '../../kernel/limits.js';
import { hashSecret, newSecret, secretPrefix } from '../../kernel/secrets.js';
import { MappingRuns } from '../mapping-rules/mapping-runs.js';
import type { IdWindow, Page } from '../query.js';
import type { RequestContext } from '../request-context.js';
import type { UnitOfWork } from '../unit-of-work.js';
import { DEFAULT_CONNECTION_SETTINGS, type Connection, type ConnectionSettings } from './connection.js';
import type { ConnectionToken, LiveToken } from './connection-store.js';

/** Seconds an access token lives; Entra wants between one and six hours. */
export const ACCESS_TOKEN_SECONDS = 3_600;

const API_KEYS_NAME = 'API keys';

/** A token just made: the only moment its secret is known. */
export interface IssuedToken {
  readonly id: string;
  readonly secret: string;
  readonly expiresAt: string | undefined;
}

/** What a change of a connection names; the rest stays. */
export interface ConnectionChange {
  readonly name?: string;
  readonly isEnabled?: boolean;
  readonly settings?: Partial<ConnectionSettings>;
}

/** Connections of IdPs and their credentials. Several tokens of one connection are good at once, for rotation. */
export class ConnectionService {
  readonly #unitOfWork: UnitOfWork;
  readonly #clock: Clock;
  readonly #runs: MappingRuns;

  constructor({ unitOfWork, clock }: { readonly unitOfWork: UnitOfWork; readonly clock: Clock }) {
    this.#unitOfWork = unitOfWork;
    this.#clock = clock;
    this.#runs = new MappingRuns({ unitOfWork, clock });
  }

  list(organizationId: string): Promise<readonly Connection[]> {
    return this.#unitOfWork.stores.connections.list(organizationId);
  }

  /** By id or by name in any case. @throws DomainError connection.not_found */
  async get(organizationId: string, idOrName: string): Promise<Connection> {
    const { connections } = this.#unitOfWork.stores;
    const found =
      (isUuid(idOrName) ? await connections.find(organizationId, idOrName) : undefined) ??
      (await connections.findByName(organizationId, idOrName));
    if (!found)
      throw new DomainError('connection.not_found', { detail: `There is no connection "${idOrName}".` });
    return found;
  }

  /** @throws DomainError connection.name_taken, connection.invalid */
  async create(
    context: RequestContext,
    name: string,
    settings: Partial<ConnectionSettings> = {},
  ): Promise<Connection> {
    const connection: Connection = {
      id: newId(this.#clock.now()),
      organizationId: context.organizationId,
      name: checkName(name),
      settings: { ...DEFAULT_CONNECTION_SETTINGS, ...settings },
      isEnabled: true,
      hasMappingRules: false,
      version: 1,
      createdAt: toInstant(this.#clock.now()),
    };
    await this.#unitOfWork.transaction((stores) => stores.connections.insert(context, connection));
    return connection;
  }

  /**
   * The connection through which API keys speak SCIM, made when it is first asked for. It is found by its name: who
   * renames it gets a new one, who disables it closes SCIM for API keys.
   * @throws DomainError permission.denied when it is disabled
   */
  async forApiKeys(context: RequestContext): Promise<Connection> {
    const find = () => this.#unitOfWork.stores.connections.findByName(context.organizationId, API_KEYS_NAME);
    const connection =
      (await find()) ??
      (await this.create(context, API_KEYS_NAME).catch(async (error: unknown) => {
        // Of requests that come together one makes it; the others take that.
        const made = await find();
        if (made) return made;
        throw error;
      }));
    if (connection.isEnabled) return connection;
    throw new DomainError('permission.denied', { detail: 'The connection of API keys is disabled.' });
  }

  page(organizationId: string, window: IdWindow): Promise<Page<Connection>> {
    return this.#unitOfWork.stores.connections.page(organizationId, window);
  }

  /**
   * Changes what is named; the rest stays. Requests that have been let in already end under the settings they began with.
   * Whether the connection may grant admin holds for the roles that its mapping rules have given, too.
   * @throws DomainError connection.not_found, connection.name_taken, connection.invalid, resource.version_mismatch
   */
  async update(
    context: RequestContext,
    id: string,
    change: ConnectionChange,
    expectedVersion?: number,
  ): Promise<Connection> {
    const updated = await this.#unitOfWork.transaction(async (stores) => {
      const before = isUuid(id) ? await stores.connections.find(context.organizationId, id) : undefined;
      if (!before) throw new DomainError('connection.not_found');
      if (expectedVersion !== undefined && expectedVersion !== before.version)
        throw new DomainError('resource.version_mismatch');
      const wanted: Connection = {
        ...before,
        ...(change.name === undefined ? {} : { name: checkName(change.name) }),
        ...(change.isEnabled === undefined ? {} : { isEnabled: change.isEnabled }),
        settings: { ...before.settings, ...change.settings },
      };
      if (JSON.stringify(wanted) === JSON.stringify(before)) return before;
      const after = { ...wanted, version: before.version + 1 };
      await stores.connections.update(context, before, after);
      if (after.hasMappingRules && after.settings.mayGrantAdmin !== before.settings.mayGrantAdmin)
        await stores.groupMapping.requestRun(context, id);
      return after;
    });
    if (updated.hasMappingRules) await this.#runs.begin(context.organizationId, id);
    return updated;
  }

  /**
   * A disabled connection's credentials are refused, all of them, within 50 milliseconds on every replica; what it made
   * stays as it is. @throws as update
   */
  setEnabled(
    context: RequestContext,
    id: string,
    isEnabled: boolean,
    expectedVersion?: number,
  ): Promise<Connection> {
    return this.update(context, id, { isEnabled }, expectedVersion);
  }

  /** Bearer tokens and client secrets of a connection. @throws DomainError connection.not_found */
  async pageTokens(
    organizationId: string,
    connectionId: string,
    window: IdWindow,
  ): Promise<Page<ConnectionToken>> {
    await this.get(organizationId, connectionId);
    return this.#unitOfWork.stores.connections.pageTokens(organizationId, connectionId, window);
  }

  /** @throws DomainError token.not_found */
  async getToken(organizationId: string, connectionId: string, tokenId: string): Promise<ConnectionToken> {
    const { connections } = this.#unitOfWork.stores;
    const token = await connections.findToken(organizationId, connectionId, tokenId);
    if (!token) throw new DomainError('token.not_found');
    return token;
  }

  listTokens(organizationId: string, connectionId: string): Promise<readonly ConnectionToken[]> {
    return this.#unitOfWork.stores.connections.listTokens(organizationId, connectionId);
  }

  /**
   * Makes a bearer token or an OAuth client secret. The secret is returned once and kept only as its hash.
   * @param options.secret - a secret chosen by the operator (bootstrap), instead of a random one
   * @param options.expiresInDays - undefined: no expiry
   */
  async issueToken(
    context: RequestContext,
    connectionId: string,
    options: {
      readonly kind: 'bearer' | 'client_secret';
      readonly name: string;
      readonly expiresInDays?: number | undefined;
      readonly secret?: string;
    },
  ): Promise<IssuedToken> {
    const now = this.#clock.now();
    const { expiresInDays } = options;
    const secret = options.secret ?? newSecret(options.kind === 'bearer' ? 'rcs_' : 'rcc_');
    const expiresAt = expiresInDays === undefined ? undefined : toInstant(now + expiresInDays * 86_400_000);
    return this.#insertToken(context, connectionId, { ...options, secret, expiresAt, issuedBy: undefined });
  }

  /** Exchanges a live client secret for an access token (RFC 6749 section 4.4); those that expired go. */
  async issueAccessToken(context: RequestContext, client: LiveToken): Promise<IssuedToken> {
    const { organizationId, id } = client.connection;
    const now = toInstant(this.#clock.now());
    await this.#unitOfWork.stores.connections.deleteExpiredAccessTokens(organizationId, id, now);
    const expiresAt = toInstant(this.#clock.now() + ACCESS_TOKEN_SECONDS * 1000);
    return this.#insertToken(context, client.connection.id, {
      kind: 'access_token',
      name: client.token.name,
      secret: newSecret('rca_'),
      expiresAt,
      issuedBy: client.token.id,
    });
  }

  async #insertToken(
    context: RequestContext,
    connectionId: string,
    options: {
      readonly kind: 'bearer' | 'client_secret' | 'access_token';
      readonly name: string;
      readonly secret: string;
      readonly expiresAt: string | undefined;
      readonly issuedBy: string | undefined;
    },
  ): Promise<IssuedToken> {
    const id = newId(this.#clock.now());
    const { secret, expiresAt } = options;
    await this.#unitOfWork.transaction((stores) =>
      stores.connections.insertToken(context, {
        id,
        connectionId,
        kind: options.kind,
        name: options.name,
        hash: hashSecret(secret),
        prefix: secretPrefix(secret),
        expiresAt,
        issuedBy: options.issuedBy,
      }),
    );
    return { id, secret, expiresAt };
  }

  /** @throws DomainError token.not_found */
  async revokeToken(context: RequestContext, tokenId: string): Promise<void> {
    const isRevoked = await this.#unitOfWork.transaction((stores) =>
      stores.connections.revokeToken(context, tokenId),
    );
    if (!isRevoked)
      throw new DomainError('token.not_found', { detail: `There is no live token "${tokenId}".` });
  }
}

function checkName(name: string): string {
  const trimmed = name.trim();
  if (trimmed === '' || trimmed.length > LIMITS.connectionNameLength)
    throw new DomainError('connection.invalid', {
      detail: `The name of a connection has 1 to ${LIMITS.connectionNameLength} characters.`,
      field: 'name',
    });
  return trimmed;
}
