import { sql, type Kysely, type Selectable } from 'kysely';
import { toInstant, type Clock } from '../../kernel/clock.js';
import { foldCase } from '../../kernel/fold.js';
import type { Page } from '../../directory/query.js';
import type { RequestContext } from '../../directory/request-context.js';
import type {
  ManagedTeam,
  StorageBucket,
  TeamLink,
  TeamQuery,
  TeamSortKey,
} from '../../directory/teams/managed-team.js';
import type {
  LockedTeam,
  ManagedTeamDraft,
  ManagedTeamStore,
  TeamSettings,
  TeamViewer,
} from '../../directory/teams/managed-team-store.js';
import {
  effectivePrivacy,
  enforcedSettings,
  type EnforcedPrivacy,
  type TeamPrivacy,
} from '../../directory/teams/team-privacy.js';
import { appendAuditEvent } from '../audit-repository.js';
import { countOneMore } from '../counters.js';
import type { Database } from '../database.js';
import type { OrganizationTable } from '../tables/organization-tables.js';
import type { TeamTable } from '../tables/team-tables.js';
import type { SqlCondition, SqlExpression } from '../filters/column.js';
import { allOf, readKeysetPage } from '../keyset-page.js';

type TeamRow = Selectable<TeamTable>;
type PrivacyRow = Pick<
  Selectable<OrganizationTable>,
  | 'enforced_hides_from_non_members'
  | 'enforced_project_privacy'
  | 'forbids_member_invitations'
  | 'enforced_blocks_report_sharing'
  | 'enforced_saves_code'
>;
type Row = TeamRow & PrivacyRow & { readonly caller_role: string | null };

const ENFORCED = sql`o.enforced_hides_from_non_members, o.enforced_project_privacy, o.forbids_member_invitations,
  o.enforced_blocks_report_sharing, o.enforced_saves_code`;

const SORT_KEYS: Readonly<Record<TeamSortKey, SqlExpression | undefined>> = {
  displayName: sql`coalesce(t.display_name_key, lower(t.display_name))`,
  createdAt: undefined,
};

/** Teams with the role of whoever looks at them. */
const fromFor = (viewer: TeamViewer): SqlExpression => sql`teams t
  join organizations o on o.id = t.org_id
  left join team_members m on m.org_id = t.org_id and m.team_id = t.id and m.user_id = ${viewer.userId}::uuid
  left join roles r on r.org_id = m.org_id and r.id = m.custom_role_id`;

const COLUMNS = sql`t.*, ${ENFORCED}, coalesce(r.name, m.role) as caller_role`;

const visibleTo = (viewer: TeamViewer): SqlCondition =>
  allOf(
    sql<boolean>`t.org_id = ${viewer.organizationId}::uuid`,
    viewer.seesHidden
      ? undefined
      : sql<boolean>`t.archived_at is null and (m.user_id is not null
          or not coalesce(o.enforced_hides_from_non_members, t.hides_from_non_members))`,
  );

/** Teams as people manage them, in SQL. */
export class ManagedTeamRepository implements ManagedTeamStore {
  readonly #db: Kysely<Database>;
  readonly #clock: Clock;

  constructor(db: Kysely<Database>, clock: Clock) {
    this.#db = db;
    this.#clock = clock;
  }

  async find(viewer: TeamViewer, id: string): Promise<ManagedTeam | undefined> {
    const { rows } = await sql<Row>`
      select ${COLUMNS} from ${fromFor(viewer)} where ${visibleTo(viewer)} and t.id = ${id}::uuid`.execute(
      this.#db,
    );
    return rows[0] && toManagedTeam(rows[0]);
  }

  list(viewer: TeamViewer, query: TeamQuery): Promise<Page<ManagedTeam>> {
    const { search, isArchived, memberId } = query;
    return readKeysetPage<Row, ManagedTeam>(
      this.#db,
      {
        columns: COLUMNS,
        from: fromFor(viewer),
        where: allOf(
          visibleTo(viewer),
          isArchived ? sql<boolean>`t.archived_at is not null` : sql<boolean>`t.archived_at is null`,
          search === undefined
            ? undefined
            : sql<boolean>`strpos(${SORT_KEYS.displayName}, ${foldCase(search)}) > 0`,
          memberId === undefined
            ? undefined
            : sql<boolean>`exists (select 1 from team_members x
                where x.org_id = t.org_id and x.team_id = t.id and x.user_id = ${memberId}::uuid)`,
        ),
        id: sql`t.id`,
        sortKey: SORT_KEYS[query.sort.key],
        toItem: toManagedTeam,
      },
      { after: query.after, limit: query.limit, descending: query.sort.descending },
    );
  }

  async lock(organizationId: string, id: string): Promise<LockedTeam | undefined> {
    const { rows } = await sql<TeamRow & PrivacyRow>`
      select t.*, ${ENFORCED} from teams t join organizations o on o.id = t.org_id
       where t.org_id = ${organizationId}::uuid and t.id = ${id}::uuid for no key update of t`.execute(
      this.#db,
    );
    const [row] = rows;
    return (
      row && {
        id: row.id,
        version: row.version,
        isArchived: row.archived_at !== null,
        enforced: enforcedOf(row),
        ...settingsOf(row),
      }
    );
  }

