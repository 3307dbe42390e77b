import { toInstant, type Clock, type Instant } from '../../kernel/clock.js';
import { DomainError } from '../../kernel/errors.js';
import { newId } from '../../kernel/ids.js';
import { LIMITS } from '../../kernel/limits.js';
import { constantTimeEquals, hashSecret, newSecret, secretPrefix } from '../../kernel/secrets.js';
import type { ActivityRecorder } from '../activity/activity-recorder.js';
import { hasPermission, isViewOnly, type Principal, type PrincipalContext } from '../principals/index.js';
import type { Page } from '../query.js';
import type { RequestContext } from '../request-context.js';
import type { Stores, UnitOfWork } from '../unit-of-work.js';
import type { ApiKey, ApiKeyInput, IssuedApiKey } from './api-key.js';
import type { ApiKeyDraft, ApiKeyOwner, ApiKeyQuery, ApiKeyVisibility, LiveApiKey } from './api-key-store.js';

/** Secret scanners find keys by it. */
const PREFIX = 'rk_';
/** Whether a secret has the form of an API key. */
export const isApiKey = (secret: string): boolean => secret.startsWith(PREFIX);
/** Milliseconds between writes of when a key was last used: kept to the minute, for people to look at. */
const TOUCH_INTERVAL = 60_000;
const DAY = 86_400_000;

/** API keys of people and service accounts. A key acts for its owner, within its scopes, while the owner is active. */
export class ApiKeyService {
  readonly #unitOfWork: UnitOfWork;
  readonly #clock: Clock;
  readonly #activity: Pick<ActivityRecorder, 'note'>;

  constructor(options: {
    readonly unitOfWork: UnitOfWork;
    readonly clock: Clock;
    readonly activity: Pick<ActivityRecorder, 'note'>;
  }) {
    this.#unitOfWork = options.unitOfWork;
    this.#clock = options.clock;
    this.#activity = options.activity;
  }

  /**
   * Who a key speaks for; undefined for one that is unknown, expired or revoked, and for one whose owner is inactive,
   * removed or View-Only now. Asks the database every time: a deactivation is felt by the next request.
   */
  async verify(secret: string): Promise<Principal | undefined> {
    const { apiKeys } = this.#unitOfWork.stores;
    return (await this.verifyWith(secret, (hash, now) => apiKeys.findLive(hash, now)))?.principal;
  }

  /**
   * As `verify`, for who wants more of the account in the same look-up.
   * @param find - finds the live key with this hash, and what else is wanted
   */
  async verifyWith<Found extends LiveApiKey>(
    secret: string,
    find: (hash: string, now: Instant) => Promise<Found | undefined>,
  ): Promise<Found | undefined> {
    if (!isApiKey(secret)) return undefined;
    const hash = hashSecret(secret);
    const now = this.#clock.now();
    const { apiKeys } = this.#unitOfWork.stores;
    const found = await find(hash, toInstant(now));
    if (!found || !constantTimeEquals(found.hash, hash)) return undefined;
    const { principal, lastUsedAt } = found;
    this.#activity.note(principal);
    if (lastUsedAt === undefined || now - Date.parse(lastUsedAt) >= TOUCH_INTERVAL)
      apiKeys.touch(principal.organizationId, principal.credential.id, toInstant(now)).catch(ignore);
    return found;
  }

  /** The keys that the caller may see: its own, those of its teams' service accounts, all for an admin. */
  list({ principal }: PrincipalContext, query: ApiKeyQuery): Promise<Page<ApiKey>> {
    return this.#unitOfWork.stores.apiKeys.list(visibilityOf(principal), query);
  }

  /** @throws DomainError api_key.not_found */
  async get({ principal }: PrincipalContext, id: string): Promise<ApiKey> {
    const key = await this.#unitOfWork.stores.apiKeys.find(visibilityOf(principal), id);
    if (!key) throw new DomainError('api_key.not_found');
    return key;
  }

