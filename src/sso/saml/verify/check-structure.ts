/**
 * What a response must look like before a signature library gets to see it: one response, one assertion in its place, IDs
 * that stand for one element each, signatures of the accepted shape where they belong.
 */
import { err, ok, type Result } from '../../../kernel/result.js';
import { BLOCK_ENCRYPTIONS, KEY_TRANSPORTS, NAMESPACES } from '../saml-names.js';
import { attributeOf, childrenOf, descendantsOf, onlyChildOf, type XmlElement } from '../xml/xml-element.js';
import { checkIds, checkSignatures } from './check-signatures.js';
import type { SamlRefusal } from './saml-refusal.js';

export interface ResponseStructure {
  readonly response: XmlElement;
  /** The assertion in clear, or the encrypted one. */
  readonly assertion: XmlElement;
  readonly isEncrypted: boolean;
  readonly isResponseSigned: boolean;
  /** Of an assertion in clear; what is inside an encrypted one shows after decryption. */
  readonly isAssertionSigned: boolean;
}

const refuse = (code: SamlRefusal['code'], detail: string): Result<never, SamlRefusal> =>
  err({ code, detail });

/** Names that must not appear a second time, in any namespace: readers that look by local name would find them. */
const SINGULAR: ReadonlySet<string> = new Set(['Response', 'Assertion', 'EncryptedAssertion']);

export function checkResponse(root: XmlElement): Result<ResponseStructure, SamlRefusal> {
  if (root.localName !== 'Response' || root.namespace !== NAMESPACES.protocol)
    return refuse('unexpected_message', 'the message is not a SAML 2.0 Response');
  const plain = childrenOf(root, NAMESPACES.assertion, 'Assertion');
  const encrypted = childrenOf(root, NAMESPACES.assertion, 'EncryptedAssertion');
  const assertion = plain[0] ?? encrypted[0];
  if (assertion === undefined) return refuse('assertion_missing', 'the response holds no assertion');
  const singular = [...descendantsOf(root)].filter(({ localName }) => SINGULAR.has(localName));
  if (singular.length !== 2)
    return refuse('several_assertions', 'more than one response or assertion in the message');
  return checkSigned(root, assertion, encrypted.length === 1);
}

function checkSigned(
  response: XmlElement,
  assertion: XmlElement,
  isEncrypted: boolean,
): Result<ResponseStructure, SamlRefusal> {
  const ids = checkIds(response);
  if (!ids.ok) return ids;
  const signed = checkSignatures(response, isEncrypted ? [response] : [response, assertion]);
  if (!signed.ok) return signed;
  if (isEncrypted) {
    const encryption = checkEncryption(assertion);
    if (!encryption.ok) return encryption;
  }
  return ok({
    response,
    assertion,
    isEncrypted,
    isResponseSigned: signed.value.has(response),
    isAssertionSigned: signed.value.has(assertion),
  });
}

/** Checks an assertion that was encrypted: the same rules as in clear, on a document of its own. @returns whether it is signed */
export function checkDecryptedAssertion(root: XmlElement): Result<boolean, SamlRefusal> {
  if (root.localName !== 'Assertion' || root.namespace !== NAMESPACES.assertion)
    return refuse('assertion_missing', 'what was encrypted is not an assertion');
  if ([...descendantsOf(root)].filter(({ localName }) => SINGULAR.has(localName)).length !== 1)
    return refuse('several_assertions', 'an assertion inside the encrypted one');
  const ids = checkIds(root);
  if (!ids.ok) return ids;
  const signed = checkSignatures(root, [root]);
  return signed.ok ? ok(signed.value.has(root)) : signed;
}

/** XML Encryption with the key beside the data, by algorithms that are taken, with nothing ambiguous for a lenient reader. */
function checkEncryption(encryptedAssertion: XmlElement): Result<undefined, SamlRefusal> {
  const failed = (detail: string): Result<never, SamlRefusal> => refuse('decryption_failed', detail);
  const { encryption, signature } = NAMESPACES;
  const data = onlyChildOf(encryptedAssertion, encryption, 'EncryptedData');
  const keyInfo = data && onlyChildOf(data, signature, 'KeyInfo');
  const key = keyInfo && onlyChildOf(keyInfo, encryption, 'EncryptedKey');
  const blockMethod = data && onlyChildOf(data, encryption, 'EncryptionMethod');
  const keyMethod = key && onlyChildOf(key, encryption, 'EncryptionMethod');
  if (!data || !key || !blockMethod || !keyMethod || encryptedAssertion.children.length !== 1)
    return failed('EncryptedData without an EncryptedKey inside');
  if (count(encryptedAssertion, 'EncryptedData') !== 1 || count(encryptedAssertion, 'EncryptedKey') !== 1)
    return failed('more than one key or more than one piece of data');
  if (count(encryptedAssertion, 'CipherValue') !== 2 || count(encryptedAssertion, 'EncryptionMethod') !== 2)
    return failed('cipher values or methods that belong to nothing');
  if (!BLOCK_ENCRYPTIONS.has(attributeOf(blockMethod, 'Algorithm') ?? ''))
    return refuse('weak_algorithm', 'the encryption algorithm is not accepted');
  if (!KEY_TRANSPORTS.has(attributeOf(keyMethod, 'Algorithm') ?? ''))
    return refuse('weak_algorithm', 'the key transport algorithm is not accepted');
  return ok(undefined);
}

const count = (element: XmlElement, localName: string): number =>
  [...descendantsOf(element)].filter((descendant) => descendant.localName === localName).length;
