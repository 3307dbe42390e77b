import { isApiKey, type ApiKeyService } from '../../directory/api-keys/api-key-service.js';
import type { Connection } from '../../directory/connections/connection.js';
import type { ConnectionService } from '../../directory/connections/connection-service.js';
import type { TokenVerifier, Trial } from '../../directory/connections/token-verifier.js';
import { principalContext, type Principal } from '../../directory/principals/index.js';
import type { Actor, RequestContext } from '../../directory/request-context.js';
import { KnownCredentials } from '../../http/index.js';
import { DomainError } from '../../kernel/errors.js';
import { ScimError } from '../errors.js';

/** Longer credentials are not looked at: none of ours comes near. */
const MAX_CREDENTIAL_LENGTH = 1_024;
const CHALLENGE = 'Bearer realm="Rollcall SCIM"';

export interface AuthenticatorDependencies {
  readonly verifier: TokenVerifier;
  readonly apiKeys: Pick<ApiKeyService, 'verify'>;
  readonly connections: Pick<ConnectionService, 'forApiKeys'>;
}

/** Who sends a request, and the connection whose settings and externalIds it has. */
export interface ScimCaller {
  readonly connection: Connection;
  readonly actor: Actor;
}

type RequestFacts = Pick<RequestContext, 'requestId' | 'sourceAddress'>;

/**
 * Finds who sends a request (RFC 6750, RFC 7617): a bearer token, or Basic with any user name and the token as the
 * password. In the place of the token may stand an API key with the scope `scim`, of an admin of the organization or of
 * one of its service accounts. Client secrets are for the token endpoint and open nothing here.
 * @param begin - begins the trial of a credential that is not known to be good
 * @throws ScimError 401 with one text for whatever is wrong, and a challenge; DomainError permission.denied for the key
 *   of somebody who may not, credential.too_many_attempts
 */
type Authenticate = (
  authorization: string | undefined,
  request: RequestFacts,
  begin: () => Trial,
) => Promise<ScimCaller>;

export function createAuthenticator({
  verifier,
  apiKeys,
  connections,
}: AuthenticatorDependencies): Authenticate {
  const known = new KnownCredentials();

  /** Asks the database each time, as a deactivated owner's key is refused at once. */
  const findOwner = async (secret: string, begin: () => Trial): Promise<Principal> => {
    const trial = known.has(secret) ? undefined : begin();
    const principal = await apiKeys.verify(secret).catch((error: unknown) => {
      trial?.forgive();
      throw error;
    });
    known.note(secret, principal !== undefined);
    if (!principal) throw unauthenticated(true);
    trial?.forgive();
    return principal;
  };

  return async (authorization, request, begin) => {
    const secret = readCredential(authorization);
    if (secret !== undefined && isApiKey(secret)) {
      const principal = await findOwner(secret, begin);
      requireMayProvision(principal);
      const context = principalContext(principal, request);
      const connection = await connections.forApiKeys(context);
      return { connection: limitTo(principal, connection), actor: context.actor };
    }
    const found = secret === undefined ? undefined : await verifier.verify(secret, begin);
    if (!found || found.token.kind === 'client_secret') throw unauthenticated(secret !== undefined);
    const { connection } = found;
    return { connection, actor: { kind: 'connection', id: connection.id } };
  };
}

function requireMayProvision({ credential, organizationRole, accountType }: Principal): void {
  if (credential.kind !== 'api_key' || !credential.scopes.includes('scim'))
    throw new DomainError('permission.denied', { detail: 'This needs an API key with the scope scim.' });
  if (organizationRole !== 'admin' && accountType !== 'ORG_SERVICE')
    throw new DomainError('permission.denied', {
      detail: 'This needs the API key of an admin or of a service account of the organization.',
    });
}

/** A key gives nobody a role that is above its owner's. */
const limitTo = ({ organizationRole }: Principal, connection: Connection): Connection =>
  organizationRole === 'admin'
    ? connection
    : { ...connection, settings: { ...connection.settings, mayGrantAdmin: false } };

/** The secret in an Authorization header; undefined when it holds none. */
export function readCredential(authorization: string | undefined): string | undefined {
  if (authorization === undefined || authorization.length > MAX_CREDENTIAL_LENGTH) return undefined;
  const space = authorization.indexOf(' ');
  const scheme = authorization.slice(0, space).toLowerCase();
  const value = authorization.slice(space + 1).trim();
  if (space === -1 || value === '') return undefined;
  if (scheme === 'bearer') return value;
  return scheme === 'basic' ? readPassword(value) : undefined;
}

function readPassword(encoded: string): string | undefined {
  const decoded = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = decoded.indexOf(':');
  return colon === -1 || colon === decoded.length - 1 ? undefined : decoded.slice(colon + 1);
}

const unauthenticated = (hadCredential: boolean): ScimError =>
  new ScimError(
    { status: 401, detail: 'The credential is missing, unknown, expired or revoked.' },
    { 'WWW-Authenticate': hadCredential ? `${CHALLENGE}, error="invalid_token"` : CHALLENGE },
  );
