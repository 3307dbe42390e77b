export { createClientAddress, type ClientAddress } from './client-address.js';
export { escapeHtml, renderErrorPage } from './error-page.js';
export { RateLimiter } from './rate-limiter.js';
export { readBody } from './read-body.js';
export { requestIdOf } from './request-id.js';
export { setBaseHeaders, setPageHeaders } from './security-headers.js';
export { listen, type RunningServer } from './server.js';
