import type { IncomingMessage } from 'node:http';
import type { AccountService } from '../../directory/account/account-service.js';
import type { LocalSignInService } from '../../directory/local-sign-in/local-sign-in-service.js';
import type { Principal } from '../../directory/principals/index.js';
import type { PasswordResetService } from '../../directory/local-sign-in/password-reset-service.js';
import type { RequestContext } from '../../directory/request-context.js';
import type { SessionService } from '../../directory/sessions/session-service.js';
import type { SsoSignIn } from '../../directory/sessions/session.js';
import type { AttemptLimiter, BrowserCookie, ClientAddress, FormGuard } from '../../http/index.js';
import type { Clock } from '../../kernel/clock.js';
import type { Logger } from '../../observability/index.js';
import {
  errorAnswer,
  formProblemAnswer,
  readForm,
  type PageAnswer,
  type PageRequest,
  type Site,
} from '../../pages/index.js';

/** Where the people of an e-mail domain sign in. */
export interface SsoTarget {
  readonly id: string;
  readonly kind: 'saml' | 'oidc';
  readonly name: string;
}

/** Finds where somebody signs in. */
export interface HomeRealms {
  /** The connection for which the domain of an address is verified. */
  findByDomain(email: string): Promise<SsoTarget | undefined>;
  /** Connections that are offered to everybody. */
  listOffered(): Promise<readonly SsoTarget[]>;
}

/** Ends sessions at identity providers. */
export interface ProviderLogout {
  /** Where the browser goes so that the identity provider ends its session too; undefined where that is not offered. */
  findUrl(organizationId: string, signIn: SsoSignIn): Promise<string | undefined>;
}

/** What the pages of sign-in are made from. */
export interface SignInParts {
  readonly site: Site;
  readonly sessions: SessionService;
  readonly localSignIn: LocalSignInService;
  readonly passwordResets: PasswordResetService;
  readonly attempts: AttemptLimiter;
  readonly account: AccountService;
  readonly realms: HomeRealms;
  readonly providerLogout: ProviderLogout;
  readonly logger: Logger;
  readonly guard: FormGuard;
  readonly cookie: BrowserCookie;
  readonly clientAddress: ClientAddress;
  readonly clock: Clock;
  /** Whether passwords kept here are taken. */
  readonly isLocalAllowed: boolean;
}

/** Whose browser this is. */
export async function findPrincipal(
  { cookie, sessions }: SignInParts,
  request: IncomingMessage,
): Promise<Principal | undefined> {
  const secret = cookie.read(request);
  return secret === undefined ? undefined : sessions.verify(secret);
}

export const requestFacts = (
  { clientAddress }: SignInParts,
  page: PageRequest,
  request: IncomingMessage,
): Pick<RequestContext, 'requestId' | 'sourceAddress'> => ({
  requestId: page.id,
  sourceAddress: clientAddress(request),
});

/**
 * The fields of a form that this server gave to this browser, or the page that says why they are not taken.
 * @param checked - the headers that say where the form comes from; those of the request unless given
 */
export async function readCheckedForm(
  { guard, site }: SignInParts,
  page: PageRequest,
  request: IncomingMessage,
  checked: Pick<IncomingMessage, 'headers'> = request,
): Promise<{ readonly form: URLSearchParams } | { readonly refusal: PageAnswer }> {
  const read = await readForm(request);
  if (!read.ok) return { refusal: formProblemAnswer(read.error, page.id) };
  if (guard.accepts(checked, read.value)) return { form: read.value };
  const text = 'It was opened before you signed in or out, or in another browser. Open the page again';
  return {
    refusal: errorAnswer(403, 'This form is out of date', `${text}: ${site.publicUrl}/login`, page.id),
  };
}
