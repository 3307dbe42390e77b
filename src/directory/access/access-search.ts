import { toInstant, type Clock, type Instant } from '../../kernel/clock.js';
import { DomainError } from '../../kernel/errors.js';
import { isUuid } from '../../kernel/ids.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { isPermission, VISIBILITY_GRANTS } from '../../permissions/index.js';
import type { UnitOfWork } from '../unit-of-work.js';
import type { AccessFacts } from './access-facts.js';
import { placeOf, targetOf, type AccessPlace, type RequestProblem } from './access-place.js';
import type {
  AccessRequest,
  ActionName,
  ResourceReference,
  ResourceType,
  SubjectReference,
  SubjectType,
} from './access-request.js';
import type { AccessCaller, Candidate, Candidates } from './access-store.js';
import type { AccessService } from './access-service.js';
import { actionsOn, makesNew, placeKindOf, resourceTypesOf } from './actions.js';
import { decide, type AccessPolicy } from './decide.js';

/** Candidates looked at by one statement, and statements at most for one page. */
const SCANNED = 500;
const SCANS = 20;

/** Which part of the results is asked for. */
export interface SearchPage {
  /** Where the page before ended. */
  readonly after: string | undefined;
  readonly limit: number;
}

export interface SearchResults<T> {
  readonly results: readonly T[];
  /** Where to go on; undefined when everything has been looked at. A page may be shorter than its limit. */
  readonly next: string | undefined;
}

export type ResourceQuestion = Pick<AccessRequest, 'subject' | 'action'> & {
  readonly resource: Omit<ResourceReference, 'id'>;
};

/**
 * Finds whom or what a yes would be said to. Candidates come from the database by id, and each is decided like a single
 * question, so that what is found is what an evaluation allows.
 */
export class AccessSearch {
  readonly #unitOfWork: UnitOfWork;
  readonly #clock: Clock;
  readonly #policy: AccessPolicy;
  readonly #access: AccessService;

  constructor(parts: {
    readonly unitOfWork: UnitOfWork;
    readonly clock: Clock;
    readonly policy: AccessPolicy;
    readonly access: AccessService;
  }) {
    this.#unitOfWork = parts.unitOfWork;
    this.#clock = parts.clock;
    this.#policy = parts.policy;
    this.#access = parts.access;
  }

