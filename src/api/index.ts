export type { ApiServices } from './api-services.js';
export { createApiRouter, type ApiDependencies } from './frame/router.js';
export { API_ROUTES } from './routes/index.js';
