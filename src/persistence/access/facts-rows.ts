import type { Instant } from '../../kernel/clock.js';
import type { AccessFacts, RoleFacts } from '../../directory/access/access-facts.js';
import type { SubjectType } from '../../directory/access/access-request.js';
import type { ProjectVisibility } from '../../directory/projects/project.js';
import type { AccountType, OrganizationRole, Seat } from '../../directory/users/user.js';

/** One subject at one place, as the statements of this folder give it. What is not there is null. */
export interface FactsRow {
  readonly is_caller_live: boolean;
  /** Accounts with the e-mail address, when neither an id nor a userName was found. */
  readonly matches: number;
  readonly user_id: string | null;
  readonly user_name_key: string | null;
  readonly account_type: AccountType;
  readonly is_active: boolean;
  readonly is_removed: boolean;
  readonly organization_role: OrganizationRole;
  readonly organization_role_since: Instant;
  readonly organization_role_rule_id: string | null;
  readonly seat: Seat;
  readonly team_id: string | null;
  readonly team_name: string;
  readonly may_members_invite: boolean;
  readonly role: StoredRole | null;
  readonly is_registry_admin: boolean;
  readonly member_since: Instant;
  readonly is_role_mapped: boolean;
  readonly mapping_rule_id: string | null;
  readonly sso_connection_id: string | null;
  readonly role_name: string | null;
  readonly role_base: 'member' | 'viewer';
  readonly role_permissions: readonly string[];
  readonly project_id: string | null;
  readonly project_name: string;
  readonly visibility: ProjectVisibility;
  readonly owner_id: string;
  readonly has_place: boolean;
  readonly is_invited: boolean;
  readonly own_role: StoredRole | null;
  readonly own_role_name: string | null;
  readonly own_role_base: 'member' | 'viewer';
  readonly own_role_permissions: readonly string[];
  readonly has_custom_role: boolean;
}

type StoredRole = 'admin' | 'member' | 'viewer' | 'custom' | 'service';

/** The facts in a row, for a question about a kind of subject: accounts of the other kind are unknown to it. */
export function toFacts(organizationId: string, row: FactsRow, type: SubjectType): AccessFacts {
  return {
    organizationId,
    subject: subjectOf(row, type),
    team:
      row.team_id === null
        ? undefined
        : { id: row.team_id, name: row.team_name, mayMembersInvite: row.may_members_invite },
    membership:
      row.role === null
        ? undefined
        : {
            role: roleOf(row.role, row.role_name, row.role_base, row.role_permissions),
            isRegistryAdmin: row.is_registry_admin,
            since: row.member_since,
            isRoleMapped: row.is_role_mapped,
            mappingRuleId: row.mapping_rule_id ?? undefined,
            ssoConnectionId: row.sso_connection_id ?? undefined,
          },
    project:
      row.project_id === null || row.team_id === null
        ? undefined
        : {
            id: row.project_id,
            name: row.project_name,
            teamId: row.team_id,
            visibility: row.visibility,
            ownerId: row.owner_id,
          },
    place: row.has_place
      ? {
          ownRole:
            row.own_role === null
              ? undefined
              : roleOf(row.own_role, row.own_role_name, row.own_role_base, row.own_role_permissions),
          isInvited: row.is_invited,
        }
      : undefined,
    hasCustomRole: row.has_custom_role,
  };
}

function subjectOf(row: FactsRow, type: SubjectType): AccessFacts['subject'] {
  if (row.user_id === null) return row.matches > 1 ? 'ambiguous' : 'unknown';
  if ((row.account_type === 'USER') !== (type === 'user')) return 'unknown';
  return {
    id: row.user_id,
    userNameKey: row.user_name_key ?? undefined,
    accountType: row.account_type,
    isActive: row.is_active,
    isRemoved: row.is_removed,
    organizationRole: row.organization_role,
    organizationRoleSince: row.organization_role_since,
    organizationRoleRuleId: row.organization_role_rule_id ?? undefined,
    seat: row.seat,
  };
}

function roleOf(
  role: StoredRole,
  name: string | null,
  base: 'member' | 'viewer',
  permissions: readonly string[],
): RoleFacts {
  if (role !== 'custom') return { kind: 'predefined', name: role };
  // A custom role that is gone leaves what nobody can do harm with.
  if (name === null) return { kind: 'predefined', name: 'viewer' };
  return { kind: 'custom', name, inheritedFrom: base, permissions };
}
