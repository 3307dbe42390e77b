/** An attribute that is not a namespace declaration. */
export interface XmlAttribute {
  readonly localName: string;
  /** Empty for an attribute without a prefix. */
  readonly namespace: string;
  readonly value: string;
}

/** An element as `parseXml` reads it: names resolved to namespaces, text unescaped. */
export interface XmlElement {
  readonly localName: string;
  /** Empty for an element in no namespace. */
  readonly namespace: string;
  readonly attributes: readonly XmlAttribute[];
  readonly children: readonly XmlElement[];
  /** The text directly inside, without that of children; there is nothing else that could split or hide it. */
  readonly text: string;
}

/** The value of the attribute in no namespace, as SAML and XML Signature use them. */
export const attributeOf = (element: XmlElement, localName: string): string | undefined =>
  element.attributes.find((attribute) => attribute.localName === localName && attribute.namespace === '')
    ?.value;

export const childrenOf = (
  element: XmlElement,
  namespace: string,
  localName: string,
): readonly XmlElement[] =>
  element.children.filter((child) => child.localName === localName && child.namespace === namespace);

/** The child if there is exactly one of that name. */
export function onlyChildOf(
  element: XmlElement,
  namespace: string,
  localName: string,
): XmlElement | undefined {
  const found = childrenOf(element, namespace, localName);
  return found.length === 1 ? found[0] : undefined;
}

/** The text without white space around it, which pretty printers add. */
export const textOf = (element: XmlElement): string => element.text.replace(/^[ \t\n\r]+|[ \t\n\r]+$/g, '');

/** The element and everything below it, parents first. The tree's depth is capped, so recursion is safe. */
export function* descendantsOf(element: XmlElement): Generator<XmlElement> {
  yield element;
  for (const child of element.children) yield* descendantsOf(child);
}
