/**
 * The shape of XML signatures, checked before any of them is verified: SAML core 5.4 and XML Signature 1.1. A signature is a
 * direct child of the response or of its assertion, has one reference, and that names its own parent by an ID nothing else
 * has. Whatever wraps or moves signed parts breaks one of these.
 */
import { err, ok, type Result } from '../../../kernel/result.js';
import {
  CANONICALIZATIONS,
  DIGEST_ALGORITHMS,
  NAMESPACES,
  SIGNATURE_ALGORITHMS,
  TRANSFORM_ENVELOPED,
} from '../saml-names.js';
import { attributeOf, childrenOf, descendantsOf, onlyChildOf, type XmlElement } from '../xml/xml-element.js';
import type { SamlRefusal } from './saml-refusal.js';

const TRANSFORMS = 2;
/** Spellings of an ID that some reader takes for one. */
const ID_NAMES: ReadonlySet<string> = new Set(['id', 'assertionid', 'requestid', 'responseid']);
const BASE64 = /^[A-Za-z0-9+/=\s]+$/;

/** The children of SignedInfo and of Reference: each once, and no others. */
const SIGNED_INFO_PARTS = ['CanonicalizationMethod', 'SignatureMethod', 'Reference'] as const;
const REFERENCE_PARTS = ['Transforms', 'DigestMethod', 'DigestValue'] as const;

const refuse = (code: SamlRefusal['code'], detail: string): Result<never, SamlRefusal> =>
  err({ code, detail });

/** Every ID in the document stands for one element, in whatever spelling. */
export function checkIds(root: XmlElement): Result<undefined, SamlRefusal> {
  const seen = new Set<string>();
  for (const element of descendantsOf(root)) {
    const ids = element.attributes.filter(({ localName }) => ID_NAMES.has(localName.toLowerCase()));
    for (const { value } of ids) {
      if (seen.has(value)) return refuse('duplicate_id', 'two elements have the same ID');
      seen.add(value);
    }
  }
  return ok(undefined);
}

/**
 * Checks that signatures are only where `owners` have them, one each at most, and that each is of the accepted shape.
 * @param owners elements that may be signed, such as the response and its assertion
 * @returns those of `owners` that carry a signature
 */
export function checkSignatures(
  root: XmlElement,
  owners: readonly XmlElement[],
): Result<ReadonlySet<XmlElement>, SamlRefusal> {
  const signed = new Set<XmlElement>();
  const expected = new Set<XmlElement>();
  for (const owner of owners) {
    const [signature, ...more] = childrenOf(owner, NAMESPACES.signature, 'Signature');
    if (signature === undefined) continue;
    if (more.length > 0) return refuse('signature_misplaced', 'an element has two signatures');
    const shape = checkShape(signature, attributeOf(owner, 'ID') ?? '');
    if (!shape.ok) return shape;
    expected.add(signature);
    signed.add(owner);
  }
  for (const element of descendantsOf(root))
    if (element.localName === 'Signature' && !expected.has(element))
      return refuse('signature_misplaced', 'a signature stands where none belongs');
  return ok(signed);
}

function checkShape(signature: XmlElement, ownerId: string): Result<undefined, SamlRefusal> {
  const malformed = (detail: string): Result<never, SamlRefusal> => refuse('signature_malformed', detail);
  const signedInfo = onlyChildOf(signature, NAMESPACES.signature, 'SignedInfo');
  const value = onlyChildOf(signature, NAMESPACES.signature, 'SignatureValue');
  const keyInfos = childrenOf(signature, NAMESPACES.signature, 'KeyInfo');
  if (!signedInfo || !value || keyInfos.length > 1 || signature.children.length !== 2 + keyInfos.length)
    return malformed('a signature has other parts than SignedInfo, SignatureValue and KeyInfo');
  if (value.children.length > 0 || !BASE64.test(value.text)) return malformed('SignatureValue is not base64');
  if (countNamed(signature, 'SignedInfo') !== 1 || countNamed(signature, 'SignatureValue') !== 1)
    return malformed('a part of a signature is there twice');

  const [canonicalization, method, reference] = SIGNED_INFO_PARTS.map((name) =>
    onlyChildOf(signedInfo, NAMESPACES.signature, name),
  );
  if (!canonicalization || !method || !reference || signedInfo.children.length !== SIGNED_INFO_PARTS.length)
    return malformed('SignedInfo has other parts than one method each and one reference');
  if (!CANONICALIZATIONS.has(algorithmOf(canonicalization)))
    return malformed('SignedInfo is canonicalized otherwise than exclusively');
  if (!SIGNATURE_ALGORITHMS.has(algorithmOf(method)))
    return refuse('weak_algorithm', `signature algorithm ${nameAlgorithm(method)} is not accepted`);
  return checkReference(reference, ownerId);
}

function checkReference(reference: XmlElement, ownerId: string): Result<undefined, SamlRefusal> {
  const malformed = (detail: string): Result<never, SamlRefusal> => refuse('signature_malformed', detail);
  if (ownerId === '' || attributeOf(reference, 'URI') !== `#${ownerId}`)
    return malformed('the reference does not name the element the signature stands in');
  const [transforms, method, value] = REFERENCE_PARTS.map((name) =>
    onlyChildOf(reference, NAMESPACES.signature, name),
  );
  if (!transforms || !method || !value || reference.children.length !== REFERENCE_PARTS.length)
    return malformed('a reference has other parts than Transforms, DigestMethod and DigestValue');
  if (!DIGEST_ALGORITHMS.has(algorithmOf(method)))
    return refuse('weak_algorithm', `digest algorithm ${nameAlgorithm(method)} is not accepted`);
  if (value.children.length > 0 || !BASE64.test(value.text)) return malformed('DigestValue is not base64');

  const steps = childrenOf(transforms, NAMESPACES.signature, 'Transform');
  const [first, second] = steps.map(algorithmOf);
  const isAccepted = first === TRANSFORM_ENVELOPED && CANONICALIZATIONS.has(second ?? '');
  if (transforms.children.length !== TRANSFORMS || steps.length !== TRANSFORMS || !isAccepted)
    return malformed('transforms other than enveloped signature and then exclusive canonicalization');
  return ok(undefined);
}

const algorithmOf = (method: XmlElement): string => attributeOf(method, 'Algorithm') ?? '';

const countNamed = (element: XmlElement, localName: string): number =>
  [...descendantsOf(element)].filter((descendant) => descendant.localName === localName).length;

/** The part after `#`, if it looks like the name of an algorithm: what an attacker writes is not for the log. */
function nameAlgorithm(method: XmlElement): string {
  return /#([a-z0-9-]{1,40})$/.exec(algorithmOf(method))?.[1] ?? 'unknown';
}
