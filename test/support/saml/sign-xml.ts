import { SignedXml } from 'xml-crypto';

export interface SigningKey {
  /** PEM. */
  readonly privateKey: string;
  /** PEM; goes into KeyInfo, where no verifier should look for whom to trust. */
  readonly certificate: string;
}

export interface SigningOptions {
  readonly signatureAlgorithm?: string;
  readonly digestAlgorithm?: string;
  readonly transforms?: readonly string[];
  readonly canonicalization?: string;
}

const SHA256 = 'http://www.w3.org/2001/04/xmlenc#sha256';
const RSA_SHA256 = 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256';
export const ENVELOPED = 'http://www.w3.org/2000/09/xmldsig#enveloped-signature';
export const EXCLUSIVE = 'http://www.w3.org/2001/10/xml-exc-c14n#';

/** Signs the element `localName` (the first of its name) and puts the signature after its Issuer, as identity providers do. */
export function signElement(
  xml: string,
  localName: 'Response' | 'Assertion' | 'LogoutRequest' | 'LogoutResponse',
  key: SigningKey,
  options: SigningOptions = {},
): string {
  const signer = new SignedXml({
    privateKey: key.privateKey,
    publicCert: key.certificate,
    signatureAlgorithm: options.signatureAlgorithm ?? RSA_SHA256,
    canonicalizationAlgorithm: options.canonicalization ?? EXCLUSIVE,
  });
  const path = `//*[local-name(.)='${localName}']`;
  signer.addReference({
    xpath: path,
    transforms: [...(options.transforms ?? [ENVELOPED, EXCLUSIVE])],
    digestAlgorithm: options.digestAlgorithm ?? SHA256,
  });
  signer.computeSignature(xml, {
    prefix: 'ds',
    location: { reference: `${path}/*[local-name(.)='Issuer']`, action: 'after' },
  });
  return signer.getSignedXml();
}
