import { sql, type Kysely } from 'kysely';
import type { Clock } from '../../kernel/clock.js';
import { foldCase } from '../../kernel/fold.js';
import type { Filter } from '../../directory/filter/index.js';
import type { TeamGrant } from '../../directory/mapping-rules/map-groups.js';
import type { ListQuery, Page } from '../../directory/query.js';
import type { RequestContext } from '../../directory/request-context.js';
import type { TeamMember, TeamRecord } from '../../directory/teams/team.js';
import type {
  MemberDelta,
  MemberIds,
  TeamReadScope,
  TeamStore,
  TeamWriteOutcome,
  TeamWriteVerdict,
} from '../../directory/teams/team-store.js';
import type { ExternalIdScope } from '../../directory/connections/external-id-scope.js';
import { auditParameters } from '../audit-parameters.js';
import type { Database } from '../database.js';
import { filterToSql } from '../filters/filter-to-sql.js';
import { memberParts, MEMBERS, teamColumns } from '../filters/team-columns.js';
import { readPage } from '../page-query.js';
import { run, type Statement } from '../statement.js';
import { holdLiveTeams } from './hold-live-teams.js';
import { PackedIds } from './packed-ids.js';
import {
  ARCHIVE_TEAM,
  CHANGE_MAPPED_MEMBERS,
  CHANGE_MEMBERS,
  COUNT_TEAMS,
  FIND_TEAM,
  FIND_TEAM_WITH_MEMBER_IDS,
  IDS_PER_ROW,
  FIND_TEAMS,
  INSERT_TEAM,
  READ_MEMBERS,
  REPLACE_MAPPED_MEMBERS,
  REPLACE_MEMBERS,
  TEAM_COLUMNS,
  WRITE_TEAM,
} from './team-statements.js';

interface TeamRow {
  readonly id: string;
  readonly display_name: string;
  readonly version: number;
  readonly created_at: string;
  readonly updated_at: string;
  readonly external_id: string | null;
}

const toTeam = (row: TeamRow): TeamRecord => ({
  id: row.id,
  externalId: row.external_id ?? undefined,
  displayName: row.display_name,
  version: row.version,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
});

/** Role, custom role and rule, in the order in which the statements take them. */
const grantColumns = (grant: TeamGrant | undefined): readonly (string | null)[] => [
  grant?.role ?? 'member',
  grant?.customRoleId ?? null,
  grant?.ruleId ?? null,
];

function statementFor({ isReplacement, mapping }: MemberDelta): Statement {
  if (mapping) return isReplacement ? REPLACE_MAPPED_MEMBERS : CHANGE_MAPPED_MEMBERS;
  return isReplacement ? REPLACE_MEMBERS : CHANGE_MEMBERS;
}

/** Teams in SQL. Works on the database itself and inside a transaction alike. */
export class TeamRepository implements TeamStore {
  readonly #db: Kysely<Database>;
  readonly #clock: Clock;

  constructor(db: Kysely<Database>, clock: Clock) {
    this.#db = db;
    this.#clock = clock;
  }

