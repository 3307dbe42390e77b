import {
  ORGANIZATION_PERMISSIONS,
  PERMISSION_NAMES,
  permissionEntry,
  type ConditionalGrant,
  type PermissionScope,
} from './catalogue.js';
import { organizationPermissions, type OrganizationRoleName } from './roles.js';
import { VISIBILITY_GRANTS } from './visibility.js';

const ORGANIZATION_ROLE_NAMES: readonly OrganizationRoleName[] = ['viewer', 'member', 'admin'];
const GRANTS: Readonly<Record<ConditionalGrant, string>> = {
  project_owner: "the project's owner",
  team_allows_invitations: "members, when the team's settings allow it",
};

/** `docs/permissions.md`, from the catalogue. */
export function renderPermissionsDocs(): string {
  return `# Permissions

Generated from \`src/permissions/catalogue.ts\` by \`npm run docs:generate\`.

A permission is \`object:action\`. A role gives it for everything in the team (\`any\`), for what the subject created itself
(\`own\`), or not at all. What no role gives is denied.

## Team roles

\`registryAdmin\` is a flag beside the role and adds to it. A custom role inherits from \`viewer\` or \`member\` what that role
has for \`any\`, and adds permissions marked *addable*, always for \`any\`.

| permission | viewer | member | registry admin adds | team admin | also for | addable |
|---|---|---|---|---|---|---|
${PERMISSION_NAMES.map(renderPermission).join('\n')}

A service account has what a member has. A viewer seat or the organization role \`viewer\` caps every role at \`viewer\`;
without a seat a person has no role in any team.

## Visibility of projects

What every active account of the organization has in a project, whoever's it is. A restricted project gives the roles to
invited members only; team admins can invite to it, themselves included, and change or delete it.

| permission | open | public | team | restricted |
|---|---|---|---|---|
${PERMISSION_NAMES.filter((name) => VISIBILITY_GRANTS.open[name] !== undefined)
  .map(renderVisibility)
  .join('\n')}

## Organization roles

An organization admin has no access to a team's data by that role alone.

| permission | ${ORGANIZATION_ROLE_NAMES.join(' | ')} |
|---|${'---|'.repeat(ORGANIZATION_ROLE_NAMES.length)}
${ORGANIZATION_PERMISSIONS.map(renderOrganizationPermission).join('\n')}
`;
}

function renderPermission(permission: (typeof PERMISSION_NAMES)[number]): string {
  const { viewer, member, registryAdmin, teamAdmin, alsoFor, isAddable } = permissionEntry(permission);
  const scopes = [viewer, member, registryAdmin, teamAdmin].map(renderScope);
  const grant = alsoFor === undefined ? '' : GRANTS[alsoFor];
  return `| \`${permission}\` | ${scopes.join(' | ')} | ${grant} | ${isAddable ? 'yes' : ''} |`;
}

function renderVisibility(permission: (typeof PERMISSION_NAMES)[number]): string {
  const cells = (['open', 'public', 'team', 'restricted'] as const).map(
    (visibility) => VISIBILITY_GRANTS[visibility][permission] ?? '',
  );
  return `| \`${permission}\` | ${cells.join(' | ')} |`;
}

function renderOrganizationPermission(permission: (typeof ORGANIZATION_PERMISSIONS)[number]): string {
  const cells = ORGANIZATION_ROLE_NAMES.map((role) =>
    organizationPermissions(role).includes(permission) ? 'yes' : '',
  );
  return `| \`${permission}\` | ${cells.join(' | ')} |`;
}

const renderScope = (scope: PermissionScope): string => (scope === 'none' ? '' : scope);
