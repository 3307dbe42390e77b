import { sql, type Kysely, type RawBuilder } from 'kysely';
import { toInstant, type Clock, type Instant } from '../../kernel/clock.js';
import { foldCase } from '../../kernel/fold.js';
import type { Invitation } from '../../directory/invitations/invitation.js';
import type {
  AddressHolder,
  InvitationDraft,
  InvitationQuery,
  InvitationRenewal,
  InvitationStore,
} from '../../directory/invitations/invitation-store.js';
import type { Page } from '../../directory/query.js';
import type { RequestContext } from '../../directory/request-context.js';
import type { MembershipRole } from '../../directory/users/user-store.js';
import { appendAuditEvent } from '../audit-repository.js';
import type { Database } from '../database.js';
import {
  describeInvitation,
  describeTeams,
  INVITATION_COLUMNS,
  INVITATION_JOINS,
  toInvitation,
  type InvitationRow,
} from './invitation-rows.js';

type Condition = RawBuilder<boolean>;

/** Invitations in SQL. */
export class InvitationRepository implements InvitationStore {
  readonly #db: Kysely<Database>;
  readonly #clock: Clock;

  constructor(db: Kysely<Database>, clock: Clock) {
    this.#db = db;
    this.#clock = clock;
  }

  async insert(context: RequestContext, draft: InvitationDraft): Promise<void> {
    await this.#db
      .insertInto('invitations')
      .values({
        org_id: context.organizationId,
        id: draft.id,
        email: draft.email,
        email_key: foldCase(draft.email),
        origin: draft.origin,
        organization_role: draft.organizationRole,
        seat: draft.seat,
        state: 'pending',
        secret_hash: draft.secretHash,
        mail_id: draft.delivery.mailId ?? null,
        mail_absence: draft.delivery.absence ?? null,
        invited_by: draft.invitedBy ?? null,
        created_at: this.#now(),
        expires_at: draft.expiresAt,
      })
      .execute();
    await this.#insertTeams(context.organizationId, draft.id, draft.teams);
    await this.#audit(context, 'invitation:create', draft.id, { after: describeInvitation(draft) });
  }

