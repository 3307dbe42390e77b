import { toInstant, type Clock } from '../../kernel/clock.js';
import { DomainError } from '../../kernel/errors.js';
import { PERMISSION_NAMES } from '../../permissions/index.js';
import type { Principal } from '../principals/index.js';
import type { UnitOfWork } from '../unit-of-work.js';
import type { AccessFacts, RoleFacts } from './access-facts.js';
import { placeOf, targetOf, type FactsQuery } from './access-place.js';
import type {
  AccessRequest,
  ActionName,
  ResourceReference,
  ResourceType,
  SubjectReference,
} from './access-request.js';
import { actionsOn, placeKindOf } from './actions.js';
import type { AccessCaller } from './access-store.js';
import { decide, type AccessPolicy } from './decide.js';
import type { Decision } from './decision.js';
import { scopeOf } from './role-scope.js';

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
    const [decision] = await this.#decideAll(principal, [action], resource);
    if (!decision) throw new Error('a question has no answer');
    return decision;
  }

  /**
   * Refuses what the principal may not do.
   * @throws DomainError permission.denied, which says what is missing; team.not_found, project.not_found, role.not_found
   *   for what is not there
   */
  async require(principal: Principal, action: ActionName, resource: ResourceReference): Promise<void> {
    refuse(await this.decide(principal, action, resource), resource.type);
  }

  /** Lets through who may do at least one of these. @throws DomainError like `require`, for the first of them */
  async requireAny(
    principal: Principal,
    actions: readonly [ActionName, ...ActionName[]],
    resource: ResourceReference,
  ): Promise<void> {
    const decisions = await this.#decideAll(principal, actions, resource);
    if (decisions.some(({ isAllowed }) => isAllowed)) return;
    for (const decision of decisions) refuse(decision, resource.type);
  }

  /**
   * Refuses a role in a project that has more than the principal has there: otherwise whoever may manage members could
   * make more of itself. Team admins give any.
   * @throws DomainError permission.denied, project.not_found
   */
  async requireMayGive(principal: Principal, project: string, role: RoleFacts): Promise<void> {
    const resource = { type: 'project', id: project } as const;
    const manage = await this.decide(principal, 'project:manage_members', resource);
    refuse(manage, 'project');
    if (manage.code === 'team_role' && manage.role === 'admin') return;
    const given = PERMISSION_NAMES.filter(
      (permission) => GIVEN_IN_PROJECTS.has(permission) && scopeOf(role, permission) === 'any',
    );
    const decisions = await this.#decideAll(principal, given, resource);
    const missing = given.find((_, index) => {
      const { isAllowed, scope } = decisions[index] ?? {};
      return isAllowed !== true || scope === 'own';
    });
    if (missing !== undefined)
      throw new DomainError('permission.denied', {
        detail: `The role gives ${missing} for everything, which the caller does not have here.`,
        field: 'role',
      });
  }

  async #decideAll(
    principal: Principal,
    actions: readonly ActionName[],
    resource: ResourceReference,
  ): Promise<readonly Decision[]> {
    const subject = subjectOf(principal);
    const caller = { organizationId: principal.organizationId, apiKeyId: undefined };
    return this.evaluate(
      caller,
      actions.map((action) => ({ subject, action, resource })),
    );
  }
}

const subjectOf = ({ accountType, userId }: Principal): SubjectReference => ({
  type: accountType === 'USER' ? 'user' : 'service_account',
  id: userId,
});

/** What a role in a project can give; moving a run is also a matter of where to. */
const GIVEN_IN_PROJECTS: ReadonlySet<string> = new Set(
  actionsOn('project').filter((action) => placeKindOf(action) === 'project' && action !== 'run:move'),
);

const NOT_FOUND = { team: 'team.not_found', project: 'project.not_found', role: 'role.not_found' } as const;

function refuse(decision: Decision, type: ResourceType): void {
  if (decision.isAllowed) return;
  if (decision.code === 'resource_unknown' && (type === 'team' || type === 'project' || type === 'role'))
    throw new DomainError(NOT_FOUND[type]);
  throw new DomainError('permission.denied', { detail: decision.reason });
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
