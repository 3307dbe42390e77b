export { createScimRouter, type ScimDependencies } from './router.js';
