/**
 * The closed list of what a team role can allow. Names are `object:action`. One row per name, in the order of the
 * documentation; the rest of the server, the SCIM role resources and `docs/permissions.md` read it from here.
 */

/** How far a role's permission reaches: nothing, what the subject created itself, or everything in the team. */
export type PermissionScope = 'none' | 'own' | 'any';

/** Grants that depend on more than a role. */
export type ConditionalGrant = 'project_owner' | 'team_allows_invitations';

interface PermissionEntry {
  readonly viewer: PermissionScope;
  readonly member: PermissionScope;
  readonly registryAdmin: PermissionScope;
  readonly teamAdmin: PermissionScope;
  /** Who has it besides, with scope `any`. */
  readonly alsoFor?: ConditionalGrant;
  /** Whether a custom role may add it. */
  readonly isAddable: boolean;
}

const EVERYONE = row('any', 'any', 'none', 'any');
const MEMBERS = row('none', 'any', 'none', 'any');
const OWN_FOR_MEMBERS = row('none', 'own', 'none', 'any');
const PROJECT_OWNERS: PermissionEntry = { ...row('none', 'none', 'none', 'any'), alsoFor: 'project_owner' };
const TEAM_ADMINS = row('none', 'none', 'none', 'any');
const TEAM_ADMINS_ONLY: PermissionEntry = { ...TEAM_ADMINS, isAddable: false };

export const PERMISSIONS = {
  'team:read': EVERYONE,
  'project:read': EVERYONE,
  'run:read': EVERYONE,
  'report:read': EVERYONE,
  'report:comment': EVERYONE,
  'artifact:read': EVERYONE,
  'registry:read': EVERYONE,
  'registry:download': EVERYONE,
  'launchagent:read': EVERYONE,

  'project:create': MEMBERS,
  'run:create': MEMBERS,
  'sweep:create_agent': MEMBERS,
  'workspace:update': MEMBERS,
  'report:create': MEMBERS,
  'artifact:create': MEMBERS,
  'artifact:update': MEMBERS,
  'artifact:delete': MEMBERS,
  'artifact:download': MEMBERS,
  'artifact_alias:update': MEMBERS,
  'artifact_alias:delete': MEMBERS,
  'registry:add_model': MEMBERS,
  'registry:add_alias': MEMBERS,

  'project:update': OWN_FOR_MEMBERS,
  'run:update': OWN_FOR_MEMBERS,
  'run:stop': OWN_FOR_MEMBERS,
  'run:delete': OWN_FOR_MEMBERS,
  'run:move': OWN_FOR_MEMBERS,
  'report:update': OWN_FOR_MEMBERS,
  'report:delete': OWN_FOR_MEMBERS,

  'project:delete': PROJECT_OWNERS,
  'project:manage_members': PROJECT_OWNERS,
  'project:update_visibility': PROJECT_OWNERS,

  'registry:manage_admins': row('none', 'none', 'any', 'any'),
  'registry:manage_protected_aliases': row('none', 'none', 'any', 'none'),

  'team:invite_member': { ...TEAM_ADMINS, alsoFor: 'team_allows_invitations' },
  'team:add_member': TEAM_ADMINS,
  'team:remove_member': TEAM_ADMINS,
  'team:update_member_role': TEAM_ADMINS,
  'team:update_settings': TEAM_ADMINS_ONLY,
  'team:manage_service_accounts': TEAM_ADMINS_ONLY,
} as const satisfies Record<string, PermissionEntry>;

export type Permission = keyof typeof PERMISSIONS;

/** Every permission name, in the order of the catalogue. */
export const PERMISSION_NAMES = Object.keys(PERMISSIONS) as readonly Permission[];

/** The row of a permission. */
export const permissionEntry = (permission: Permission): PermissionEntry => PERMISSIONS[permission];

/** Tells whether a client's text is the name of a permission; exact, as names are. */
export const isPermission = (name: string): name is Permission => Object.hasOwn(PERMISSIONS, name);

/** What an organization role allows in the organization itself. */
export const ORGANIZATION_PERMISSIONS = [
  'organization:read_users',
  'organization:invite_user',
  'organization:remove_user',
  'organization:deactivate_user',
  'organization:update_user_role',
  'organization:update_seat',
  'organization:update_user',
  'organization:manage_service_accounts',
  'organization:manage_api_keys',
  'role:create',
  'role:update',
  'role:delete',
  'team:create',
  'team:delete',
  'team:add_member',
  'team:remove_member',
  'team:update_settings',
  'connection:manage',
  'sso:manage',
  'system:configure',
  'system:view_activity',
  'audit:read',
] as const;

export type OrganizationPermission = (typeof ORGANIZATION_PERMISSIONS)[number];

const IN_ORGANIZATION: ReadonlySet<string> = new Set(ORGANIZATION_PERMISSIONS);

/** Tells whether a text is the name of a permission that organization roles give; exact, as names are. */
export const isOrganizationPermission = (name: string): name is OrganizationPermission =>
  IN_ORGANIZATION.has(name);

function row(
  viewer: PermissionScope,
  member: PermissionScope,
  registryAdmin: PermissionScope,
  teamAdmin: PermissionScope,
): PermissionEntry {
  return { viewer, member, registryAdmin, teamAdmin, isAddable: true };
}
