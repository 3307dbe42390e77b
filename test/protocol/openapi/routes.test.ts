import { describe, expect, it } from '@jest/globals';
import { createApp, createServices } from '../../../src/app.js';
import { findInstallation } from '../../../src/cli/installation.js';
import { systemClock } from '../../../src/kernel/clock.js';
import { createLogger } from '../../../src/observability/index.js';
import { connectPostgres } from '../../../src/persistence/index.js';
import { readConfig } from '../../support/server.js';
import { listRoutes } from './support/list-routes.js';
import { OPERATIONS } from './support/operation.js';

/** The routes of the composed application, as openapi.yaml writes them. */
function composedRoutes(): readonly string[] {
  const config = readConfig();
  // It connects on first use, which never comes.
  const database = connectPostgres({
    url: 'postgres://localhost',
    poolSize: 1,
    onIdleError: () => undefined,
  });
  const app = createApp(config, {
    database,
    services: createServices(database, systemClock, config),
    clock: systemClock,
    logger: createLogger('silent'),
    installation: findInstallation(),
  });
  return listRoutes(app.handler).map(toDescribed);
}

/** SCIM routes exist once, under the alias, and stand for those of `/scim/v2`. */
const toDescribed = (route: string): string => route.replace(/ \/scim(?=\/|$)/, ' /scim/v2');

/** Styles and scripts of pages are parts of them, no addresses to call. */
const isAsset = (route: string): boolean => /\.(?:css|js)$/.test(route);

/** Where browsers and identity providers meet is described by SAML metadata and by OpenID Connect, not by OpenAPI. */
const isSignOn = (route: string): boolean => / \/sso\/(?:saml|oidc)\//.test(route);

/** The pages behind links that people are sent: their addresses are secrets, and nobody calls them but a browser. */
const isSecretLink = (route: string): boolean => / \/(?:invitations|login\/reset)\//.test(route);

/** A path with a closed list of values, such as `/guides/{name}`, stands for one route each. */
const expandOperations = (): readonly string[] =>
  OPERATIONS.flatMap(({ method, path, parameters }) => {
    const closed = parameters.find(({ place, values }) => place === 'path' && values.length > 0);
    if (!closed) return [`${method} ${path}`];
    return closed.values.map((value) => `${method} ${path.replace(`{${closed.name}}`, value)}`);
  });

describe('the routes of the server and the operations of openapi.yaml', () => {
  it('are the same', () => {
    const routes = composedRoutes().filter(
      (route) => !isAsset(route) && !isSignOn(route) && !isSecretLink(route),
    );
    expect([...new Set(routes)].sort()).toEqual([...expandOperations()].sort());
  });
});
