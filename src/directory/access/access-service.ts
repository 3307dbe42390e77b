import { toInstant, type Clock } from '../../kernel/clock.js';
import { DomainError } from '../../kernel/errors.js';
import type { Principal } from '../principals/index.js';
import type { UnitOfWork } from '../unit-of-work.js';
import type { AccessFacts } from './access-facts.js';
import { placeOf, targetOf, type FactsQuery } from './access-place.js';
import type { ActionName, AccessRequest, ResourceReference } from './access-request.js';
import type { AccessCaller } from './access-store.js';
import { decide, type AccessPolicy } from './decide.js';
import type { Decision } from './decision.js';

/** Answers who may do what, from the database as it is at that moment. */
export class AccessService {
  readonly #unitOfWork: UnitOfWork;
  readonly #clock: Clock;
  readonly #policy: AccessPolicy;

  constructor({
    unitOfWork,
    clock,
    policy,
  }: {
    readonly unitOfWork: UnitOfWork;
    readonly clock: Clock;
    readonly policy: AccessPolicy;
  }) {
    this.#unitOfWork = unitOfWork;
    this.#clock = clock;
    this.#policy = policy;
  }

  /**
   * Answers questions, which have been read by `placeOf` before, in their order, all as of the same moment.
   * @throws DomainError credential.invalid when the caller's key or account is not live any more
   */
  async evaluate(caller: AccessCaller, requests: readonly AccessRequest[]): Promise<readonly Decision[]> {
    const gathered = new FactsPlan(requests);
    const { isCallerLive, facts } = await this.#unitOfWork.stores.access.gather(
      caller,
      gathered.queries,
      toInstant(this.#clock.now()),
    );
    if (!isCallerLive) throw new DomainError('credential.invalid');
    return requests.map((request, index) => {
      const { place, target } = gathered.positionsOf(index);
      return decide(
        request,
        requireFacts(facts, place),
        this.#policy,
        target === undefined ? undefined : facts[target],
      );
    });
  }

  /** Answers one question about somebody who has signed in here. */
  async decide(principal: Principal, action: ActionName, resource: ResourceReference): Promise<Decision> {
    const subject = {
      type: principal.accountType === 'USER' ? 'user' : 'service_account',
      id: principal.userId,
    } as const;
    const caller = { organizationId: principal.organizationId, apiKeyId: undefined };
    const [decision] = await this.evaluate(caller, [{ subject, action, resource }]);
    if (!decision) throw new Error('a question has no answer');
    return decision;
  }

  /**
   * Refuses what the principal may not do.
   * @throws DomainError permission.denied, which says what is missing
   */
  async require(principal: Principal, action: ActionName, resource: ResourceReference): Promise<void> {
    const decision = await this.decide(principal, action, resource);
    if (!decision.isAllowed) throw new DomainError('permission.denied', { detail: decision.reason });
  }
}

/** What to ask the store for, each thing once, and which answer belongs to which question. */
class FactsPlan {
  readonly queries: FactsQuery[] = [];
  readonly #positions = new Map<string, number>();
  readonly #byRequest: { readonly place: number; readonly target: number | undefined }[] = [];

  constructor(requests: readonly AccessRequest[]) {
    for (const request of requests) {
      const place = placeOf(request);
      if (!place.ok) throw new Error(`a question was not read: ${place.error.detail}`);
      const target = targetOf(request);
      const { subject } = request;
      this.#byRequest.push({
        place: this.#position({ subject, place: place.value }),
        target: target && this.#position({ subject, place: target }),
      });
    }
  }

  positionsOf(request: number): { readonly place: number; readonly target: number | undefined } {
    return this.#byRequest[request] ?? { place: -1, target: undefined };
  }

  #position(query: FactsQuery): number {
    const { subject, place } = query;
    const key = JSON.stringify([
      subject.type,
      subject.id,
      place.project ?? 0,
      place.team ?? 0,
      place.customRole ?? 0,
    ]);
    const known = this.#positions.get(key);
    if (known !== undefined) return known;
    this.#positions.set(key, this.queries.length);
    return this.queries.push(query) - 1;
  }
}

function requireFacts(facts: readonly AccessFacts[], position: number): AccessFacts {
  const found = facts[position];
  if (!found) throw new Error('the store did not answer every question');
  return found;
}