  /**
   * Ids of the active accounts of a kind that may do something to a resource, in their order. The question has been read
   * by `placeOf` before.
   * @throws DomainError credential.invalid
   */
  async subjects(
    caller: AccessCaller,
    question: Omit<AccessRequest, 'subject'> & { readonly type: SubjectType },
    page: SearchPage,
  ): Promise<SearchResults<string>> {
    const place = requirePlace(question);
    const isTeamOnly = await this.#isTeamOnly(caller, question.action, place);
    const { type } = question;
    return this.#scan(page, async (after) => {
      const found = await this.#unitOfWork.stores.access.subjects(
        caller,
        { type, place, isTeamOnly, after, limit: SCANNED },
        this.#now(),
      );
      const requests = found.candidates.map(({ id }): AccessRequest => ({
        ...question,
        subject: { type, id },
      }));
      const targets = await this.#targets(caller, requests);
      return {
        found,
        isAllowed: ({ facts }, index) => {
          const request = requests[index];
          return request !== undefined && decide(request, facts, this.#policy, targets[index]).isAllowed;
        },
      };
    });
  }

  /**
   * Ids of the resources of a type to which a subject may do something, in their order.
   * @returns a problem for types whose resources only the application knows, and for actions that make something new
   * @throws DomainError credential.invalid
   */
  async resources(
    caller: AccessCaller,
    question: ResourceQuestion,
    page: SearchPage,
  ): Promise<Result<SearchResults<string>, RequestProblem>> {
    const { subject, action, resource } = question;
    const problem = problemOf(question);
    if (problem) return err(problem);
    const { type } = resource;
    if (type === 'organization' || type === 'system') {
      const id = type === 'system' ? 'system' : caller.organizationId;
      const [decision] = await this.#access.evaluate(caller, [
        { subject, action, resource: { ...resource, id } },
      ]);
      return ok({ results: decision?.isAllowed === true ? [id] : [], next: undefined });
    }
    if (type !== 'project' && type !== 'team' && type !== 'role') return err(unlisted(type));
    if (resource.team !== undefined && !isUuid(resource.team)) return ok({ results: [], next: undefined });
    const [target] = await this.#targets(caller, [{ subject, action, resource: { ...resource, id: '' } }]);
    const scanned = await this.#scan(page, async (after) => ({
      found: await this.#unitOfWork.stores.access.resources(
        caller,
        { subject, type, team: resource.team, after, limit: SCANNED },
        this.#now(),
      ),
      isAllowed: ({ id, facts }) =>
        decide({ subject, action, resource: { ...resource, id } }, facts, this.#policy, target).isAllowed,
    }));
    return ok(scanned);
  }

  /**
   * What a subject may do to a resource, in the order of the catalogue.
   * @returns a problem when the resource is not described well enough for any action
   * @throws DomainError credential.invalid
   */
  async actions(
    caller: AccessCaller,
    question: { readonly subject: SubjectReference; readonly resource: ResourceReference },
    page: SearchPage,
  ): Promise<Result<SearchResults<ActionName>, RequestProblem>> {
    const { subject, resource } = question;
    let problem: RequestProblem | undefined;
    const requests: AccessRequest[] = [];
    for (const action of actionsOn(resource.type)) {
      const place = placeOf({ action, resource });
      if (place.ok) requests.push({ subject, action, resource });
      else problem ??= place.error;
    }
    if (requests.length === 0 && problem) return err(problem);
    const decisions = await this.#access.evaluate(caller, requests);
    const allowed = requests.flatMap(({ action }, index) =>
      decisions[index]?.isAllowed === true ? [action] : [],
    );
    const start = Number(page.after ?? 0);
    const end = start + page.limit;
    return ok({ results: allowed.slice(start, end), next: end < allowed.length ? String(end) : undefined });
  }

  /** Everybody has to be looked at only where a visibility or an organization role may say yes. */
  async #isTeamOnly(caller: AccessCaller, action: ActionName, place: AccessPlace): Promise<boolean> {
    switch (placeKindOf(action)) {
      case 'organization':
        return false;
      case 'team':
        return true;
      case 'project':
        break;
    }
    if (!isPermission(action) || VISIBILITY_GRANTS.open[action] === undefined) return true;
    const nobody: SubjectReference = { type: 'user', id: '' };
    const { facts } = await this.#unitOfWork.stores.access.gather(
      caller,
      [{ subject: nobody, place }],
      this.#now(),
    );
    const visibility = facts[0]?.project?.visibility;
    return visibility === undefined || VISIBILITY_GRANTS[visibility][action] === undefined;
  }

  /** The facts at the places to which runs are to be moved, one for each question. */
  async #targets(
    caller: AccessCaller,
    requests: readonly AccessRequest[],
  ): Promise<readonly (AccessFacts | undefined)[]> {
    const queries = requests.flatMap((request) => {
      const place = targetOf(request);
      return place ? [{ subject: request.subject, place }] : [];
    });
    if (queries.length === 0) return [];
    return (await this.#unitOfWork.stores.access.gather(caller, queries, this.#now())).facts;
  }

  /** Looks at candidates until the page is full, there are no more, or it has been enough for one request. */
  async #scan(
    page: SearchPage,
    look: (after: string | undefined) => Promise<{
      readonly found: Candidates;
      readonly isAllowed: (candidate: Candidate, index: number) => boolean;
    }>,
  ): Promise<SearchResults<string>> {
    const results: string[] = [];
    let { after } = page;
    if (page.limit === 0) return { results, next: after ?? FIRST };
    for (let scan = 0; scan < SCANS; scan += 1) {
      const { found, isAllowed } = await look(after);
      if (!found.isCallerLive) throw new DomainError('credential.invalid');
      for (const [index, candidate] of found.candidates.entries()) {
        after = candidate.id;
        if (!isAllowed(candidate, index)) continue;
        if (results.length === page.limit) return { results, next: results.at(-1) };
        results.push(candidate.id);
      }
      if (found.candidates.length < SCANNED) return { results, next: undefined };
    }
    return { results, next: after };
  }

  #now(): Instant {
    return toInstant(this.#clock.now());
  }
}

/** Before every id. */
const FIRST = '00000000-0000-0000-0000-000000000000';

function requirePlace(question: Omit<AccessRequest, 'subject'>): AccessPlace {
  const place = placeOf(question);
  if (!place.ok) throw new Error(`a question was not read: ${place.error.detail}`);
  return place.value;
}

function problemOf({ action, resource }: ResourceQuestion): RequestProblem | undefined {
  const { type } = resource;
  if (resourceTypesOf(action).includes(type) && makesNew(action) && action.startsWith(`${type}:`))
    return {
      field: 'action.name',
      detail: `${action} makes something new: there is no ${type} to find yet. Ask about ${resourceTypesOf(action)[1] ?? ''}.`,
    };
  const place = placeOf({ action, resource: { ...resource, id: '' } });
  // What is in a project or a team is not listed here anyway.
  return place.ok || !isListed(type) ? undefined : place.error;
}

const isListed = (type: ResourceType): boolean =>
  ['project', 'team', 'role', 'organization', 'system'].includes(type);

const unlisted = (type: ResourceType): RequestProblem => ({
  field: 'resource.type',
  detail: `Only the application knows which ${type}s there are. project, team, role, organization and system can be searched.`,
});
