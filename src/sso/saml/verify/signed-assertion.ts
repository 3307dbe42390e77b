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
 * What the library's decoder leaves for bytes that are not UTF-8. A changed block of cipher text decrypts to such bytes,
 * and where nothing is signed (the KeyInfo of the signature) nothing else would notice them.
 */
const REPLACEMENT_CHARACTER = '\ufffd';

/**
 * Decrypts an EncryptedAssertion that has passed the gate.
 * @returns the XML inside, not yet looked at, or undefined when the key does not fit or the bytes are not UTF-8
 */
export async function decryptAssertion(xml: string, key: string): Promise<string | undefined> {
  try {
    const inside = await decryptXml(xml, key);
    return inside.includes(REPLACEMENT_CHARACTER) ? undefined : inside;
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
