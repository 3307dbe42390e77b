import { jwtVerify } from 'jose';
import type { Clock } from '../../kernel/clock.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { CLOCK_TOLERANCE_SECONDS } from './client.js';
import { refusalOf } from './library-errors.js';
import type { Provider } from './provider-directory.js';
import { refusal, type OidcRefusal } from './refusal.js';

/** What a provider asks for: the end of one session, or of all of a subject. */
export interface LogoutRequest {
  readonly subject: string | undefined;
  readonly sessionIndex: string | undefined;
  /** `jti`. */
  readonly messageId: string;
  /** Milliseconds since the Unix epoch after which the token is refused by itself. */
  readonly expiresAt: number;
}

const EVENT = 'http://schemas.openid.net/event/backchannel-logout';
/** Seconds from its making in which a logout token is taken: how long its `jti` has to be remembered. */
const MAX_AGE_SECONDS = 600;
const MAX_ID_LENGTH = 255;

/**
 * Verifies a logout token (OpenID Connect Back-Channel Logout 1.0 section 2.6): signed by the provider, for this client,
 * of now, with the logout event, without a nonce so that no ID token passes for one, and naming a subject or a session.
 * Whether its `jti` was seen before is for the caller to find out.
 */
export async function verifyLogoutToken(
  { metadata, keys }: Provider,
  clientId: string,
  token: string,
  clock: Clock,
): Promise<Result<LogoutRequest, OidcRefusal>> {
  let verified;
  try {
    verified = await jwtVerify(token, keys, {
      issuer: metadata.document.issuer,
      audience: clientId,
      algorithms: [...metadata.algorithms],
      requiredClaims: ['iat', 'jti', 'events'],
      maxTokenAge: MAX_AGE_SECONDS,
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
      currentDate: new Date(clock.now()),
    });
  } catch (error) {
    return err(refusalOf(error, 'keys'));
  }
  const { typ } = verified.protectedHeader;
  const { jti, iat, sub, sid, nonce, events } = verified.payload;
  if (typ !== undefined && !/^(?:application\/)?(?:logout\+jwt|jwt)$/i.test(typ))
    return err(refusal('token_invalid', 'typ'));
  if (nonce !== undefined) return err(refusal('token_invalid', 'nonce'));
  if (!isLogoutEvent(events)) return err(refusal('token_invalid', 'events'));
  if (!isId(jti)) return err(refusal('token_invalid', 'jti'));
  if (sub !== undefined && !isId(sub)) return err(refusal('token_invalid', 'sub'));
  if (sid !== undefined && !isId(sid)) return err(refusal('token_invalid', 'sid'));
  if (sub === undefined && sid === undefined) return err(refusal('token_invalid', 'sub'));
  const expiresAt = ((iat ?? 0) + MAX_AGE_SECONDS + CLOCK_TOLERANCE_SECONDS) * 1_000;
  return ok({ subject: sub, sessionIndex: sid, messageId: jti, expiresAt });
}

const isId = (value: unknown): value is string =>
  typeof value === 'string' && value !== '' && value.length <= MAX_ID_LENGTH;

/** The member is an empty object today, and may get members later. */
const isLogoutEvent = (events: unknown): boolean => {
  if (typeof events !== 'object' || events === null || !Object.hasOwn(events, EVENT)) return false;
  const event = (events as Readonly<Record<string, unknown>>)[EVENT];
  return typeof event === 'object' && event !== null && !Array.isArray(event);
};
