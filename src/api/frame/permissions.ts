import { requirePermission } from '../../directory/principals/index.js';
import type { ActionName } from '../../directory/access/access-request.js';
import type { OrganizationPermission } from '../../permissions/index.js';
import type { CheckedPermission } from './route.js';

/** Everybody about themself, by `userId` in the path; about others, who has the permission. */
export const selfOr = (
  permission: OrganizationPermission,
): CheckedPermission<{ readonly userId: string }> => ({
  needs: `\`${permission}\`, or to be the account itself`,
  check: (_services, { principal }, { userId }) => {
    if (userId !== principal.userId) requirePermission(principal, permission);
    return Promise.resolve();
  },
});

interface TeamParams {
  readonly teamId: string;
}

/** Who may do this in the team that the path names; a team that the caller cannot see is 404. */
export const onTeam = (action: ActionName): CheckedPermission<TeamParams> => ({
  needs: `\`${action}\` in the team`,
  check: async ({ access, teamManagement }, context, { teamId }) => {
    await teamManagement.get(context, teamId);
    await access.require(context.principal, action, { type: 'team', id: teamId });
  },
});

/** Who sees the team that the path names; what exactly it takes depends on the rest of the request, and the service asks. */
export const onVisibleTeam = (needs: string): CheckedPermission<TeamParams> => ({
  needs,
  check: async ({ teamManagement }, context, { teamId }) => {
    await teamManagement.get(context, teamId);
  },
});

/** Who may do this in the organization, where more than the role decides. */
export const inOrganization = (action: OrganizationPermission): CheckedPermission<unknown> => ({
  needs: `\`${action}\``,
  check: ({ access }, { principal, organizationId }) =>
    access.require(principal, action, { type: 'organization', id: organizationId }),
});

/** Somebody with one of the permissions in the project of the path. */
export const onProject = (
  ...actions: readonly [ActionName, ...ActionName[]]
): CheckedPermission<{ readonly projectId: string }> => ({
  needs: `${actions.map((action) => `\`${action}\``).join(' or ')} in the project`,
  check: ({ access }, { principal }, { projectId }) =>
    access.requireAny(principal, actions, { type: 'project', id: projectId }),
});
