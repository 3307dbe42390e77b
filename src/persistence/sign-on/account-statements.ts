import type { SignOnAccount } from '../../directory/sign-on/sign-on-facts.js';
import { defineRead } from '../statement.js';

/** Accounts that share names are a mistake somewhere; more than these are not looked at. */
const MOST_CANDIDATES = 10;

export interface AccountRow {
  readonly id: string;
  readonly name_key: string;
  /** Folded addresses as JSON text, null without any. */
  readonly emails: string | null;
  readonly is_active: boolean;
  readonly is_removed: boolean;
  readonly account_type: SignOnAccount['accountType'];
  readonly is_protected: boolean;
  readonly organization_role: SignOnAccount['organizationRole'];
  readonly connection_id: string | null;
  readonly is_managed: boolean;
  readonly is_linked: boolean;
}

/** `$1` is the organization, `$2` the SsoConnection. */
const ACCOUNT = `
  select u.id, coalesce(u.user_name_key, u.removed_user_name_key, '') as name_key,
    (u.search->'emails')::text as emails, u.is_active, u.removed_at is not null as is_removed, u.account_type,
    u.is_protected, u.organization_role, u.connection_id,
    u.connection_id is not null or exists (
      select 1 from connections n join external_ids e on e.org_id = n.org_id and e.connection_id = n.id
       where n.org_id = $1 and e.resource_id = u.id) as is_managed,
    exists (select 1 from identities i
      where i.org_id = $1 and i.sso_connection_id = $2 and i.user_id = u.id) as is_linked`;

export const FIND_LINKED_ACCOUNT = defineRead(
  'sign_on_find_linked',
  `${ACCOUNT} from identities l join users u on u.org_id = l.org_id and u.id = l.user_id
    where l.org_id = $1 and l.sso_connection_id = $2 and l.subject = $3`,
);

export const FIND_ACCOUNT = defineRead(
  'sign_on_find_account',
  `${ACCOUNT} from users u where u.org_id = $1 and u.id = $3`,
);

export const FIND_CANDIDATES = defineRead(
  'sign_on_find_candidates',
  `${ACCOUNT} from users u
    where u.org_id = $1 and u.removed_at is null
      and (u.user_name_key = any($3::text[]) or u.email_keys && $4::text[])
    order by u.user_name_key = any($3::text[]) desc, u.id limit ${MOST_CANDIDATES}`,
);

export const FIND_REMOVED_ACCOUNT = defineRead(
  'sign_on_find_removed',
  `${ACCOUNT} from users u
    where u.org_id = $1 and u.removed_at is not null and u.removed_user_name_key = any($3::text[])
    order by array_position($3::text[], u.removed_user_name_key), u.removed_at desc limit 1`,
);

export const toAccount = (row: AccountRow): SignOnAccount => ({
  id: row.id,
  userNameKey: row.name_key,
  primaryEmailKey: findPrimary(row.emails),
  isActive: row.is_active,
  isRemoved: row.is_removed,
  accountType: row.account_type,
  isProtected: row.is_protected,
  organizationRole: row.organization_role,
  provisionedBy: row.connection_id ?? undefined,
  isManagedByScim: row.is_managed,
  isLinkedHere: row.is_linked,
});

/** The address marked as primary, or the first. */
function findPrimary(emails: string | null): string | undefined {
  if (emails === null) return undefined;
  const list = JSON.parse(emails) as readonly { readonly value?: unknown; readonly primary?: unknown }[];
  const value = (list.find(({ primary }) => primary === true) ?? list[0])?.value;
  return typeof value === 'string' ? value : undefined;
}
