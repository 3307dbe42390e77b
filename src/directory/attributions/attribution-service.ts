import { toInstant, type Clock } from '../../kernel/clock.js';
import { DomainError } from '../../kernel/errors.js';
import { isUuid } from '../../kernel/ids.js';
import type { UnitOfWork } from '../unit-of-work.js';

/** Why work is attributed to somebody, or to nobody. */
export const ATTRIBUTION_OUTCOMES = [
  'attributed',
  'user_unknown',
  'user_deactivated',
  'user_not_in_team',
] as const;
export type AttributionOutcome = (typeof ATTRIBUTION_OUTCOMES)[number];

export interface Attribution {
  /** Whose work it is; undefined: nobody's but the service account's. */
  readonly userId: string | undefined;
  /** The team that was looked at. */
  readonly teamId: string;
  readonly outcome: AttributionOutcome;
}

export interface AttributionQuestion {
  readonly serviceAccountId: string;
  /** Undefined: the team of the service account. */
  readonly teamId: string | undefined;
  /** The userName, in any case, or an e-mail address of the person named by the client. */
  readonly person: string;
}

/**
 * To whom the work of a service account is attributed: to the person that its client names, if that is an active member of
 * the team. Otherwise to nobody; the work goes on all the same.
 */
export class AttributionService {
  readonly #unitOfWork: UnitOfWork;
  readonly #clock: Clock;

  constructor({ unitOfWork, clock }: { readonly unitOfWork: UnitOfWork; readonly clock: Clock }) {
    this.#unitOfWork = unitOfWork;
    this.#clock = clock;
  }

  /** @throws DomainError service_account.not_found, team.not_found */
  async attribute(organizationId: string, question: AttributionQuestion): Promise<Attribution> {
    const { stores } = this.#unitOfWork;
    const { serviceAccountId, person } = question;
    const account = isUuid(serviceAccountId)
      ? await stores.serviceAccounts.find(organizationId, serviceAccountId)
      : undefined;
    if (!account) throw new DomainError('service_account.not_found', { field: 'serviceAccountId' });
    const teamId = question.teamId ?? account.teamId;
    const place = { project: undefined, team: isUuid(teamId) ? teamId : undefined, customRole: undefined };
    const { facts } = await stores.access.gather(
      { organizationId, apiKeyId: undefined },
      [{ subject: { type: 'user', id: person }, place }],
      toInstant(this.#clock.now()),
    );
    const [found] = facts;
    if (!found?.team) throw new DomainError('team.not_found', { field: 'teamId' });
    const { subject, membership } = found;
    const nobody = (outcome: AttributionOutcome): Attribution => ({ userId: undefined, teamId, outcome });
    if (subject === 'unknown' || subject === 'ambiguous' || subject.isRemoved) return nobody('user_unknown');
    if (!subject.isActive) return nobody('user_deactivated');
    return membership ? { userId: subject.id, teamId, outcome: 'attributed' } : nobody('user_not_in_team');
  }
}
