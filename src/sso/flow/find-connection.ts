import type { Request } from 'express';
import type { Principal } from '../../directory/principals/principal.js';
import type { SessionService } from '../../directory/sessions/session-service.js';
import type { SsoConnectionService } from '../../directory/sign-on/sso-connection-service.js';
import type { SsoConnection } from '../../directory/sign-on/sso-connection.js';
import type { BrowserCookie } from '../../http/index.js';

/** The connection that the address names, when it speaks this protocol. */
export async function findConnection<Kind extends SsoConnection['kind']>(
  { ssoConnections }: { readonly ssoConnections: SsoConnectionService },
  { params }: Request,
  kind: Kind,
): Promise<Extract<SsoConnection, { readonly kind: Kind }> | undefined> {
  const id = params['connection'];
  const connection = typeof id === 'string' ? await ssoConnections.findById(id) : undefined;
  const isOfKind = (found: SsoConnection): found is Extract<SsoConnection, { readonly kind: Kind }> =>
    found.kind === kind;
  return connection && isOfKind(connection) ? connection : undefined;
}

/** The admin of the connection's organization whose session this browser has. */
export async function findTester(
  { sessions, sessionCookie }: { readonly sessions: SessionService; readonly sessionCookie: BrowserCookie },
  connection: SsoConnection,
  request: Request,
): Promise<Principal | undefined> {
  const secret = sessionCookie.read(request);
  const principal = secret === undefined ? undefined : await sessions.verify(secret);
  if (principal?.organizationId !== connection.organizationId) return undefined;
  return principal.organizationRole === 'admin' ? principal : undefined;
}
