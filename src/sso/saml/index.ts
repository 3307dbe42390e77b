export { createSamlKeys } from './keys/create-saml-keys.js';
export { samlLogoutUrl } from './logout/provider-logout.js';
export { IdpMetadataDirectory } from './metadata/idp-metadata-directory.js';
export { IdpMetadataReader } from './metadata/idp-metadata-reader.js';
export type { SamlDependencies } from './saml-dependencies.js';
export { createSamlRouter, createSamlSurface } from './saml-router.js';