  async insert(context: RequestContext, draft: ManagedTeamDraft): Promise<void> {
    const { organizationId } = context;
    const now = toInstant(this.#clock.now());
    await this.#db
      .insertInto('teams')
      .values({
        org_id: organizationId,
        id: draft.id,
        display_name: draft.displayName,
        display_name_key: foldCase(draft.displayName),
        version: 1,
        created_at: now,
        updated_at: now,
        storage_bucket: draft.storageBucket ? JSON.stringify(draft.storageBucket) : null,
      })
      .execute();
    await countOneMore(this.#db, organizationId, 'teams');
    await this.#addServiceAccounts(organizationId, draft.id, now);
    if (draft.adminId !== undefined) await this.#addAdmin(organizationId, draft.id, draft.adminId, now);
    await appendAuditEvent(this.#db, this.#clock, context, {
      action: 'team:create',
      targetType: 'Team',
      targetId: draft.id,
      after: JSON.stringify({
        displayName: draft.displayName,
        storageBucket: draft.storageBucket,
        admin: draft.adminId,
      }),
    });
  }

  async #addServiceAccounts(organizationId: string, teamId: string, now: string): Promise<void> {
    await sql`
      insert into team_members (org_id, team_id, user_id, role, is_registry_admin, created_at)
      select u.org_id, ${teamId}::uuid, u.id, 'service', false, ${now}::timestamptz from users u
       where u.org_id = ${organizationId}::uuid and u.account_type = 'ORG_SERVICE' and u.removed_at is null
      on conflict do nothing`.execute(this.#db);
  }

  /** A missing account gives a null that the table refuses. */
  async #addAdmin(organizationId: string, teamId: string, userId: string, now: string): Promise<void> {
    await sql`
      insert into team_members (org_id, team_id, user_id, role, is_registry_admin, created_at)
      select ${organizationId}::uuid, ${teamId}::uuid, u.id, 'admin', false, ${now}::timestamptz
        from (values (${userId}::uuid)) wanted(id)
        left join users u on u.org_id = ${organizationId}::uuid and u.id = wanted.id and u.removed_at is null
         and u.account_type = 'USER'`.execute(this.#db);
  }

  async write(context: RequestContext, team: LockedTeam, next: TeamSettings): Promise<void> {
    const [before, after] = difference(team, next);
    if (Object.keys(after).length === 0) return;
    const { privacy } = next;
    await this.#db
      .updateTable('teams')
      .set({
        display_name: next.displayName,
        display_name_key: foldCase(next.displayName),
        avatar_url: next.avatarUrl ?? null,
        introduction: next.introduction ?? null,
        links: JSON.stringify(next.links),
        hides_from_non_members: privacy.hideFromNonMembers,
        keeps_projects_private: privacy.keepProjectsPrivate,
        may_members_invite: privacy.membersMayInvite,
        blocks_report_sharing: privacy.blockReportSharing,
        saves_code: privacy.saveCode,
        version: team.version + 1,
        updated_at: toInstant(this.#clock.now()),
      })
      .where('org_id', '=', context.organizationId)
      .where('id', '=', team.id)
      .execute();
    await appendAuditEvent(this.#db, this.#clock, context, {
      action: 'team:update',
      targetType: 'Team',
      targetId: team.id,
      before: JSON.stringify(before),
      after: JSON.stringify(after),
    });
  }

  async restore(context: RequestContext, team: LockedTeam): Promise<void> {
    const now = toInstant(this.#clock.now());
    await this.#db
      .updateTable('teams')
      .set({
        archived_at: null,
        display_name_key: foldCase(team.displayName),
        version: team.version + 1,
        updated_at: now,
      })
      .where('org_id', '=', context.organizationId)
      .where('id', '=', team.id)
      .execute();
    await countOneMore(this.#db, context.organizationId, 'teams');
    await this.#addServiceAccounts(context.organizationId, team.id, now);
    await appendAuditEvent(this.#db, this.#clock, context, {
      action: 'team:restore',
      targetType: 'Team',
      targetId: team.id,
      after: JSON.stringify({ displayName: team.displayName }),
    });
  }
}

const privacyOf = (row: TeamRow): TeamPrivacy => ({
  hideFromNonMembers: row.hides_from_non_members,
  keepProjectsPrivate: row.keeps_projects_private,
  membersMayInvite: row.may_members_invite,
  blockReportSharing: row.blocks_report_sharing,
  saveCode: row.saves_code,
});

const enforcedOf = (row: PrivacyRow): EnforcedPrivacy => ({
  hideFromNonMembers: row.enforced_hides_from_non_members,
  projects: row.enforced_project_privacy,
  forbidMemberInvitations: row.forbids_member_invitations,
  blockReportSharing: row.enforced_blocks_report_sharing,
  saveCode: row.enforced_saves_code,
});

const settingsOf = (row: TeamRow): TeamSettings => ({
  displayName: row.display_name,
  avatarUrl: row.avatar_url ?? undefined,
  introduction: row.introduction ?? undefined,
  links: JSON.parse(row.links) as readonly TeamLink[],
  privacy: privacyOf(row),
});

function toManagedTeam(row: Row): ManagedTeam {
  const enforced = enforcedOf(row);
  return {
    id: row.id,
    ...settingsOf(row),
    storageBucket:
      row.storage_bucket === null ? undefined : (JSON.parse(row.storage_bucket) as StorageBucket),
    privacy: effectivePrivacy(privacyOf(row), enforced),
    enforced: enforcedSettings(enforced),
    callerRole: row.caller_role ?? undefined,
    version: row.version,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    archivedAt: row.archived_at ?? undefined,
  };
}

/** What differs, as it was and as it is to be. */
function difference(
  current: TeamSettings,
  next: TeamSettings,
): readonly [before: Partial<TeamSettings>, after: Partial<TeamSettings>] {
  const names = (['displayName', 'avatarUrl', 'introduction', 'links', 'privacy'] as const).filter(
    (name) => JSON.stringify(current[name]) !== JSON.stringify(next[name]),
  );
  const pick = (settings: TeamSettings): Partial<TeamSettings> =>
    Object.fromEntries(names.map((name) => [name, settings[name] ?? null]));
  return [pick(current), pick(next)];
}
