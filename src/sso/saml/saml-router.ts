import { Router, type Request, type RequestHandler, type Response } from 'express';
import passport from 'passport';
import { AttemptLimiter, browserCookie, sessionCookie } from '../../http/index.js';
import { handlePage, type PageAnswer, type PageRequest } from '../../pages/index.js';
import { noConnection } from '../flow/begin-flow.js';
import { beginLogin, beginTest } from './begin-sign-in.js';
import { findConnection } from '../flow/find-connection.js';
import { finishSignIn } from './finish-sign-in.js';
import { takeLogout } from './logout/take-logout.js';
import { renderSpMetadata } from './metadata/render-sp-metadata.js';
import type { SamlDependencies, SamlSurface } from './saml-dependencies.js';
import { SamlFlow } from './saml-flow.js';
import { serviceProviderOf } from './service-provider.js';

/** Sign-ins one address may begin: a company behind one address at nine in the morning, and no more. */
const STARTS = { ratePerSecond: 20, burst: 1_000 };

export const createSamlSurface = (dependencies: SamlDependencies): SamlSurface => {
  const { clock, site } = dependencies;
  return {
    ...dependencies,
    flow: new SamlFlow({ ...dependencies, publicUrl: site.publicUrl }),
    passport: new passport.Passport(),
    sessionCookie: sessionCookie(site.isHttps),
    // The answer is a post of another site; a lax cookie would not come with it.
    flowCookie: browserCookie({ name: 'rollcall-saml', isHttps: site.isHttps, sameSite: 'none' }),
    starts: new AttemptLimiter(clock, STARTS),
  };
};

/** `/sso/saml/{connection}/…`: our metadata, sign-in and its trial, the identity provider's answer, and logout (SAML 2.0). */
export function createSamlRouter(surface: SamlSurface): Router {
  type Answer = (
    surface: SamlSurface,
    page: PageRequest,
    request: Request,
    response: Response,
  ) => Promise<PageAnswer>;
  const page =
    (operation: string, answer: Answer): RequestHandler =>
    (request, response, next) =>
      handlePage(surface, {
        surface: 'sso',
        operation,
        answer: (details) => answer(surface, details, request, response),
      })(request, response, next);

  const router = Router({ caseSensitive: true, strict: true });
  router.get('/sso/saml/:connection/metadata', page('saml.metadata', showMetadata));
  router.get('/sso/saml/:connection/login', page('saml.login', beginLogin));
  router.get('/sso/saml/:connection/test', page('saml.test', beginTest));
  router.post('/sso/saml/:connection/acs', page('saml.acs', finishSignIn));
  router.get('/sso/saml/:connection/logout', page('saml.logout', takeLogout));
  router.post('/sso/saml/:connection/logout', page('saml.logout', takeLogout));
  return router;
}

/** GET /sso/saml/{connection}/metadata: also before the connection is switched on, for setting up the other side. */
async function showMetadata(surface: SamlSurface, page: PageRequest, request: Request): Promise<PageAnswer> {
  const connection = await findConnection(surface, request, 'saml');
  if (connection === undefined) return noConnection(page);
  const { certificate } = await surface.ssoConnections.samlSecrets(connection);
  const serviceProvider = serviceProviderOf(surface.site.publicUrl, connection.id);
  return {
    status: 200,
    body: renderSpMetadata(serviceProvider, connection.settings, certificate),
    contentType: 'application/samlmetadata+xml',
  };
}
