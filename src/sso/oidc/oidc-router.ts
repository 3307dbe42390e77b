import { Router } from 'express';
import { AttemptLimiter, browserCookie, createOutboundFetch, sessionCookie } from '../../http/index.js';
import { handlePage, type PageAnswer, type PageRequest } from '../../pages/index.js';
import { takeBackChannelLogout } from './back-channel-logout.js';
import { beginLogin, beginTest } from './begin-sign-in.js';
import { finishSignIn } from './finish-sign-in.js';
import type { OidcDependencies, OidcSurface } from './oidc-dependencies.js';
import { OidcFlow } from './oidc-flow.js';
import { ProviderDirectory } from './provider-directory.js';
import type { Request } from 'express';

/** Sign-ins one address may begin: a company behind one address at nine in the morning, and no more. */
const STARTS = { ratePerSecond: 20, burst: 1_000 };
const NANOSECONDS = 1e9;

export const createOidcSurface = (dependencies: OidcDependencies): OidcSurface => {
  const { clock, outbound, site } = dependencies;
  const transport = { fetch: createOutboundFetch(outbound), policy: outbound };
  const providers = new ProviderDirectory(transport, clock);
  return {
    ...dependencies,
    transport,
    providers,
    flow: new OidcFlow({ ...dependencies, transport, providers, publicUrl: site.publicUrl }),
    sessionCookie: sessionCookie(site.isHttps),
    flowCookie: browserCookie({ name: 'rollcall-oidc', isHttps: site.isHttps }),
    starts: new AttemptLimiter(clock, STARTS),
  };
};

/** `/sso/oidc/{connection}/…`: sign-in and its trial, the provider's answer, and its logout (OpenID Connect Core 1.0). */
export function createOidcRouter(surface: OidcSurface): Router {
  type Answer = (surface: OidcSurface, page: PageRequest, request: Request) => Promise<PageAnswer>;
  const page = (operation: string, answer: Answer): ReturnType<typeof handlePage> =>
    handlePage(surface, {
      surface: 'sso',
      operation,
      answer: (details, request) => answer(surface, details, request),
    });

  const router = Router({ caseSensitive: true, strict: true });
  router.get('/sso/oidc/:connection/login', page('oidc.login', beginLogin));
  router.get('/sso/oidc/:connection/test', page('oidc.test', beginTest));
  router.get('/sso/oidc/:connection/callback', page('oidc.callback', finishSignIn));
  const record = surface.metrics.requestRecorder('sso', 'oidc.backchannel_logout');
  router.post('/sso/oidc/:connection/backchannel-logout', async (request, response) => {
    const startedAt = process.hrtime.bigint();
    response.once('close', () =>
      record(response.statusCode, Number(process.hrtime.bigint() - startedAt) / NANOSECONDS),
    );
    await takeBackChannelLogout(surface, request, response);
  });
  return router;
}
