import type { Filter } from '../filter/filter.js';
import type { TeamGrant } from '../mapping-rules/map-groups.js';
import type { ListQuery, Page } from '../query.js';
import type { RequestContext } from '../request-context.js';
import type { ExternalIdScope } from '../connections/external-id-scope.js';
import type { TeamMember, TeamRecord } from './team.js';

export interface TeamReadScope {
  readonly organizationId: string;
  readonly connectionId: string | undefined;
  /** Base of `meta.location`, for filters on it: `https://host/scim/v2`. */
  readonly baseUrl: string;
}

/** The members of a team at one moment: ids only, so that even 100,000 of them are a few megabytes. */
export interface MemberIds {
  readonly count: number;
  slice(from: number, to: number): readonly string[];
}

export interface MemberDelta {
  readonly add: readonly string[];
  readonly remove: readonly string[];
  /** True when every member not in `add` goes. */
  readonly isReplacement: boolean;
  /** Given where mapping rules count memberships: with the role of those who are added, unless that is `member`. */
  readonly mapping?: { readonly grant: TeamGrant | undefined };
}

export type TeamWriteVerdict = 'written' | 'unchanged' | 'stale';

export interface TeamWriteOutcome {
  readonly verdict: TeamWriteVerdict;
  readonly team: TeamRecord;
  /** With a mapping: whose membership came, went, or has become one of the Connection. */
  readonly touchedIds?: readonly string[];
}

/** Reads and writes of teams. Every write and its audit event travel together. */
export interface TeamStore {
  find(scope: TeamReadScope, id: string): Promise<TeamRecord | undefined>;
  findWithMemberIds(
    scope: TeamReadScope,
    id: string,
  ): Promise<{ readonly team: TeamRecord; readonly memberIds: MemberIds } | undefined>;
  list(scope: TeamReadScope, query: ListQuery): Promise<Page<TeamRecord>>;
  findMany(scope: TeamReadScope, ids: readonly string[]): Promise<readonly TeamRecord[]>;
  /** Ids of the live teams among these, locked until the end of the transaction: none is archived meanwhile. */
  hold(organizationId: string, ids: readonly string[]): Promise<ReadonlySet<string>>;
  /** Names of members; those that have gone meanwhile are left out. The order is that of the ids. */
  members(organizationId: string, ids: readonly string[]): Promise<readonly TeamMember[]>;
  /** Ids of the live people among these. */
  knownUsers(organizationId: string, ids: readonly string[]): Promise<ReadonlySet<string>>;
  /** Ids of the members that a filter on `members` selects. */
  selectMembers(scope: TeamReadScope, id: string, filter: Filter): Promise<readonly string[]>;
  /** Id of the live team with this name in any case. */
  findByName(
    organizationId: string,
    name: string,
  ): Promise<{ readonly id: string; readonly name: string } | undefined>;
  /**
   * Creates the team with its members and the organization's service accounts.
   * @throws DomainError team.name_taken, team.unknown_member
   */
  insert(
    context: RequestContext,
    scope: ExternalIdScope | undefined,
    draft: {
      readonly id: string;
      readonly displayName: string;
      readonly externalId: string | undefined;
      readonly memberIds: readonly string[];
      /** The role of the members that a mapping rule gives. */
      readonly grant?: TeamGrant | undefined;
    },
  ): Promise<void>;
  /** @throws DomainError team.name_taken */
  write(
    context: RequestContext,
    scope: ExternalIdScope | undefined,
    id: string,
    change: {
      readonly displayName?: string;
      readonly externalId?: string | null;
      readonly expectedVersion?: number;
    },
  ): Promise<TeamWriteOutcome | undefined>;
  /** @throws DomainError team.unknown_member */
  changeMembers(
    context: RequestContext,
    scope: ExternalIdScope | undefined,
    id: string,
    delta: MemberDelta,
    expectedVersion: number | undefined,
  ): Promise<TeamWriteOutcome | undefined>;
  archive(
    context: RequestContext,
    id: string,
    expectedVersion: number | undefined,
  ): Promise<'archived' | 'stale' | undefined>;
}
