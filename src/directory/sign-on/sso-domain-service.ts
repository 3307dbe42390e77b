import { toInstant, type Clock } from '../../kernel/clock.js';
import { DomainError } from '../../kernel/errors.js';
import { newId } from '../../kernel/ids.js';
import { LIMITS } from '../../kernel/limits.js';
import { constantTimeEquals, newSecret } from '../../kernel/secrets.js';
import type { IdWindow, Page } from '../query.js';
import type { RequestContext } from '../request-context.js';
import type { UnitOfWork } from '../unit-of-work.js';
import { normaliseDomain } from './domain-name.js';
import type { SsoDomain } from './sso-domain-store.js';

/** The TXT record that shows that a domain belongs to the organization. */
export interface DomainChallenge {
  readonly recordName: string;
  readonly recordValue: string;
}

/** TXT records of a name; none when there is no such name. Throws when nobody can say. */
type ResolveTxt = (name: string) => Promise<readonly string[]>;

const CHALLENGE_LABEL = '_rollcall-challenge';
const CHALLENGE_PREFIX = 'rollcall-domain-verification=';

/** What to put into the DNS for a domain. */
export const challengeOf = ({ domain, challenge }: SsoDomain): DomainChallenge => ({
  recordName: `${CHALLENGE_LABEL}.${domain}`,
  recordValue: challenge,
});

/**
 * E-mail domains of organizations. A verified one sends its people to its SsoConnection and lets that connection speak
 * for their addresses, so nobody gets one without a record in its DNS or the operator's word.
 */
export class SsoDomainService {
  readonly #unitOfWork: UnitOfWork;
  readonly #clock: Clock;
  readonly #resolveTxt: ResolveTxt;

  constructor(parts: {
    readonly unitOfWork: UnitOfWork;
    readonly clock: Clock;
    readonly resolveTxt: ResolveTxt;
  }) {
    this.#unitOfWork = parts.unitOfWork;
    this.#clock = parts.clock;
    this.#resolveTxt = parts.resolveTxt;
  }

  /** Of one connection, or of the organization. */
  list(organizationId: string, ssoConnectionId?: string): Promise<readonly SsoDomain[]> {
    return this.#unitOfWork.stores.ssoDomains.list(organizationId, ssoConnectionId);
  }

  /** Of one connection, or of the organization, in the order of their ids. */
  page(
    organizationId: string,
    ssoConnectionId: string | undefined,
    window: IdWindow,
  ): Promise<Page<SsoDomain>> {
    return this.#unitOfWork.stores.ssoDomains.page(organizationId, ssoConnectionId, window);
  }

  /** @throws DomainError sso_domain.not_found */
  async get(organizationId: string, id: string): Promise<SsoDomain> {
    const domain = await this.#unitOfWork.stores.ssoDomains.find(organizationId, id);
    if (!domain) throw new DomainError('sso_domain.not_found');
    return domain;
  }

  /**
   * Registers a domain, unverified, with the challenge for its DNS.
   * @throws DomainError sso_domain.invalid, sso_domain.taken, sso_domain.limit_reached, sso_connection.not_found
   */
  async create(context: RequestContext, ssoConnectionId: string, name: string): Promise<SsoDomain> {
    const domain: SsoDomain = {
      id: newId(this.#clock.now()),
      organizationId: context.organizationId,
      ssoConnectionId,
      domain: requireDomain(name),
      challenge: newSecret(CHALLENGE_PREFIX),
      createdAt: toInstant(this.#clock.now()),
      verifiedAt: undefined,
    };
    await this.#unitOfWork.transaction(async (stores) => {
      await stores.organizations.lock(context.organizationId);
      const others = await stores.ssoDomains.list(context.organizationId);
      if (others.length >= LIMITS.domainsPerOrganization)
        throw new DomainError('sso_domain.limit_reached', {
          detail: `An organization has ${LIMITS.domainsPerOrganization} domains at most.`,
        });
      await stores.ssoDomains.insert(context, domain);
    });
    return domain;
  }

  /**
   * Looks for the challenge in the DNS, and believes the domain when it is there. A domain that is verified stays so.
   * @throws DomainError sso_domain.not_found, sso_domain.challenge_missing, sso_domain.dns_unavailable, sso_domain.taken
   */
  async verify(context: RequestContext, id: string): Promise<SsoDomain> {
    const domain = await this.get(context.organizationId, id);
    if (domain.verifiedAt !== undefined) return domain;
    const { recordName, recordValue } = challengeOf(domain);
    const records = await this.#resolve(recordName);
    if (!records.some((record) => constantTimeEquals(record.trim(), recordValue)))
      throw new DomainError('sso_domain.challenge_missing', {
        detail: `There is no TXT record ${recordName} that says ${recordValue}. A new record can take a while to be seen.`,
      });
    return this.#setVerified(context, id);
  }

  async #resolve(name: string): Promise<readonly string[]> {
    try {
      return await this.#resolveTxt(name);
    } catch (error) {
      throw new DomainError('sso_domain.dns_unavailable', { cause: error });
    }
  }

  /**
   * Believes a domain on the word of the operator; registers it when it is not there yet.
   * @throws DomainError sso_domain.invalid, sso_domain.taken, sso_domain.limit_reached, sso_connection.not_found
   */
  async verifyByOperator(context: RequestContext, ssoConnectionId: string, name: string): Promise<SsoDomain> {
    const { organizationId } = context;
    const known = await this.#unitOfWork.stores.ssoDomains.findByName(organizationId, requireDomain(name));
    if (!known) {
      const { id } = await this.create(context, ssoConnectionId, name);
      return this.#setVerified(context, id);
    }
    if (known.ssoConnectionId !== ssoConnectionId) await this.assign(context, known.id, ssoConnectionId);
    return known.verifiedAt === undefined
      ? this.#setVerified(context, known.id)
      : this.get(organizationId, known.id);
  }

  async #setVerified(context: RequestContext, id: string): Promise<SsoDomain> {
    await this.#unitOfWork.transaction((stores) => stores.ssoDomains.verify(context, id));
    return this.get(context.organizationId, id);
  }

  /** Sends the people of a domain to another connection. @throws DomainError sso_domain.not_found, sso_connection.not_found */
  async assign(context: RequestContext, id: string, ssoConnectionId: string): Promise<void> {
    const isKnown = await this.#unitOfWork.transaction((stores) =>
      stores.ssoDomains.assign(context, id, ssoConnectionId),
    );
    if (!isKnown) throw new DomainError('sso_domain.not_found');
  }

  /** @throws DomainError sso_domain.not_found */
  async delete(context: RequestContext, id: string): Promise<void> {
    const isKnown = await this.#unitOfWork.transaction((stores) => stores.ssoDomains.delete(context, id));
    if (!isKnown) throw new DomainError('sso_domain.not_found');
  }
}

function requireDomain(name: string): string {
  const domain = normaliseDomain(name);
  if (domain === undefined)
    throw new DomainError('sso_domain.invalid', {
      detail: 'domain: this is not a domain with at least two labels, such as example.com.',
      field: 'domain',
    });
  return domain;
}
