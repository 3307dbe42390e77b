export { AttemptLimiter, type Attempt } from './attempt-limiter.js';
export { browserCookie, sessionCookie, writeSessionCookie, type BrowserCookie } from './browser-cookie.js';
export { createClientAddress, type ClientAddress } from './client-address.js';
export { ConcurrencyLimiter, type ConcurrencyLimits } from './concurrency-limiter.js';
export { etagOf, readEtags, type Versioned } from './etag.js';
export { escapeHtml, renderErrorPage, type ErrorPage } from './error-page.js';
export { HTTP_PROBLEMS, type HttpProblemCode } from './http-problems.js';
export { isStorableText, parseJsonBody, type JsonProblem } from './json/index.js';
export { KnownCredentials } from './known-credentials.js';
export { RateLimiter, type RateLimitDecision } from './rate-limiter.js';
export { FORM_TOKEN_FIELD, FormGuard, type FormToken } from './form-guard.js';
export { comesFromOurPages, withoutOpaqueOrigin } from './same-origin.js';
export {
  createOutboundFetch,
  isLoopbackHost,
  isOutboundError,
  isOutboundUrl,
  OutboundError,
  type OutboundFetch,
  type OutboundInit,
  type OutboundPolicy,
  type OutboundProblem,
} from './outbound-fetch.js';
export { readBody } from './read-body.js';
export { requestIdOf } from './request-id.js';
export { sendPieces } from './send-pieces.js';
export { setBaseHeaders, setPageHeaders } from './security-headers.js';
export { createTxtResolver, type ResolveTxt } from './txt-records.js';
export { listen, type RunningServer } from './server.js';
