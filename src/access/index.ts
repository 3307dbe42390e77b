export { createAccessRouter, type AccessDependencies } from './access-router.js';
