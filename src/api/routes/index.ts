import type { Route } from '../frame/route.js';
import { activityRoutes } from './activity-routes.js';
import { auditEventRoutes } from './audit-event-routes.js';
import { apiKeyRoutes } from './api-key-routes.js';
import { connectionRoutes } from './connection-routes.js';
import { domainRoutes } from './domain-routes.js';
import { mappingRuleRoutes } from './mapping-rule-routes.js';
import { invitationRoutes } from './invitation-routes.js';
import { passwordResetRoutes } from './password-reset-routes.js';
import { roleRoutes } from './role-routes.js';
import { connectionLogRoutes } from './connection-log-routes.js';
import { meRoutes } from './me-routes.js';
import { sessionRoutes } from './session-routes.js';
import { teamMemberRoutes } from './team-member-routes.js';
import { teamRoutes } from './team-routes.js';
import { userRoutes } from './user-routes.js';
import { organizationRoutes } from './organization-routes.js';
import { signOnReviewRoutes } from './sign-on-review-routes.js';
import { ssoConnectionRoutes } from './sso-connection-routes.js';
import { teamInvitationRoutes } from './team-invitation-routes.js';
import { attributionRoutes } from './attribution-routes.js';
import { projectMemberRoutes } from './project-member-routes.js';
import { projectRoutes } from './project-routes.js';
import { serviceAccountRoutes } from './service-account-routes.js';

/** Every route of the admin REST API, in the order of its description. */
export const API_ROUTES: readonly Route[] = [
  ...meRoutes,
  ...organizationRoutes,
  ...userRoutes,
  ...invitationRoutes,
  ...teamInvitationRoutes,
  ...sessionRoutes,
  ...passwordResetRoutes,
  ...teamRoutes,
  ...teamMemberRoutes,
  ...roleRoutes,
  ...connectionLogRoutes,
  ...apiKeyRoutes,
  ...connectionRoutes,
  ...ssoConnectionRoutes,
  ...domainRoutes,
  ...signOnReviewRoutes,
  ...mappingRuleRoutes,
  ...serviceAccountRoutes,
  ...attributionRoutes,
  ...projectRoutes,
  ...projectMemberRoutes,
  ...auditEventRoutes,
  ...activityRoutes,
];
