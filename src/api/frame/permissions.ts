import { requirePermission } from '../../directory/principals/index.js';
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
