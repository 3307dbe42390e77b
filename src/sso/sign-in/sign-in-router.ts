import { Router, type RequestHandler } from 'express';
import { FormGuard, sessionCookie } from '../../http/index.js';
import type { Logger, Metrics } from '../../observability/index.js';
import { handlePage, siteOf, type PageRoute } from '../../pages/index.js';
import { changePassword, endSessions, showAccount, showLogout, signOut } from './account-handlers.js';
import { discover, showLogin, showPasswordForm, signInWithPassword } from './login-handlers.js';
import { askForReset, completeReset, showForgot, showReset } from './reset-handlers.js';
import type { SignInParts } from './sign-in-parts.js';

export interface SignInDependencies extends Omit<SignInParts, 'site' | 'guard' | 'cookie'> {
  /** Absolute, without a slash at the end. */
  readonly publicUrl: string;
  readonly secretKey: string;
  readonly metrics: Metrics;
  readonly logger: Logger;
}

/** Signing in and out, and the page of a person's own account. Plain HTML: it works without scripts. */
export function createSignInRouter(dependencies: SignInDependencies): Router {
  const { publicUrl, secretKey, metrics, logger } = dependencies;
  const site = siteOf(publicUrl);
  const { origin, isHttps } = site;
  const parts: SignInParts = {
    ...dependencies,
    site,
    guard: new FormGuard({ secretKey, origin, isHttps }),
    cookie: sessionCookie(isHttps),
  };
  const page = (
    operation: string,
    answer: (...args: [SignInParts, ...Parameters<PageRoute['answer']>]) => ReturnType<PageRoute['answer']>,
    { isSecret = false }: { readonly isSecret?: boolean } = {},
  ): RequestHandler =>
    handlePage(
      { metrics, logger, site },
      {
        surface: 'sso',
        operation,
        hasCheckedForm: !isSecret,
        answer: (details, request) => answer(parts, details, request),
      },
    );

  const router = Router({ strict: true, caseSensitive: true });
  router.get('/login', page('login.form', showLogin));
  router.post('/login', page('login.discover', discover));
  router.get('/login/password', page('login.password_form', showPasswordForm));
  router.post('/login/password', page('login.password', signInWithPassword));
  router.get('/login/forgot', page('login.forgot_form', showForgot));
  router.post('/login/forgot', page('login.forgot', askForReset));
  router.get('/login/reset/:secret', page('login.reset_form', showReset, { isSecret: true }));
  router.post('/login/reset/:secret', page('login.reset', completeReset, { isSecret: true }));
  router.get('/logout', page('logout.form', showLogout));
  router.post('/logout', page('logout', signOut));
  router.get('/account', page('account', showAccount));
  router.post('/account/sessions', page('account.end_sessions', endSessions));
  router.post('/account/password', page('account.change_password', changePassword));
  return router;
}
