export { createOAuthRouter } from './token-endpoint.js';
