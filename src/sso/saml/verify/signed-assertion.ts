/** The one place where node-saml verifies and decrypts. What it is given has passed the gate; what it gives is what was signed. */
import { SAML, ValidateInResponseTo, type Profile } from '@node-saml/node-saml';
import { decryptXml, getVerifiedXml, parseDomFromString } from '@node-saml/node-saml/lib/xml.js';
import type { VerificationSettings } from './verification-settings.js';

export interface WantedSignatures {
  readonly assertion: boolean;
  readonly response: boolean;
}

/** node-saml up to the point where it has the signed assertion; reading and judging it is done here, from its bytes. */
class SignatureLibrary extends SAML {
  protected override processValidlySignedAssertionAsync(
    assertionXml: string,
  ): Promise<{ profile: Profile; loggedOut: boolean }> {
    const profile = { issuer: '', nameID: '', nameIDFormat: '', getAssertionXml: () => assertionXml };
    return Promise.resolve({ profile, loggedOut: false });
  }
}

/**
 * Verifies the wanted signatures of a response against the connection's certificates.
 * @returns the XML of the assertion as it was signed, canonical, or undefined when a signature does not hold
 */
export async function readSignedAssertion(
  xml: string,
  settings: VerificationSettings,
  wanted: WantedSignatures,
): Promise<string | undefined> {
  const library = new SignatureLibrary({
    issuer: settings.entityId,
    callbackUrl: settings.acsUrl,
    idpCert: [...settings.certificates],
    wantAssertionsSigned: wanted.assertion,
    wantAuthnResponseSigned: wanted.response,
    ...(settings.decryptionKey !== undefined && { decryptionPvk: settings.decryptionKey }),
    validateInResponseTo: ValidateInResponseTo.never,
  });
  try {
    const { profile } = await library.validatePostResponseAsync({
      SAMLResponse: Buffer.from(xml).toString('base64'),
    });
    return profile?.getAssertionXml?.();
  } catch {
    // Its messages quote the document, so none of them goes on.
    return undefined;
  }
}

/**
 * Decrypts an EncryptedAssertion that has passed the gate.
 * @returns the XML inside, not yet looked at, or undefined
 */
export async function decryptAssertion(xml: string, key: string): Promise<string | undefined> {
  try {
    return await decryptXml(xml, key);
  } catch {
    return undefined;
  }
}

/**
 * Verifies the signature of the root element of a message that has passed the gate.
 * @returns the message as it was signed, canonical, or undefined when no certificate verifies it
 */
export async function readSignedElement(
  xml: string,
  certificates: readonly string[],
): Promise<string | undefined> {
  try {
    const { documentElement } = await parseDomFromString(xml);
    return getVerifiedXml(xml, documentElement, [...certificates]) ?? undefined;
  } catch {
    return undefined;
  }
}
