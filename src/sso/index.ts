export { createSamlKeys } from './saml/keys/create-saml-keys.js';
