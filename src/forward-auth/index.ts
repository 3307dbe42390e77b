export { createForwardAuthRouter, type ForwardAuthRouterDependencies } from './forward-auth-router.js';
