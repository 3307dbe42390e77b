import { sql, type Kysely } from 'kysely';
import { toInstant, type Clock } from '../../kernel/clock.js';
import type { JsonObject } from '../../kernel/json.js';
import type { OrganizationGrant } from '../../directory/mapping-rules/map-groups.js';
import type { RequestContext } from '../../directory/request-context.js';
import type { SignOnAccount } from '../../directory/sign-on/sign-on-facts.js';
import type {
  LiveTeam,
  MappedMembership,
  MembershipChanges,
  SignOnStore,
} from '../../directory/sign-on/sign-on-store.js';
import type { SsoConnection } from '../../directory/sign-on/sso-connection.js';
import { emailKey } from '../../directory/users/user-index.js';
import type { OrganizationRole, UserProfile } from '../../directory/users/user.js';
import type { Database } from '../database.js';
import { run } from '../statement.js';
import { changeMemberships } from './change-memberships.js';
import {
  FIND_ACCOUNT,
  FIND_CANDIDATES,
  FIND_LINKED_ACCOUNT,
  FIND_REMOVED_ACCOUNT,
  toAccount,
  type AccountRow,
} from './account-statements.js';
import { SsoConnectionRepository } from './sso-connection-repository.js';

/** What sign-ins read and write, in SQL. */
export class SignOnRepository implements SignOnStore {
  readonly #db: Kysely<Database>;
  readonly #clock: Clock;

  constructor(db: Kysely<Database>, clock: Clock) {
    this.#db = db;
    this.#clock = clock;
  }

  async holdConnection(
    organizationId: string,
    id: string,
  ): Promise<
    { readonly connection: SsoConnection; readonly verifiedDomains: ReadonlySet<string> } | undefined
  > {
    const connection = await new SsoConnectionRepository(this.#db, this.#clock).hold(organizationId, id);
    if (!connection) return undefined;
    const rows = await this.#db
      .selectFrom('sso_domains')
      .select('domain')
      .where('org_id', '=', organizationId)
      .where('sso_connection_id', '=', id)
      .where('verified_at', 'is not', null)
      .execute();
    return { connection, verifiedDomains: new Set(rows.map(({ domain }) => domain)) };
  }

  async foreignDomains(ssoConnectionId: string, domains: readonly string[]): Promise<ReadonlySet<string>> {
    if (domains.length === 0) return new Set();
    const rows = await this.#db
      .selectFrom('sso_domains')
      .select('domain')
      .where('domain', 'in', domains)
      .where('verified_at', 'is not', null)
      .where('sso_connection_id', '<>', ssoConnectionId)
      .execute();
    return new Set(rows.map(({ domain }) => domain));
  }

  async findLinked(
    organizationId: string,
    ssoConnectionId: string,
    subject: string,
  ): Promise<SignOnAccount | undefined> {
    const [row] = await run<AccountRow>(this.#db, FIND_LINKED_ACCOUNT, [
      organizationId,
      ssoConnectionId,
      subject,
    ]);
    return row && toAccount(row);
  }

  async findAccount(
    organizationId: string,
    ssoConnectionId: string,
    userId: string,
  ): Promise<SignOnAccount | undefined> {
    const [row] = await run<AccountRow>(this.#db, FIND_ACCOUNT, [organizationId, ssoConnectionId, userId]);
    return row && toAccount(row);
  }

  async findCandidates(
    organizationId: string,
    ssoConnectionId: string,
    keys: readonly string[],
  ): Promise<readonly SignOnAccount[]> {
    const rows = await run<AccountRow>(this.#db, FIND_CANDIDATES, [
      organizationId,
      ssoConnectionId,
      keys,
      keys.map(emailKey),
    ]);
    return rows.map(toAccount);
  }

