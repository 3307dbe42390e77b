import type { AssertedIdentity } from '../../directory/sign-on/asserted-identity.js';
import type { OidcConnection } from '../../directory/sign-on/sso-connection.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { claimOf, describeClaims, listClaim, textClaim, type Claims } from './claim-values.js';
import { refusal, type OidcRefusal } from './refusal.js';

/**
 * What an admin should know of an answer that was accepted:
 * - `email_not_verified`: the provider says that it has not verified the address; it was left out, and so was a user name
 *   that is an address.
 * - `groups_overage`: the person is in more groups than the provider puts into a token; nothing is known of them.
 */
export type ClaimNote = 'email_not_verified' | 'groups_overage';

export interface ReadIdentity {
  readonly identity: AssertedIdentity;
  readonly notes: readonly ClaimNote[];
}

/**
 * Reads a person from verified claims by the names of the connection.
 *
 * An address that the provider calls unverified (`email_verified: false`) is anybody's: it must not find an account, nor
 * make one, and neither must a user name in the form of an address, which is the same claim under another name. A provider
 * that does not speak of verification, as Entra ID, vouches for its addresses by what it is; which domains it may speak for
 * is the matter of the domains verified for the connection.
 */
export function readIdentity(
  connection: OidcConnection,
  claims: Claims & { readonly sub: string },
): Result<ReadIdentity, OidcRefusal> {
  const { settings } = connection;
  const missing = Object.entries(settings.requiredClaims).find(
    ([name, accepted]) => !hasOneOf(claimOf(claims, name), accepted),
  );
  if (missing) return err(refusal('required_claim_missing', missing[0]));

  const names = settings.claims;
  const userName = textClaim(claims, names.userName);
  if (!userName.ok) return userName;
  const email = textClaim(claims, names.email);
  if (!email.ok) return email;
  const displayName = textClaim(claims, names.displayName);
  if (!displayName.ok) return displayName;
  const givenName = textClaim(claims, names.givenName);
  if (!givenName.ok) return givenName;
  const familyName = textClaim(claims, names.familyName);
  if (!familyName.ok) return familyName;
  const isOverage = hasGroupsOverage(claims, names.groups);
  const groups = isOverage ? ok(undefined) : listClaim(claims, names.groups);
  if (!groups.ok) return groups;

  const isUnverified = !settings.acceptsUnverifiedEmail && isDeclaredUnverified(claims['email_verified']);
  const notes: readonly ClaimNote[] = [
    ...(isUnverified ? (['email_not_verified'] as const) : []),
    ...(isOverage ? (['groups_overage'] as const) : []),
  ];
  const { sid } = claims;
  return ok({
    notes,
    identity: {
      ssoConnection: connection,
      subject: claims.sub,
      userName: isUnverified && userName.value?.includes('@') === true ? undefined : userName.value,
      email: isUnverified ? undefined : email.value,
      displayName: displayName.value,
      givenName: givenName.value,
      familyName: familyName.value,
      groups: groups.value,
      attributes: describeClaims(claims),
      sessionIndex: typeof sid === 'string' && sid !== '' && sid.length <= MAX_SID ? sid : undefined,
    },
  });
}

/** Characters of a `sid` that is kept for back-channel logout. */
const MAX_SID = 255;

/** Some providers send booleans as text. */
const isDeclaredUnverified = (value: unknown): boolean => value === false || value === 'false';

const hasOneOf = (value: unknown, accepted: readonly string[]): boolean => {
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  return values.some((item) => typeof item === 'string' && accepted.includes(item));
};

/** Entra ID: more than 200 groups are replaced by a pointer to its Graph API (`_claim_names`), or by `hasgroups`. */
function hasGroupsOverage(claims: Claims, names: readonly string[]): boolean {
  if (names.length === 0) return false;
  const pointers = claims['_claim_names'];
  const isPointed =
    typeof pointers === 'object' && pointers !== null && names.some((name) => Object.hasOwn(pointers, name));
  return isPointed || claims['hasgroups'] === true || claims['hasgroups'] === 'true';
}
