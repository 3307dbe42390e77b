import type { Request } from 'express';
import type { Principal } from '../../directory/principals/principal.js';
import type { OidcConnection } from '../../directory/sign-on/sso-connection.js';
import type { OidcSurface } from './oidc-dependencies.js';

/** The OpenID Connect connection that the address names. */
export async function findConnection(
  { ssoConnections }: OidcSurface,
  { params }: Request,
): Promise<OidcConnection | undefined> {
  const id = params['connection'];
  const connection = typeof id === 'string' ? await ssoConnections.findById(id) : undefined;
  return connection?.kind === 'oidc' ? connection : undefined;
}

/** The admin of the connection's organization whose session this browser has. */
export async function findTester(
  { sessions, sessionCookie }: OidcSurface,
  connection: OidcConnection,
  request: Request,
): Promise<Principal | undefined> {
  const secret = sessionCookie.read(request);
  const principal = secret === undefined ? undefined : await sessions.verify(secret);
  if (principal?.organizationId !== connection.organizationId) return undefined;
  return principal.organizationRole === 'admin' ? principal : undefined;
}
