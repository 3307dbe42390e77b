export type { HomeRealms } from './sign-in-parts.js';
export { createSignInRouter } from './sign-in-router.js';
