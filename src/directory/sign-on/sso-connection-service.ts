import { toInstant, type Clock } from '../../kernel/clock.js';
import type { Sealer } from '../../kernel/encryption.js';
import { DomainError } from '../../kernel/errors.js';
import { isUuid, newId } from '../../kernel/ids.js';
import { LIMITS } from '../../kernel/limits.js';
import type { IdWindow, Page } from '../query.js';
import type { RequestContext } from '../request-context.js';
import type { Stores, UnitOfWork } from '../unit-of-work.js';
import { checkProtocolSettings } from './check-settings.js';
import { normaliseDomain } from './domain-name.js';
import type { OidcSecrets, OidcSettings } from './oidc-settings.js';
import type { SamlSecrets, SamlSettings } from './saml-settings.js';
import {
  DEFAULT_SSO_CONNECTION_OPTIONS,
  type ProtocolSettings,
  type SsoConnection,
  type SsoConnectionOptions,
} from './sso-connection.js';
import type { StoredSsoConnection } from './sso-connection-store.js';

export interface SsoConnectionDraft {
  readonly name: string;
  readonly protocol: ProtocolSettings;
  readonly options?: Partial<SsoConnectionOptions>;
}

/** What an update changes; an absent part stays as it is. Secrets are given whole or not at all. */
export interface SsoConnectionChange {
  readonly name?: string;
  readonly protocol?: ProtocolSettings;
  readonly options?: Partial<SsoConnectionOptions>;
}

/** Identity providers at which people sign in. */
export class SsoConnectionService {
  readonly #unitOfWork: UnitOfWork;
  readonly #clock: Clock;
  readonly #sealer: Sealer;
  readonly #createSamlKeys: () => Promise<SamlSecrets>;

  constructor(parts: {
    readonly unitOfWork: UnitOfWork;
    readonly clock: Clock;
    readonly sealer: Sealer;
    /** Makes the keys of our side for a SAML connection that is created without any. */
    readonly createSamlKeys: () => Promise<SamlSecrets>;
  }) {
    this.#unitOfWork = parts.unitOfWork;
    this.#clock = parts.clock;
    this.#sealer = parts.sealer;
    this.#createSamlKeys = parts.createSamlKeys;
  }

  /** The same service on another unit of work, such as a transaction that is open. */
  on(unitOfWork: UnitOfWork): SsoConnectionService {
    return new SsoConnectionService({
      unitOfWork,
      clock: this.#clock,
      sealer: this.#sealer,
      createSamlKeys: this.#createSamlKeys,
    });
  }

  list(organizationId: string): Promise<readonly SsoConnection[]> {
    return this.#unitOfWork.stores.ssoConnections.list(organizationId);
  }

  page(organizationId: string, window: IdWindow): Promise<Page<SsoConnection>> {
    return this.#unitOfWork.stores.ssoConnections.page(organizationId, window);
  }

