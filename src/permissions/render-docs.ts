import {
  ORGANIZATION_PERMISSIONS,
  PERMISSION_NAMES,
  permissionEntry,
  type ConditionalGrant,
  type PermissionScope,
} from './catalogue.js';
import { organizationPermissions, type OrganizationRoleName } from './roles.js';

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

function renderOrganizationPermission(permission: (typeof ORGANIZATION_PERMISSIONS)[number]): string {
  const cells = ORGANIZATION_ROLE_NAMES.map((role) =>
    organizationPermissions(role).includes(permission) ? 'yes' : '',
  );
  return `| \`${permission}\` | ${cells.join(' | ')} |`;
}

const renderScope = (scope: PermissionScope): string => (scope === 'none' ? '' : scope);
