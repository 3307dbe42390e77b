import type { Kysely } from 'kysely';
import type { UserRecord } from '../../directory/users/user.js';
import type { Person } from '../../directory/users/user-store.js';
import { foldCase } from '../../kernel/fold.js';
import type { Database } from '../database.js';
import { teamsOf } from './user-memberships.js';
import { toUser } from './user-rows.js';

/** What the rules of users need to know, teams included; inside a transaction locked until its end. */
export async function findRecord(
  db: Kysely<Database>,
  organizationId: string,
  id: string,
  { isRemoved }: { readonly isRemoved: boolean },
): Promise<UserRecord | undefined> {
  const row = await db
    .selectFrom('users as u')
    .leftJoin('teams as t', (join) =>
      join.onRef('t.org_id', '=', 'u.org_id').onRef('t.id', '=', 'u.default_team_id'),
    )
    .select([
      'u.id',
      'u.is_active',
      'u.organization_role',
      'u.seat',
      'u.account_type',
      't.display_name as default_team_name',
      'u.version',
    ])
    .where('u.org_id', '=', organizationId)
    .where('u.id', '=', id)
    .where('u.removed_at', isRemoved ? 'is not' : 'is', null)
    .where('u.erased_at', 'is', null)
    .$if(db.isTransaction, (query) => query.forNoKeyUpdate('u'))
    .executeTakeFirst();
  return row && toUser(row, await teamsOf(db, organizationId, id));
}

/** Whether a live or a removed account has this userName. */
export async function isNameKnown(
  db: Kysely<Database>,
  organizationId: string,
  userName: string,
): Promise<boolean> {
  const key = foldCase(userName);
  const row = await db
    .selectFrom('users')
    .select('id')
    .where('org_id', '=', organizationId)
    .where((expression) =>
      expression.or([expression('user_name_key', '=', key), expression('removed_user_name_key', '=', key)]),
    )
    .executeTakeFirst();
  return row !== undefined;
}

/** The live account with one of these userNames that SCIM may not change. */
export async function findProtected(
  db: Kysely<Database>,
  organizationId: string,
  userNames: readonly string[],
): Promise<{ readonly id: string; readonly userName: string } | undefined> {
  const row = await db
    .selectFrom('users')
    .select(['id', 'user_name'])
    .where('org_id', '=', organizationId)
    .where('user_name_key', 'in', userNames.map(foldCase))
    .where('is_protected', '=', true)
    .orderBy('id')
    .limit(1)
    .executeTakeFirst();
  return row && { id: row.id, userName: row.user_name };
}

/** A live account as it is shown to the person itself. */
export async function findPerson(
  db: Kysely<Database>,
  organizationId: string,
  id: string,
): Promise<Person | undefined> {
  const row = await db
    .selectFrom('users')
    .innerJoin('organizations', 'organizations.id', 'users.org_id')
    .select(['users.user_name', 'users.display_name', 'users.organization_role', 'organizations.name'])
    .where('users.org_id', '=', organizationId)
    .where('users.id', '=', id)
    .where('users.removed_at', 'is', null)
    .executeTakeFirst();
  return (
    row && {
      userName: row.user_name,
      displayName: row.display_name,
      organizationRole: row.organization_role,
      organizationName: row.name,
    }
  );
}

/** Id of the removed account with this userName, locked. */
export async function findRemoved(
  db: Kysely<Database>,
  organizationId: string,
  userName: string,
): Promise<string | undefined> {
  const row = await db
    .selectFrom('users')
    .select('id')
    .where('org_id', '=', organizationId)
    .where('removed_user_name_key', '=', foldCase(userName))
    .where('removed_at', 'is not', null)
    .orderBy('removed_at', 'desc')
    .limit(1)
    .forUpdate()
    .executeTakeFirst();
  return row?.id;
}