  async find(scope: TeamReadScope, id: string): Promise<TeamRecord | undefined> {
    const [row] = await run<TeamRow>(this.#db, FIND_TEAM, [
      scope.organizationId,
      scope.connectionId ?? null,
      id,
    ]);
    return row && toTeam(row);
  }

  async findWithMemberIds(
    scope: TeamReadScope,
    id: string,
  ): Promise<{ readonly team: TeamRecord; readonly memberIds: MemberIds } | undefined> {
    const rows = await run<TeamRow & { member_ids: Uint8Array | null }>(this.#db, FIND_TEAM_WITH_MEMBER_IDS, [
      scope.organizationId,
      scope.connectionId ?? null,
      id,
    ]);
    const [first] = rows;
    return (
      first && {
        team: toTeam(first),
        memberIds: new PackedIds(
          rows.map(({ member_ids: ids }) => ids),
          IDS_PER_ROW,
        ),
      }
    );
  }

  async findMany(scope: TeamReadScope, ids: readonly string[]): Promise<readonly TeamRecord[]> {
    if (ids.length === 0) return [];
    const rows = await run<TeamRow>(this.#db, FIND_TEAMS, [
      scope.organizationId,
      scope.connectionId ?? null,
      ids,
    ]);
    const byId = new Map(rows.map((row) => [row.id, row]));
    return ids.flatMap((id) => {
      const row = byId.get(id);
      return row ? [toTeam(row)] : [];
    });
  }

  list(scope: TeamReadScope, query: ListQuery): Promise<Page<TeamRecord>> {
    return readPage<TeamRow, TeamRecord>(
      this.#db,
      {
        alias: 't',
        // eslint-disable-next-line no-restricted-syntax -- fixed text of this folder, never a client's
        columns: sql.raw(TEAM_COLUMNS),
        from: sql`teams t left join external_ids x on x.org_id = t.org_id
          and x.connection_id = ${scope.connectionId ?? null}::uuid and x.resource_id = t.id`,
        where: sql<boolean>`(t.org_id = ${scope.organizationId}::uuid and t.archived_at is null)`,
        findColumn: teamColumns(scope),
        countAll: () => this.#count(scope.organizationId),
        toItem: toTeam,
      },
      query,
    );
  }

  async #count(organizationId: string): Promise<number> {
    const [row] = await run<{ total: number }>(this.#db, COUNT_TEAMS, [organizationId]);
    return row?.total ?? 0;
  }

  async members(organizationId: string, ids: readonly string[]): Promise<readonly TeamMember[]> {
    if (ids.length === 0) return [];
    const rows = await run<{ id: string; display_name: string }>(this.#db, READ_MEMBERS, [
      organizationId,
      ids,
    ]);
    return rows.map((row) => ({ userId: row.id, name: row.display_name }));
  }

  async knownUsers(organizationId: string, ids: readonly string[]): Promise<ReadonlySet<string>> {
    return new Set((await this.members(organizationId, ids)).map((member) => member.userId));
  }

  hold(organizationId: string, ids: readonly string[]): Promise<ReadonlySet<string>> {
    return holdLiveTeams(this.#db, organizationId, ids);
  }

  async selectMembers(scope: TeamReadScope, id: string, filter: Filter): Promise<readonly string[]> {
    const parts = memberParts(scope.baseUrl);
    const condition = filterToSql(filter, (path) => parts[(path.sub?.name ?? 'value') as keyof typeof parts]);
    const { rows } = await sql<{ user_id: string }>`
      select m.user_id from teams t join (${MEMBERS}) on m.org_id = t.org_id and m.team_id = t.id
       where t.org_id = ${scope.organizationId}::uuid and t.id = ${id}::uuid and ${condition}`.execute(
      this.#db,
    );
    return rows.map((row) => row.user_id);
  }

  async findByName(
    organizationId: string,
    name: string,
  ): Promise<{ readonly id: string; readonly name: string } | undefined> {
    const row = await this.#db
      .selectFrom('teams')
      .select(['id', 'display_name'])
      .where('org_id', '=', organizationId)
      .where('display_name_key', '=', foldCase(name))
      .where('archived_at', 'is', null)
      .executeTakeFirst();
    return row && { id: row.id, name: row.display_name };
  }

  async insert(
    context: RequestContext,
    scope: ExternalIdScope | undefined,
    draft: Parameters<TeamStore['insert']>[2],
  ): Promise<void> {
    const audit = auditParameters(this.#clock, context);
    await run(this.#db, INSERT_TEAM, [
      context.organizationId,
      draft.id,
      draft.displayName,
      foldCase(draft.displayName),
      audit.now,
      scope?.connectionId ?? null,
      draft.externalId ?? null,
      scope?.isUnique ?? false,
      draft.memberIds,
      ...audit.columns,
      ...grantColumns(draft.grant),
    ]);
  }

  async write(
    context: RequestContext,
    scope: ExternalIdScope | undefined,
    id: string,
    change: Parameters<TeamStore['write']>[3],
  ): Promise<TeamWriteOutcome | undefined> {
    const audit = auditParameters(this.#clock, context);
    const { displayName } = change;
    const [row] = await run<TeamRow & { verdict: TeamWriteVerdict }>(this.#db, WRITE_TEAM, [
      context.organizationId,
      id,
      scope?.connectionId ?? null,
      change.expectedVersion ?? null,
      displayName ?? null,
      displayName === undefined ? null : foldCase(displayName),
      change.externalId !== undefined,
      change.externalId ?? null,
      scope?.isUnique ?? false,
      audit.now,
      ...audit.columns,
    ]);
    return row && { verdict: row.verdict, team: toTeam(row) };
  }

  async changeMembers(
    context: RequestContext,
    scope: ExternalIdScope | undefined,
    id: string,
    delta: MemberDelta,
    expectedVersion: number | undefined,
  ): Promise<TeamWriteOutcome | undefined> {
    const audit = auditParameters(this.#clock, context);
    const [row] = await run<TeamRow & { verdict: TeamWriteVerdict; touched?: string | null }>(
      this.#db,
      statementFor(delta),
      [
        context.organizationId,
        id,
        scope?.connectionId ?? null,
        expectedVersion ?? null,
        delta.add,
        delta.remove,
        audit.now,
        ...audit.columns,
        ...grantColumns(delta.mapping?.grant),
      ],
    );
    if (!row) return undefined;
    const touchedIds = row.touched ? (JSON.parse(row.touched) as readonly string[]) : [];
    return { verdict: row.verdict, team: toTeam(row), touchedIds };
  }

  async archive(
    context: RequestContext,
    id: string,
    expectedVersion: number | undefined,
  ): Promise<'archived' | 'stale' | undefined> {
    const audit = auditParameters(this.#clock, context);
    const [row] = await run<{ verdict: 'archived' | 'stale' }>(this.#db, ARCHIVE_TEAM, [
      context.organizationId,
      id,
      expectedVersion ?? null,
      audit.now,
      ...audit.columns,
    ]);
    return row?.verdict;
  }
}
