export { createInvitationRouter, type InvitationRouterDependencies } from './invitation-router.js';
export { createWebRouter, type WebDependencies } from './web-router.js';