  async #insertTeams(
    organizationId: string,
    invitationId: string,
    teams: readonly MembershipRole[],
  ): Promise<void> {
    if (teams.length === 0) return;
    await this.#db
      .insertInto('invitation_teams')
      .values(
        teams.map(({ teamId, role, customRoleId }) => ({
          org_id: organizationId,
          invitation_id: invitationId,
          team_id: teamId,
          role,
          custom_role_id: customRoleId ?? null,
        })),
      )
      .onConflict((conflict) =>
        conflict.columns(['org_id', 'invitation_id', 'team_id']).doUpdateSet((expression) => ({
          role: expression.ref('excluded.role'),
          custom_role_id: expression.ref('excluded.custom_role_id'),
        })),
      )
      .execute();
  }

  async list(organizationId: string, query: InvitationQuery): Promise<Page<Invitation>> {
    const selected = sql<boolean>`${sql.join(
      [sql<boolean>`i.org_id = ${organizationId}::uuid`, ...this.#conditions(query)],
      sql` and `,
    )}`;
    const { rows: counted } = await sql<{ total: number }>`
      select count(*)::int as total from invitations i where ${selected}`.execute(this.#db);
    const position = query.after
      ? sql`and i.id ${query.descending ? sql`<` : sql`>`} ${query.after.id}::uuid`
      : sql``;
    const rows = await this.#read(
      selected,
      sql`${position} order by i.id ${query.descending ? sql`desc` : sql`asc`} limit ${query.limit + 1}`,
    );
    const items = rows.slice(0, query.limit);
    const last = items.at(-1);
    return {
      items,
      total: counted[0]?.total ?? 0,
      next: rows.length > items.length && last ? { id: last.id } : undefined,
    };
  }

  #conditions({ state, search, teamId }: InvitationQuery): readonly Condition[] {
    const conditions: Condition[] = [];
    const now = this.#now();
    if (state === 'pending') conditions.push(sql`i.state = 'pending' and i.expires_at > ${now}::timestamptz`);
    else if (state === 'expired')
      conditions.push(
        sql`(i.state = 'expired' or (i.state = 'pending' and i.expires_at <= ${now}::timestamptz))`,
      );
    else if (state !== undefined) conditions.push(sql`i.state = ${state}`);
    if (search !== undefined) conditions.push(sql`position(${foldCase(search)} in i.email_key) > 0`);
    if (teamId !== undefined)
      conditions.push(sql`exists (select 1 from invitation_teams x
        where x.org_id = i.org_id and x.invitation_id = i.id and x.team_id = ${teamId}::uuid)`);
    return conditions;
  }

  async find(organizationId: string, id: string): Promise<Invitation | undefined> {
    const [found] = await this.#read(
      sql<boolean>`i.org_id = ${organizationId}::uuid and i.id = ${id}::uuid`,
      this.#lock(),
    );
    return found;
  }

  async findBySecret(secretHash: string): Promise<Invitation | undefined> {
    const [found] = await this.#read(sql<boolean>`i.secret_hash = ${secretHash}`, sql``);
    return found;
  }

  async hasOpen(organizationId: string, emails: readonly string[]): Promise<boolean> {
    const row = await this.#db
      .selectFrom('invitations')
      .select('id')
      .where('org_id', '=', organizationId)
      .where('state', '=', 'pending')
      .where('expires_at', '>', this.#now())
      .where(sql<boolean>`email_key = any(${emails.map(foldCase)}::text[])`)
      .limit(1)
      .executeTakeFirst();
    return row !== undefined;
  }

  findOpenByEmail(organizationId: string, emails: readonly string[]): Promise<readonly Invitation[]> {
    return this.#read(
      sql<boolean>`i.org_id = ${organizationId}::uuid and i.state = 'pending'
        and i.expires_at > ${this.#now()}::timestamptz and i.email_key = any(${emails.map(foldCase)}::text[])`,
      sql`order by i.id ${this.#lock()}`,
    );
  }

  async #read(where: Condition, tail: RawBuilder<unknown>): Promise<readonly Invitation[]> {
    const { rows } = await sql<InvitationRow>`
      select ${INVITATION_COLUMNS} from invitations i ${INVITATION_JOINS} where ${where} ${tail}`.execute(
      this.#db,
    );
    const now = this.#now();
    return rows.map((row) => toInvitation(row, now));
  }

  #lock(): RawBuilder<unknown> {
    return this.#db.isTransaction ? sql`for no key update of i` : sql``;
  }

  async findHolders(organizationId: string, emails: readonly string[]): Promise<readonly AddressHolder[]> {
    const keys = emails.map(foldCase);
    const org = sql`u.org_id = ${organizationId}::uuid and u.account_type = 'USER'`;
    // Three parts, so that each can use its index.
    const { rows } = await sql<{ user_id: string; email_key: string; state: AddressHolder['state'] }>`
      with asked as (select unnest(${keys}::text[]) as email_key), held as (
        select u.id, u.removed_at, u.is_active, k.email_key from asked k join users u on ${org} and u.user_name_key = k.email_key
        union
        select u.id, u.removed_at, u.is_active, k.email_key from asked k join users u on ${org} and u.email_keys @> array[k.email_key]
        union
        select u.id, u.removed_at, u.is_active, k.email_key from asked k
          join users u on ${org} and u.removed_at is not null and u.removed_user_name_key = k.email_key
      )
      select id as user_id, email_key,
        case when removed_at is not null then 'removed' when is_active then 'active' else 'deactivated' end as state
        from held order by removed_at is not null, id`.execute(this.#db);
    return rows.map((row) => ({ userId: row.user_id, emailKey: row.email_key, state: row.state }));
  }

  async isMember(organizationId: string, teamId: string, userId: string): Promise<boolean> {
    const row = await this.#db
      .selectFrom('team_members')
      .select('user_id')
      .where('org_id', '=', organizationId)
      .where('team_id', '=', teamId)
      .where('user_id', '=', userId)
      .executeTakeFirst();
    return row !== undefined;
  }

  async expireLapsed(organizationId: string, emails: readonly string[]): Promise<void> {
    const now = this.#now();
    await this.#db
      .updateTable('invitations')
      .set({ state: 'expired', settled_at: now })
      .where('org_id', '=', organizationId)
      .where('state', '=', 'pending')
      .where('expires_at', '<=', now)
      .where(sql<boolean>`email_key = any(${emails.map(foldCase)}::text[])`)
      .execute();
  }

  async renew(context: RequestContext, before: Invitation, renewal: InvitationRenewal): Promise<void> {
    await this.#db
      .updateTable('invitations')
      .set({
        state: 'pending',
        settled_at: null,
        secret_hash: renewal.secretHash,
        mail_id: renewal.delivery.mailId ?? null,
        mail_absence: renewal.delivery.absence ?? null,
        expires_at: renewal.expiresAt,
      })
      .where('org_id', '=', context.organizationId)
      .where('id', '=', before.id)
      .execute();
    await this.#audit(context, 'invitation:resend', before.id, {
      before: JSON.stringify({ expiresAt: before.expiresAt }),
      after: JSON.stringify({ expiresAt: renewal.expiresAt }),
    });
  }

  async setTeams(
    context: RequestContext,
    before: Invitation,
    teams: readonly MembershipRole[],
  ): Promise<void> {
    await this.#insertTeams(context.organizationId, before.id, teams);
    const known = before.teams.filter(({ teamId }) => teams.some((team) => team.teamId === teamId));
    await this.#audit(context, 'invitation:update', before.id, {
      before: JSON.stringify({ teamRoles: describeTeams(known) }),
      after: JSON.stringify({ teamRoles: describeTeams(teams) }),
    });
  }

  async removeTeam(context: RequestContext, before: Invitation, teamId: string): Promise<void> {
    await this.#db
      .deleteFrom('invitation_teams')
      .where('org_id', '=', context.organizationId)
      .where('invitation_id', '=', before.id)
      .where('team_id', '=', teamId)
      .execute();
    await this.#audit(context, 'invitation:update', before.id, {
      before: JSON.stringify({
        teamRoles: describeTeams(before.teams.filter((team) => team.teamId === teamId)),
      }),
      after: JSON.stringify({ teamRoles: [] }),
    });
  }

  async revoke(context: RequestContext, before: Invitation): Promise<void> {
    await this.#settle(context, before, { state: 'revoked' });
    await this.#audit(context, 'invitation:revoke', before.id, { before: describeInvitation(before) });
  }

  async accept(context: RequestContext, before: Invitation, userId: string): Promise<void> {
    await this.#settle(context, before, { state: 'accepted', user_id: userId });
    await this.#audit(context, 'invitation:accept', before.id, {
      before: describeInvitation(before),
      after: JSON.stringify({ userId }),
    });
  }

  async #settle(
    context: RequestContext,
    before: Invitation,
    outcome: { readonly state: 'revoked' } | { readonly state: 'accepted'; readonly user_id: string },
  ): Promise<void> {
    await this.#db
      .updateTable('invitations')
      .set({ ...outcome, settled_at: this.#now() })
      .where('org_id', '=', context.organizationId)
      .where('id', '=', before.id)
      .execute();
  }

  #audit(
    context: RequestContext,
    action: `invitation:${'create' | 'update' | 'resend' | 'revoke' | 'accept'}`,
    targetId: string,
    change: { readonly before?: string; readonly after?: string },
  ): Promise<void> {
    return appendAuditEvent(this.#db, this.#clock, context, {
      action,
      targetType: 'Invitation',
      targetId,
      ...change,
    });
  }

  #now(): Instant {
    return toInstant(this.#clock.now());
  }
}
