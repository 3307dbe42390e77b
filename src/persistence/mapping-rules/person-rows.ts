import type { GroupMembership, MappedPerson } from '../../directory/mapping-rules/group-mapping-store.js';
import type { OrganizationRole } from '../../directory/users/user.js';

export interface PersonRow {
  readonly id: string;
  readonly organization_role: OrganizationRole;
  readonly organization_role_rule_id: string | null;
  readonly is_active: boolean;
  readonly given_role: OrganizationRole | null;
  readonly base_role: OrganizationRole | null;
  readonly is_kept: boolean;
  /** A JSON array. */
  readonly memberships: string;
}

type Nullable<T> = { readonly [Name in keyof T]: undefined extends T[Name] ? T[Name] | null : T[Name] };

export const toPerson = (row: PersonRow): MappedPerson => ({
  id: row.id,
  organizationRole: row.organization_role,
  roleRuleId: row.organization_role_rule_id ?? undefined,
  isActive: row.is_active,
  given:
    row.given_role === null || row.base_role === null
      ? undefined
      : { role: row.given_role, base: row.base_role, isKept: row.is_kept },
  memberships: (JSON.parse(row.memberships) as readonly Nullable<GroupMembership>[]).map((membership) => ({
    ...membership,
    customRoleId: membership.customRoleId ?? undefined,
    mappingRuleId: membership.mappingRuleId ?? undefined,
    groupKey: membership.groupKey ?? undefined,
  })),
});
