import type { TokenVerifier, Trial } from '../../directory/connections/token-verifier.js';
import type { LiveToken } from '../../directory/connections/connection-store.js';
import { ScimError } from '../errors.js';

/** Longer credentials are not looked at: none of ours comes near. */
const MAX_CREDENTIAL_LENGTH = 1_024;
const CHALLENGE = 'Bearer realm="Rollcall SCIM"';

/**
 * Finds the connection behind a request (RFC 6750, RFC 7617): a bearer token, or Basic with any user name and the token
 * as the password. Client secrets are for the token endpoint and open nothing here.
 * @param begin - begins the trial of a credential that is not known to be good
 * @throws ScimError 401 with one text for whatever is wrong, and a challenge; DomainError credential.too_many_attempts
 */
export async function authenticate(
  verifier: TokenVerifier,
  authorization: string | undefined,
  begin: () => Trial,
): Promise<LiveToken> {
  const secret = readCredential(authorization);
  const found = secret === undefined ? undefined : await verifier.verify(secret, begin);
  if (!found || found.token.kind === 'client_secret') throw unauthenticated(secret !== undefined);
  return found;
}

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
