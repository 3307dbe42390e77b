import type { Route } from '../frame/route.js';
import { apiKeyRoutes } from './api-key-routes.js';
import { meRoutes } from './me-routes.js';
import { userRoutes } from './user-routes.js';
import { organizationRoutes } from './organization-routes.js';

/** Every route of the admin REST API, in the order of its description. */
export const API_ROUTES: readonly Route[] = [
  ...meRoutes,
  ...organizationRoutes,
  ...userRoutes,
  ...apiKeyRoutes,
];
