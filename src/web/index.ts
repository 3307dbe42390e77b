export { createWebRouter, type WebDependencies } from './web-router.js';