  async findRemoved(
    organizationId: string,
    ssoConnectionId: string,
    keys: readonly string[],
  ): Promise<SignOnAccount | undefined> {
    const [row] = await run<AccountRow>(this.#db, FIND_REMOVED_ACCOUNT, [
      organizationId,
      ssoConnectionId,
      keys,
    ]);
    return row && toAccount(row);
  }

  async lockAccount(organizationId: string, userId: string): Promise<void> {
    await this.#db
      .selectFrom('users')
      .select('id')
      .where('org_id', '=', organizationId)
      .where('id', '=', userId)
      .forNoKeyUpdate()
      .execute();
  }

  async findProfile(organizationId: string, userId: string): Promise<UserProfile | undefined> {
    const row = await this.#db
      .selectFrom('users')
      .select(['user_name', 'profile', 'enterprise', 'manager_value'])
      .where('org_id', '=', organizationId)
      .where('id', '=', userId)
      .executeTakeFirst();
    return (
      row && {
        userName: row.user_name,
        externalId: undefined,
        core: JSON.parse(`{${row.profile}}`) as JsonObject,
        enterprise: row.enterprise === null ? undefined : (JSON.parse(`{${row.enterprise}}`) as JsonObject),
        managerId: row.manager_value ?? undefined,
      }
    );
  }

  async isNameUsed(organizationId: string, key: string, exceptUserId: string): Promise<boolean> {
    const row = await this.#db
      .selectFrom('users')
      .select('id')
      .where('org_id', '=', organizationId)
      .where('removed_at', 'is', null)
      .where('id', '<>', exceptUserId)
      .where(sql<boolean>`(user_name_key = ${key} or email_keys && array[${emailKey(key)}]::text[])`)
      .limit(1)
      .executeTakeFirst();
    return row !== undefined;
  }

  async findMappedRole(
    organizationId: string,
    ssoConnectionId: string,
    subject: string,
  ): Promise<OrganizationRole | undefined> {
    const row = await this.#db
      .selectFrom('identities')
      .select('mapped_role')
      .where('org_id', '=', organizationId)
      .where('sso_connection_id', '=', ssoConnectionId)
      .where('subject', '=', subject)
      .executeTakeFirst();
    return row?.mapped_role ?? undefined;
  }

  async noteSignIn(
    organizationId: string,
    ssoConnectionId: string,
    subject: string,
    mappedRole: OrganizationRole | null | undefined,
  ): Promise<void> {
    await this.#db
      .updateTable('identities')
      .set({
        last_signed_in_at: toInstant(this.#clock.now()),
        ...(mappedRole === undefined ? {} : { mapped_role: mappedRole }),
      })
      .where('org_id', '=', organizationId)
      .where('sso_connection_id', '=', ssoConnectionId)
      .where('subject', '=', subject)
      .execute();
  }

  async noteRoleRule(
    organizationId: string,
    userId: string,
    grant: OrganizationGrant | undefined,
  ): Promise<void> {
    const ruleId = grant?.ruleId ?? null;
    const note = this.#db
      .updateTable('users')
      .set({ organization_role_rule_id: ruleId })
      .where('org_id', '=', organizationId)
      .where('id', '=', userId)
      .where('organization_role_rule_id', 'is distinct from', ruleId);
    await (grant ? note.where('organization_role', '=', grant.role) : note).execute();
  }

  async listMemberships(organizationId: string, userId: string): Promise<readonly MappedMembership[]> {
    const rows = await this.#db
      .selectFrom('team_members as m')
      .innerJoin('teams as t', (join) =>
        join.onRef('t.org_id', '=', 'm.org_id').onRef('t.id', '=', 'm.team_id'),
      )
      .select([
        't.id',
        't.display_name',
        't.display_name_key',
        'm.role',
        'm.custom_role_id',
        'm.sso_connection_id',
        'm.is_role_mapped',
      ])
      .where('m.org_id', '=', organizationId)
      .where('m.user_id', '=', userId)
      .where('t.archived_at', 'is', null)
      .execute();
    return rows.map((row) => ({
      teamId: row.id,
      teamName: row.display_name,
      teamNameKey: row.display_name_key ?? '',
      role: row.role,
      customRoleId: row.custom_role_id ?? undefined,
      ssoConnectionId: row.sso_connection_id ?? undefined,
      isRoleMapped: row.is_role_mapped,
    }));
  }

  async findTeams(
    organizationId: string,
    wanted: { readonly ids: readonly string[]; readonly nameKeys: readonly string[] },
  ): Promise<readonly LiveTeam[]> {
    const { ids, nameKeys } = wanted;
    if (ids.length + nameKeys.length === 0) return [];
    const rows = await this.#db
      .selectFrom('teams')
      .select(['id', 'display_name', 'display_name_key'])
      .where('org_id', '=', organizationId)
      .where('archived_at', 'is', null)
      .where(sql<boolean>`(id = any(${ids}::uuid[]) or display_name_key = any(${nameKeys}::text[]))`)
      .orderBy('id')
      .execute();
    return rows.map((row) => ({
      id: row.id,
      name: row.display_name,
      nameKey: row.display_name_key ?? '',
    }));
  }

  changeMemberships(
    context: RequestContext,
    userId: string,
    ssoConnectionId: string,
    changes: MembershipChanges,
  ): Promise<void> {
    return changeMemberships(this.#db, this.#clock, context, { userId, ssoConnectionId, changes });
  }
}
