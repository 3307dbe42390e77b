import { toInstant, type Clock } from '../../kernel/clock.js';
import { DomainError } from '../../kernel/errors.js';
import { isUuid, newId } from '../../kernel/ids.js';
import { hashSecret, newSecret, secretPrefix } from '../../kernel/secrets.js';
import type { RequestContext } from '../request-context.js';
import type { UnitOfWork } from '../unit-of-work.js';
import { DEFAULT_CONNECTION_SETTINGS, type Connection, type ConnectionSettings } from './connection.js';
import type { ConnectionToken, LiveToken } from './connection-store.js';

const NAME_LENGTH = 100;
/** Seconds an access token lives; Entra wants between one and six hours. */
export const ACCESS_TOKEN_SECONDS = 3_600;

/** A token just made: the only moment its secret is known. */
export interface IssuedToken {
  readonly id: string;
  readonly secret: string;
  readonly expiresAt: string | undefined;
}

/** Connections of IdPs and their credentials. Several tokens of one connection are good at once, for rotation. */
export class ConnectionService {
  readonly #unitOfWork: UnitOfWork;
  readonly #clock: Clock;

  constructor({ unitOfWork, clock }: { readonly unitOfWork: UnitOfWork; readonly clock: Clock }) {
    this.#unitOfWork = unitOfWork;
    this.#clock = clock;
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
    const trimmed = name.trim();
    if (trimmed === '' || trimmed.length > NAME_LENGTH)
      throw new DomainError('connection.invalid', {
        detail: `The name of a connection has 1 to ${NAME_LENGTH} characters.`,
        field: 'name',
      });
    const connection: Connection = {
      id: newId(this.#clock.now()),
      organizationId: context.organizationId,
      name: trimmed,
      settings: { ...DEFAULT_CONNECTION_SETTINGS, ...settings },
      isEnabled: true,
      createdAt: toInstant(this.#clock.now()),
    };
    await this.#unitOfWork.transaction((stores) => stores.connections.insert(context, connection));
    return connection;
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