  /** By id, or by name in any case. @throws DomainError sso_connection.not_found */
  async get(organizationId: string, idOrName: string): Promise<SsoConnection> {
    return (await findStored(this.#unitOfWork.stores, organizationId, idOrName)).connection;
  }

  /** The connection that an address names, in whichever organization, enabled or not. */
  async findById(id: string): Promise<SsoConnection | undefined> {
    if (!isUuid(id)) return undefined;
    return (await this.#unitOfWork.stores.ssoConnections.findAnywhere(id))?.connection;
  }

  /** The enabled connection for which the domain of an e-mail address, or a domain, is verified. */
  async findByDomain(domainOrEmail: string): Promise<SsoConnection | undefined> {
    const domain = normaliseDomain(domainOrEmail.slice(domainOrEmail.lastIndexOf('@') + 1));
    return domain === undefined ? undefined : this.#unitOfWork.stores.ssoConnections.findByDomain(domain);
  }

  /**
   * Connections that the sign-in page offers to everybody: those that the operator configured for the instance. Others
   * would tell strangers which organizations there are.
   */
  listOffered(): Promise<readonly SsoConnection[]> {
    return this.#unitOfWork.stores.ssoConnections.listOffered();
  }

  /** The client secret of an OpenID Connect connection. @throws Error when SECRET_KEY is another than it was */
  oidcSecrets(connection: SsoConnection): Promise<OidcSecrets> {
    return this.#openSecrets(connection);
  }

  /** The keys of a SAML connection. @throws Error when SECRET_KEY is another than it was */
  samlSecrets(connection: SsoConnection): Promise<SamlSecrets> {
    return this.#openSecrets(connection);
  }

  async #openSecrets(connection: SsoConnection): Promise<Readonly<Record<string, string>>> {
    const { organizationId, id } = connection;
    const stored = await this.#unitOfWork.stores.ssoConnections.find(organizationId, id);
    if (stored?.sealedSecrets === undefined) return {};
    const opened = this.#sealer.open(stored.sealedSecrets, placeOf(id));
    if (opened === undefined)
      throw new Error(
        `the secrets of SsoConnection ${id} do not open with this SECRET_KEY; enter them again`,
      );
    return JSON.parse(opened) as Record<string, string>;
  }

  /** @throws DomainError sso_connection.name_taken, sso_connection.invalid */
  async create(
    context: RequestContext,
    draft: SsoConnectionDraft,
    origin: SsoConnection['origin'] = 'admin',
  ): Promise<SsoConnection> {
    const now = this.#clock.now();
    const id = newId(now);
    checkProtocolSettings(draft.protocol);
    const protocol = await this.#withKeys(draft.protocol);
    const connection = {
      id,
      organizationId: context.organizationId,
      name: checkName(draft.name),
      origin,
      ...DEFAULT_SSO_CONNECTION_OPTIONS,
      ...draft.options,
      kind: protocol.kind,
      settings: protocol.settings,
      secretNames: Object.keys(protocol.secrets ?? {}),
      version: 1,
      createdAt: toInstant(now),
      updatedAt: toInstant(now),
    } as SsoConnection;
    const stored = { connection, sealedSecrets: this.#seal(id, protocol.secrets) };
    await this.#unitOfWork.transaction(async (stores) => {
      await checkPair(stores, connection);
      await stores.ssoConnections.insert(context, stored);
    });
    return connection;
  }

  async #withKeys(protocol: ProtocolSettings): Promise<ProtocolSettings> {
    if (protocol.kind !== 'saml' || protocol.secrets) return protocol;
    return { ...protocol, secrets: await this.#createSamlKeys() };
  }

  /**
   * @throws DomainError sso_connection.not_found, sso_connection.name_taken, sso_connection.invalid,
   *   sso_connection.from_environment, resource.version_mismatch
   */
  async update(
    context: RequestContext,
    id: string,
    change: SsoConnectionChange | ((current: SsoConnection) => SsoConnectionChange),
    options: { readonly expectedVersion?: number | undefined; readonly byEnvironment?: boolean } = {},
  ): Promise<SsoConnection> {
    return this.#unitOfWork.transaction(async (stores) => {
      const stored = await findStored(stores, context.organizationId, id);
      const before = stored.connection;
      if (options.expectedVersion !== undefined && options.expectedVersion !== before.version)
        throw new DomainError('resource.version_mismatch');
      const wanted = typeof change === 'function' ? change(before) : change;
      const after = this.#changed(stored, wanted);
      if (before.origin === 'environment' && options.byEnvironment !== true) assertOnlyOptions(stored, after);
      await checkPair(stores, after.connection);
      if (isSame(stored, after)) return before;
      const raised = {
        ...after.connection,
        version: before.version + 1,
        updatedAt: toInstant(this.#clock.now()),
      };
      await stores.ssoConnections.update(context, before, { ...after, connection: raised });
      return raised;
    });
  }

