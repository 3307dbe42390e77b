import type { Instant } from '../../kernel/clock.js';
import type { AccessFacts } from './access-facts.js';
import type { AccessPlace, FactsQuery } from './access-place.js';
import type { SubjectType } from './access-request.js';

/** In whose name facts are gathered. */
export interface AccessCaller {
  readonly organizationId: string;
  /** The API key that asks; undefined for Rollcall itself. */
  readonly apiKeyId: string | undefined;
}

/** Facts as of one moment, and whether the caller was entitled to them at that moment. */
export interface GatheredFacts {
  /** Always true for Rollcall itself. */
  readonly isCallerLive: boolean;
  /** In the order of the queries. */
  readonly facts: readonly AccessFacts[];
}

/** Facts about a candidate, and the id after which the next candidates follow. */
export interface Candidate {
  readonly id: string;
  readonly facts: AccessFacts;
}

export interface Candidates {
  readonly isCallerLive: boolean;
  /** By id. Fewer than the limit: there are no more. */
  readonly candidates: readonly Candidate[];
}

export interface SubjectSearch {
  readonly type: SubjectType;
  readonly place: AccessPlace;
  /** Only who is in the team, the organization's service accounts and its admins: nobody else can have it. */
  readonly isTeamOnly: boolean;
  readonly after: string | undefined;
  readonly limit: number;
}

export interface ResourceSearch {
  readonly subject: FactsQuery['subject'];
  readonly type: 'project' | 'team' | 'role';
  /** Only what is in this team. */
  readonly team: string | undefined;
  readonly after: string | undefined;
  readonly limit: number;
}

/** Gathers what decisions need, each time in one statement and from the database itself. */
export interface AccessStore {
  gather(caller: AccessCaller, queries: readonly FactsQuery[], now: Instant): Promise<GatheredFacts>;
  subjects(caller: AccessCaller, search: SubjectSearch, now: Instant): Promise<Candidates>;
  resources(caller: AccessCaller, search: ResourceSearch, now: Instant): Promise<Candidates>;
}
