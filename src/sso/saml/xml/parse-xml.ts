/**
 * A reader for the XML that SAML needs and for nothing else. Two readers that understand one document differently are how
 * a signature gets verified over one thing and a name read from another, so everything that readers are known to differ on
 * is refused: document types and with them entities, comments, processing instructions, CDATA sections. None of the
 * identity providers sends them. What is left is Extensible Markup Language 1.0 (5th edition) with Namespaces in XML 1.0.
 * One pass, no backtracking, time linear in the length.
 */
import { err, ok, type Result } from '../../../kernel/result.js';
import type { XmlAttribute, XmlElement } from './xml-element.js';
import { XmlScanner, XmlSyntaxError, type XmlProblem } from './xml-scanner.js';

/** Elements inside each other; SAML needs about ten, signatures included. */
const MAX_DEPTH = 48;
const MAX_ELEMENTS = 20_000;
const MAX_ATTRIBUTES = 64;
/** Prefixes that hold at one place: each element that declares one copies them all. */
const MAX_PREFIXES = 64;

const XML_NAMESPACE = 'http://www.w3.org/XML/1998/namespace';
const XMLNS_NAMESPACE = 'http://www.w3.org/2000/xmlns/';

type Scope = ReadonlyMap<string, string>;

interface RawAttribute {
  readonly name: string;
  readonly value: string;
}

export interface XmlOptions {
  /** For documents that are believed as a whole, such as metadata an admin brings: comments are passed over. */
  readonly allowsComments?: boolean;
}

/** Reads a whole document. Lengths are the caller's to cap. */
export function parseXml(source: string, options: XmlOptions = {}): Result<XmlElement, XmlProblem> {
  try {
    return ok(new XmlReader(source, options).readDocument());
  } catch (error) {
    if (error instanceof XmlSyntaxError) return err({ kind: error.kind, detail: error.message });
    throw error;
  }
}

class XmlReader {
  readonly #scanner: XmlScanner;
  #elements = 0;

  constructor(source: string, { allowsComments = false }: XmlOptions) {
    // Section 2.11: a reader sees every end of line as one line feed.
    this.#scanner = new XmlScanner(source.replace(/\r\n?/g, '\n'), allowsComments);
  }

  readDocument(): XmlElement {
    this.#scanner.skipDeclaration();
    this.#scanner.skipSpaceAndComments();
    const root = this.#readElement(new Map([['xml', XML_NAMESPACE]]), 1);
    this.#scanner.skipSpaceAndComments();
    if (!this.#scanner.isAtEnd) this.#scanner.fail('malformed', 'something follows the root element');
    return root;
  }

  #readElement(outer: Scope, depth: number): XmlElement {
    const scanner = this.#scanner;
    this.#elements += 1;
    if (depth > MAX_DEPTH || this.#elements > MAX_ELEMENTS)
      scanner.fail('too_complex', 'too many elements, or too many inside each other');
    scanner.expect('<');
    const name = scanner.readName();
    const { attributes: raw, isEmpty } = this.#readAttributes();
    const scope = this.#declare(raw, outer);
    const { namespace, localName } = this.#resolve(name, scope, scope.get('') ?? '');
    const attributes = this.#resolveAttributes(raw, scope);
    if (isEmpty) return { localName, namespace, attributes, children: [], text: '' };

    const children: XmlElement[] = [];
    let text = '';
    while (true) {
      text += scanner.readText();
      if (scanner.accept('</')) break;
      if (scanner.skipComment()) continue;
      scanner.refuseMarkup();
      children.push(this.#readElement(scope, depth + 1));
    }
    if (scanner.readName() !== name) scanner.fail('malformed', 'an end tag does not match its start tag');
    scanner.skipSpace();
    scanner.expect('>');
    return { localName, namespace, attributes, children, text };
  }

  #readAttributes(): { readonly attributes: readonly RawAttribute[]; readonly isEmpty: boolean } {
    const scanner = this.#scanner;
    const attributes: RawAttribute[] = [];
    const names = new Set<string>();
    while (true) {
      const hasSpace = scanner.skipSpace();
      if (scanner.accept('>')) return { attributes, isEmpty: false };
      if (scanner.accept('/>')) return { attributes, isEmpty: true };
      if (!hasSpace) scanner.fail('malformed', 'no space before an attribute');
      const name = scanner.readName();
      if (names.has(name)) scanner.fail('malformed', 'an attribute is given twice');
      names.add(name);
      if (names.size > MAX_ATTRIBUTES) scanner.fail('too_complex', 'too many attributes');
      scanner.skipSpace();
      scanner.expect('=');
      scanner.skipSpace();
      attributes.push({ name, value: scanner.readAttributeValue() });
    }
  }

  /** Namespaces in XML 1.0 section 3: `xml` and `xmlns` cannot be taken, and a prefix cannot be undeclared. */
  #declare(attributes: readonly RawAttribute[], outer: Scope): Scope {
    let scope: Map<string, string> | undefined;
    for (const { name, value } of attributes) {
      const prefix = prefixDeclaredBy(name);
      if (prefix === undefined) continue;
      const isReserved = prefix === 'xml' || prefix === 'xmlns';
      if (isReserved || value === XML_NAMESPACE || value === XMLNS_NAMESPACE)
        this.#scanner.fail('malformed', 'a reserved namespace is declared');
      if (prefix !== '' && value === '') this.#scanner.fail('malformed', 'a prefix is declared as nothing');
      scope ??= new Map(outer);
      scope.set(prefix, value);
      if (scope.size > MAX_PREFIXES) this.#scanner.fail('too_complex', 'too many namespaces');
    }
    return scope ?? outer;
  }

  #resolveAttributes(raw: readonly RawAttribute[], scope: Scope): readonly XmlAttribute[] {
    const attributes = raw
      .filter(({ name }) => prefixDeclaredBy(name) === undefined)
      .map(({ name, value }) => ({ ...this.#resolve(name, scope, ''), value }));
    const names = new Set(attributes.map(({ namespace, localName }) => `${namespace} ${localName}`));
    if (names.size < attributes.length)
      this.#scanner.fail('malformed', 'an attribute is given twice under two prefixes');
    return attributes;
  }

  #resolve(
    name: string,
    scope: Scope,
    unprefixed: string,
  ): { readonly namespace: string; readonly localName: string } {
    const colon = name.indexOf(':');
    if (colon === -1) return { namespace: unprefixed, localName: name };
    const namespace = scope.get(name.slice(0, colon));
    if (namespace === undefined) return this.#scanner.fail('malformed', 'a prefix is not declared');
    return { namespace, localName: name.slice(colon + 1) };
  }
}

/** The prefix an `xmlns` attribute declares, empty for the default namespace; undefined for any other attribute. */
function prefixDeclaredBy(name: string): string | undefined {
  if (name === 'xmlns') return '';
  return name.startsWith('xmlns:') ? name.slice('xmlns:'.length) : undefined;
}
