import { fetchUserInfo, type Configuration } from 'openid-client';
import type { OidcSettings } from '../../directory/sign-on/oidc-settings.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { claimOf, type Claims } from './claim-values.js';
import type { VerifiedTokens } from './exchange-code.js';
import { refusalOf } from './library-errors.js';
import type { Provider } from './provider-directory.js';
import type { OidcRefusal } from './refusal.js';

export interface PersonClaims {
  readonly claims: Claims & { readonly sub: string };
  /** Why the userinfo endpoint added nothing although something was missing. */
  readonly userInfoProblem: OidcRefusal | undefined;
}

/**
 * The claims of the ID token, and of the userinfo endpoint those that the token leaves out, as providers do that keep
 * their tokens thin. The endpoint has to speak of the same subject (Core section 5.3.2); a claim of the token always wins.
 * An endpoint that cannot be reached is no reason to keep out somebody whom the token names.
 */
export async function fetchClaims(
  provider: Provider,
  client: Configuration,
  { claims: own }: OidcSettings,
  { claims, accessToken }: VerifiedTokens,
): Promise<Result<PersonClaims, OidcRefusal>> {
  const wanted = [own.userName, own.email, own.displayName, own.groups].filter((names) => names.length > 0);
  const isComplete = wanted.every((names) => names.some((name) => claimOf(claims, name) !== undefined));
  if (isComplete || provider.metadata.document.userinfo_endpoint === undefined)
    return ok({ claims, userInfoProblem: undefined });
  try {
    const more = await fetchUserInfo(client, accessToken, claims.sub);
    return ok({ claims: { ...more, ...claims }, userInfoProblem: undefined });
  } catch (error) {
    const problem = refusalOf(error, 'userinfo');
    return problem.reason === 'subject_mismatch' ? err(problem) : ok({ claims, userInfoProblem: problem });
  }
}
