export { createDiscoveryRouter } from './discovery-router.js';
