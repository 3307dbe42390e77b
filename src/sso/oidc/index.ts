export type { OidcDependencies } from './oidc-dependencies.js';
export { createOidcRouter, createOidcSurface } from './oidc-router.js';
export { providerLogoutUrl } from './provider-logout.js';
