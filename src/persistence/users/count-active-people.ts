import type { Kysely } from 'kysely';
import type { OrganizationRole, Seat } from '../../directory/users/user.js';
import type { Database } from '../database.js';

/** How many people, not service accounts, are active with this organization role or in this seat, one left out. */
export async function countActivePeople(
  db: Kysely<Database>,
  organizationId: string,
  exceptUserId: string,
  wanted: { readonly organizationRole: OrganizationRole } | { readonly seat: Seat },
): Promise<number> {
  const people = db
    .selectFrom('users')
    .select((expression) => expression.fn.countAll<number>().as('count'))
    .where('org_id', '=', organizationId)
    .where('account_type', '=', 'USER')
    .where('is_active', '=', true)
    .where('removed_at', 'is', null)
    .where('id', '<>', exceptUserId);
  const { count } = await (
    'seat' in wanted
      ? people.where('seat', '=', wanted.seat)
      : people.where('organization_role', '=', wanted.organizationRole)
  ).executeTakeFirstOrThrow();
  return count;
}
