import { sql } from 'kysely';
import type { AccountFilter } from '../../directory/users/user-account.js';
import type { StatusMoments } from '../../directory/users/user-account-store.js';
import type { SqlCondition, SqlExpression } from '../filters/column.js';
import { allOf } from '../keyset-page.js';
import { accountMatches, accountStatus } from './account-conditions.js';

/** Rows named `u` with the columns of users, those of them that a filter selects, and an expression for their status. */
export interface AccountSource {
  readonly from: SqlExpression;
  readonly where: SqlCondition;
  readonly status: SqlExpression;
}

/** Accounts; or, when those are asked for who are invited, people who have none yet. */
export function selectAccounts(
  organizationId: string,
  filter: AccountFilter,
  { now, inactiveSince }: StatusMoments,
): AccountSource {
  const isInvited = filter.status === 'invited';
  const status = isInvited ? sql`'invited'` : accountStatus(inactiveSince);
  return {
    from: isInvited ? invitedPeople(organizationId, now) : sql`users u`,
    status,
    where: allOf(
      sql<boolean>`u.org_id = ${organizationId}::uuid`,
      statusIs(filter.status, status),
      filter.search === undefined ? undefined : accountMatches(filter.search),
      equals(sql`u.organization_role`, filter.organizationRole),
      equals(sql`u.seat`, filter.seat),
      equals(sql`u.account_type`, filter.accountType),
      filter.connectionId === undefined
        ? undefined
        : sql<boolean>`u.connection_id = ${filter.connectionId}::uuid`,
    ),
  };
}

function statusIs(wanted: AccountFilter['status'], status: SqlExpression): SqlCondition | undefined {
  if (wanted === undefined) return sql<boolean>`u.erased_at is null`;
  return wanted === 'invited' ? undefined : sql<boolean>`${status} = ${wanted}`;
}

const equals = (column: SqlExpression, value: string | undefined): SqlCondition | undefined =>
  value === undefined ? undefined : sql<boolean>`${column} = ${value}`;

/** Open invitations with the columns of users. Those of a team to somebody who has an account are not among them. */
const invitedPeople = (organizationId: string, now: string): SqlExpression => sql`(
  select i.org_id, i.id, i.email as user_name, i.email_key as user_name_key, null::text as removed_user_name_key,
    i.email as display_name, i.email_key as display_name_key, array[i.email_key] as email_keys,
    '"emails":[{"value":' || to_json(i.email)::text || ',"primary":true}]' as profile,
    i.organization_role::organization_role as organization_role, i.seat::seat as seat,
    'USER'::account_type as account_type, null::uuid as default_team_id, false as is_protected,
    null::uuid as connection_id, null::timestamptz as last_active_at, 0 as days_active, i.created_at,
    i.created_at as updated_at, null::timestamptz as removed_at, 0 as version
    from invitations i
   where i.org_id = ${organizationId}::uuid and i.state = 'pending' and i.expires_at > ${now}::timestamptz
     and not exists (select 1 from users h where h.org_id = i.org_id and h.user_name_key = i.email_key)
     and not exists (select 1 from users h
       where h.org_id = i.org_id and h.email_keys @> array[i.email_key] and h.removed_at is null)) u`;