  /**
   * Makes a key for the caller itself, or for a service account that the caller manages. A key cannot give scopes that
   * it does not have.
   * @throws DomainError api_key.creation_disabled, api_key.forbidden, api_key.invalid, api_key.limit_reached, user.not_found
   */
  async create(context: PrincipalContext, userId: string, input: ApiKeyInput): Promise<IssuedApiKey> {
    const { principal } = context;
    requireScopes(principal, input);
    const organization = await this.#unitOfWork.stores.organizations.findSettings(context.organizationId);
    if (organization?.allowsApiKeyCreation !== true) throw new DomainError('api_key.creation_disabled');
    return this.#unitOfWork.transaction(async (stores) => {
      const owner = await lockOwner(stores, context.organizationId, userId);
      await requireManager(stores, principal, owner);
      return this.#insert(stores, context, owner, input);
    });
  }

  /**
   * Makes a key for any account, for the operator's command line.
   * @throws DomainError api_key.forbidden, api_key.invalid, api_key.limit_reached, user.not_found
   */
  issue(context: RequestContext, userId: string, input: ApiKeyInput): Promise<IssuedApiKey> {
    return this.#unitOfWork.transaction(async (stores) =>
      this.#insert(stores, context, await lockOwner(stores, context.organizationId, userId), input),
    );
  }

  async #insert(
    stores: Stores,
    context: RequestContext,
    owner: ApiKeyOwner,
    input: ApiKeyInput,
  ): Promise<IssuedApiKey> {
    const now = this.#clock.now();
    requireValid(input, now);
    requireMayHaveKeys(owner);
    await this.#requireRoom(stores, context, owner);
    const { draft, secret } = this.#draft(owner, input);
    await stores.apiKeys.insert(context, draft);
    return { key: draft.key, secret };
  }

  async #requireRoom(stores: Stores, context: RequestContext, owner: ApiKeyOwner): Promise<void> {
    const now = toInstant(this.#clock.now());
    if ((await stores.apiKeys.countLive(context.organizationId, owner.id, now)) >= LIMITS.apiKeysPerUser)
      throw new DomainError('api_key.limit_reached', {
        detail: `The account has ${LIMITS.apiKeysPerUser} API keys already; revoke one first.`,
      });
  }

  #draft(owner: ApiKeyOwner, input: ApiKeyInput): { readonly draft: ApiKeyDraft; readonly secret: string } {
    const now = this.#clock.now();
    const secret = newSecret(PREFIX);
    const key: ApiKey = {
      id: newId(now),
      userId: owner.id,
      ownerName: owner.displayName,
      name: input.name.trim(),
      prefix: secretPrefix(secret),
      scopes: [...new Set(input.scopes)],
      createdAt: toInstant(now),
      expiresAt: input.expiresAt,
      revokedAt: undefined,
      lastUsedAt: undefined,
    };
    return { draft: { key, hash: hashSecret(secret) }, secret };
  }

  /**
   * Makes a new key with the name, scopes and lifetime of a live one.
   * @param options.overlapSeconds - how long the old key stays good; 0 revokes it at once
   * @throws DomainError api_key.not_found, api_key.forbidden, api_key.limit_reached
   */
  async rotate(
    context: PrincipalContext,
    id: string,
    { overlapSeconds }: { readonly overlapSeconds: number },
  ): Promise<IssuedApiKey> {
    const { principal, organizationId } = context;
    const old = await this.get(context, id);
    requireScopes(principal, old);
    return this.#unitOfWork.transaction(async (stores) => {
      const owner = await lockOwner(stores, organizationId, old.userId);
      await requireManager(stores, principal, owner);
      requireMayHaveKeys(owner);
      if (overlapSeconds > 0) await this.#requireRoom(stores, context, owner);
      const now = this.#clock.now();
      const lifetime =
        old.expiresAt === undefined ? undefined : Date.parse(old.expiresAt) - Date.parse(old.createdAt);
      const expiresAt = lifetime === undefined ? undefined : toInstant(now + lifetime);
      const { draft, secret } = this.#draft(owner, { ...old, expiresAt });
      const oldEndsAt = overlapSeconds === 0 ? undefined : toInstant(now + overlapSeconds * 1_000);
      if (!(await stores.apiKeys.replace(context, id, draft, oldEndsAt)))
        throw new DomainError('api_key.not_found');
      return { key: draft.key, secret };
    });
  }

  /** Ends a key that the caller may see; from the next request on it is refused. @throws DomainError api_key.not_found */
  async revoke(context: PrincipalContext, id: string): Promise<void> {
    await this.get(context, id);
    const isRevoked = await this.#unitOfWork.transaction((stores) => stores.apiKeys.revoke(context, id));
    if (!isRevoked) throw new DomainError('api_key.not_found');
  }
}

const ignore = (): void => undefined;

function visibilityOf(principal: Principal): ApiKeyVisibility {
  return {
    organizationId: principal.organizationId,
    viewerId: principal.userId,
    seesAll: hasPermission(principal, 'organization:manage_api_keys'),
    seesTeams: !isViewOnly(principal),
  };
}

async function lockOwner(stores: Stores, organizationId: string, userId: string): Promise<ApiKeyOwner> {
  const owner = await stores.apiKeys.lockOwner(organizationId, userId);
  if (!owner) throw new DomainError('user.not_found', { field: 'userId' });
  return owner;
}

/** Nobody makes keys in another person's name. */
async function requireManager(stores: Stores, principal: Principal, owner: ApiKeyOwner): Promise<void> {
  if (owner.id === principal.userId) return;
  const { organizationId, userId } = principal;
  switch (owner.accountType) {
    case 'ORG_SERVICE':
      if (hasPermission(principal, 'organization:manage_service_accounts')) return;
      break;
    case 'SERVICE':
      if (isViewOnly(principal) || owner.defaultTeamId === undefined) break;
      if (await stores.apiKeys.isTeamAdmin(organizationId, owner.defaultTeamId, userId)) return;
      break;
    case 'USER':
      break;
  }
  throw new DomainError('api_key.forbidden');
}

function requireMayHaveKeys(owner: ApiKeyOwner): void {
  if (!owner.isActive)
    throw new DomainError('api_key.forbidden', { detail: 'The account is deactivated.', field: 'userId' });
  if (isViewOnly(owner))
    throw new DomainError('api_key.forbidden', { detail: 'A View-Only user has no API keys.' });
}

function requireScopes({ credential }: Principal, { scopes }: Pick<ApiKeyInput, 'scopes'>): void {
  if (credential.kind === 'session' || scopes.every((scope) => credential.scopes.includes(scope))) return;
  throw new DomainError('api_key.forbidden', {
    detail: 'An API key can only give scopes that it has itself.',
    field: 'scopes',
  });
}

function requireValid({ name, scopes, expiresAt }: ApiKeyInput, now: number): void {
  const invalid = (field: string, detail: string): DomainError =>
    new DomainError('api_key.invalid', { field, detail });
  const length = name.trim().length;
  if (length === 0 || length > LIMITS.nameLength)
    throw invalid('name', `The name of an API key has 1 to ${LIMITS.nameLength} characters.`);
  if (scopes.length === 0) throw invalid('scopes', 'An API key needs a scope.');
  if (expiresAt === undefined) return;
  const end = Date.parse(expiresAt);
  if (!(end > now) || end > now + LIMITS.apiKeyDays * DAY)
    throw invalid('expiresAt', `An API key expires in the future, within ${LIMITS.apiKeyDays} days.`);
}