  #changed(stored: StoredSsoConnection, change: SsoConnectionChange): StoredSsoConnection {
    const { connection } = stored;
    const { name, protocol, options } = change;
    if (protocol && protocol.kind !== connection.kind)
      throw new DomainError('sso_connection.invalid', {
        detail: 'kind: the protocol of a connection cannot change; make another connection.',
        field: 'kind',
      });
    if (protocol) checkProtocolSettings(protocol);
    if (protocol) assertSameProvider(connection, protocol);
    const secrets = protocol?.secrets;
    return {
      connection: {
        ...connection,
        ...options,
        ...(name === undefined ? {} : { name: checkName(name) }),
        ...(protocol ? { settings: protocol.settings } : {}),
        ...(secrets ? { secretNames: Object.keys(secrets) } : {}),
      } as SsoConnection,
      sealedSecrets: secrets ? this.#seal(connection.id, secrets) : stored.sealedSecrets,
    };
  }

  /** @throws DomainError sso_connection.not_found, sso_connection.from_environment, resource.version_mismatch */
  setEnabled(
    context: RequestContext,
    id: string,
    isEnabled: boolean,
    expectedVersion?: number,
  ): Promise<SsoConnection> {
    return this.update(context, id, { options: { isEnabled } }, { expectedVersion });
  }

  /**
   * Takes a connection away with its domains, identities, reviews, mapping rules and the sessions opened there;
   * accounts and memberships stay.
   * @throws DomainError sso_connection.not_found, sso_connection.from_environment, resource.version_mismatch
   */
  async delete(context: RequestContext, id: string, expectedVersion?: number): Promise<void> {
    await this.#unitOfWork.transaction(async (stores) => {
      const { connection } = await findStored(stores, context.organizationId, id);
      if (connection.origin === 'environment') throw new DomainError('sso_connection.from_environment');
      if (expectedVersion !== undefined && expectedVersion !== connection.version)
        throw new DomainError('resource.version_mismatch');
      await stores.ssoConnections.delete(context, connection);
    });
  }

  #seal(id: string, secrets: object | undefined): string | undefined {
    if (secrets === undefined || Object.keys(secrets).length === 0) return undefined;
    return this.#sealer.seal(JSON.stringify(secrets), placeOf(id));
  }
}

const placeOf = (id: string): string => `sso-connection:${id}`;

async function findStored(
  stores: Stores,
  organizationId: string,
  idOrName: string,
): Promise<StoredSsoConnection> {
  const found = isUuid(idOrName)
    ? await stores.ssoConnections.find(organizationId, idOrName)
    : await stores.ssoConnections.findByName(organizationId, idOrName);
  if (!found)
    throw new DomainError('sso_connection.not_found', {
      detail: `There is no SSO connection "${idOrName.slice(0, LIMITS.nameLength)}".`,
    });
  return found;
}

/** Name, protocol and whether it is enabled are the environment's; whom to provision and link is for admins to say. */
function assertOnlyOptions(before: StoredSsoConnection, after: StoredSsoConnection): void {
  const { defaultRole, provisions, pairedConnectionId } = after.connection;
  const allowed = { ...before.connection, defaultRole, provisions, pairedConnectionId };
  if (!isSame({ ...before, connection: allowed }, after))
    throw new DomainError('sso_connection.from_environment');
}

/**
 * Subjects mean somebody only at the identity provider that named them: under another one's, identities would belong to
 * strangers, and the client secret would be sent to it.
 */
function assertSameProvider(connection: SsoConnection, protocol: ProtocolSettings): void {
  const [field, before, after] =
    connection.kind === 'saml'
      ? ['idpEntityId', connection.settings.idpEntityId, (protocol.settings as SamlSettings).idpEntityId]
      : ['issuer', connection.settings.issuer, (protocol.settings as OidcSettings).issuer];
  if (before !== after)
    throw new DomainError('sso_connection.invalid', {
      detail: `settings.${field}: a connection stays with its identity provider; make another connection.`,
      field: `settings.${field}`,
    });
}

async function checkPair(
  stores: Stores,
  { organizationId, pairedConnectionId }: SsoConnection,
): Promise<void> {
  if (pairedConnectionId === undefined) return;
  if (!isUuid(pairedConnectionId) || !(await stores.connections.find(organizationId, pairedConnectionId)))
    throw new DomainError('sso_connection.invalid', {
      detail: 'pairedConnectionId: there is no such connection.',
      field: 'pairedConnectionId',
    });
}

function checkName(name: string): string {
  const trimmed = name.trim();
  if (trimmed === '' || trimmed.length > LIMITS.connectionNameLength)
    throw new DomainError('sso_connection.invalid', {
      detail: `name: 1 to ${LIMITS.connectionNameLength} characters.`,
      field: 'name',
    });
  return trimmed;
}

const isSame = (a: StoredSsoConnection, b: StoredSsoConnection): boolean =>
  a.sealedSecrets === b.sealedSecrets && canonical(a.connection) === canonical(b.connection);

/** JSON with sorted keys: the database does not keep the order in which settings were written. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([left], [right]) => (left < right ? -1 : 1)))
      : part,
  );
