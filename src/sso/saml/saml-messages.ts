/** What we say to identity providers, built and signed by node-saml. */
import { SAML, ValidateInResponseTo, type Profile } from '@node-saml/node-saml';
import type { SamlIdentityProvider } from '../../directory/sign-on/saml-identity-provider.js';
import type { SamlSecrets, SamlSettings } from '../../directory/sign-on/saml-settings.js';
import type { ServiceProvider } from './service-provider.js';

/** A connection with everything that its messages are made from. */
export interface SamlParty {
  readonly serviceProvider: ServiceProvider;
  readonly identityProvider: SamlIdentityProvider;
  readonly settings: SamlSettings;
  readonly secrets: SamlSecrets;
}

/** How the identity provider names a person, as a logout has to repeat it (SAML core 3.7.1). */
export interface SamlSessionName {
  readonly nameId: string;
  readonly format: string | undefined;
  readonly nameQualifier: string | undefined;
  readonly spNameQualifier: string | undefined;
  readonly sessionIndex: string | undefined;
}

/**
 * The address to send a browser to with an AuthnRequest (HTTP-Redirect binding, SAML bindings 3.4), signed where the
 * connection says so. IssueInstant is by the library's own clock.
 * @param id of the request, for InResponseTo of the answer
 */
export const authnRequestUrl = (party: SamlParty, id: string, relayState: string): Promise<string> =>
  libraryFor(party, id, party.settings.signsRequests).getAuthorizeUrlAsync(relayState, undefined, {});

/** The address for a LogoutRequest, always signed where there is a key; undefined where no logout is offered. */
export async function logoutRequestUrl(
  party: SamlParty,
  id: string,
  relayState: string,
  session: SamlSessionName,
): Promise<string | undefined> {
  if (party.identityProvider.logoutUrl === undefined) return undefined;
  return libraryFor(party, id, true).getLogoutUrlAsync(toProfile(session), relayState, {});
}

/** The address for the answer to a LogoutRequest; undefined where none is expected. */
export async function logoutResponseUrl(
  party: SamlParty,
  id: string,
  answer: { readonly requestId: string; readonly relayState: string; readonly isSuccess: boolean },
): Promise<string | undefined> {
  if (party.identityProvider.logoutUrl === undefined) return undefined;
  const request = { ID: answer.requestId, issuer: '', nameID: '', nameIDFormat: '' };
  return libraryFor(party, id, true).getLogoutResponseUrlAsync(
    request,
    answer.relayState,
    {},
    answer.isSuccess,
  );
}

function libraryFor(
  { serviceProvider, identityProvider, settings, secrets }: SamlParty,
  id: string,
  isSigned: boolean,
): SAML {
  const { privateKey } = secrets;
  return new SAML({
    issuer: serviceProvider.entityId,
    callbackUrl: serviceProvider.acsUrl,
    entryPoint: identityProvider.entryPoint,
    logoutUrl: identityProvider.logoutUrl ?? '',
    // Wanted by the library for any use; nothing is verified with it here.
    idpCert: identityProvider.certificates[0] ?? UNUSED_CERTIFICATE,
    identifierFormat: settings.nameIdFormat ?? null,
    // How somebody proves who they are is the identity provider's affair; asking for passwords keeps out passkeys.
    disableRequestedAuthnContext: true,
    validateInResponseTo: ValidateInResponseTo.never,
    generateUniqueId: () => id,
    signatureAlgorithm: 'sha256',
    digestAlgorithm: 'sha256',
    ...(isSigned && privateKey !== undefined && { privateKey }),
  });
}

const UNUSED_CERTIFICATE = 'AAAA';

const toProfile = (session: SamlSessionName): Profile => ({
  issuer: '',
  nameID: session.nameId,
  nameIDFormat: session.format ?? 'urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified',
  ...(session.nameQualifier !== undefined && { nameQualifier: session.nameQualifier }),
  ...(session.spNameQualifier !== undefined && { spNameQualifier: session.spNameQualifier }),
  ...(session.sessionIndex !== undefined && { sessionIndex: session.sessionIndex }),
});
