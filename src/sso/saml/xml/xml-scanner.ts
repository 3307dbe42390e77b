/**
 * - `malformed`: not well formed, or in a form this reader does not take.
 * - `forbidden`: a document type, an entity, a comment, a processing instruction or a CDATA section.
 * - `too_complex`: deeper or larger than the caps.
 */
export interface XmlProblem {
  readonly kind: 'malformed' | 'forbidden' | 'too_complex';
  /** For the log: what and at which character, without a word of the document. */
  readonly detail: string;
}

/** Thrown inside the reader only; `parseXml` turns it into a Result. */
export class XmlSyntaxError extends Error {
  readonly kind: XmlProblem['kind'];

  constructor(kind: XmlProblem['kind'], message: string) {
    super(message);
    this.kind = kind;
  }
}

/** Names of SAML, XML Signature and XML Encryption are ASCII; with one prefix at most. */
const NAME = /[A-Za-z_][A-Za-z0-9._-]*(?::[A-Za-z_][A-Za-z0-9._-]*)?/y;
const SPACE = /[ \t\n]+/y;
const TEXT = /[^<&]+/y;
const DOUBLE_QUOTED = /[^<&"]+/y;
const SINGLE_QUOTED = /[^<&']+/y;
const REFERENCE = /&(?:(lt|gt|amp|quot|apos)|#([0-9]{1,7})|#x([0-9A-Fa-f]{1,6}));/y;
const DECLARATION =
  /<\?xml[ \t\n]+version[ \t\n]*=[ \t\n]*["']1\.0["'](?:[ \t\n]+encoding[ \t\n]*=[ \t\n]*["']([A-Za-z0-9._-]+)["'])?(?:[ \t\n]+standalone[ \t\n]*=[ \t\n]*["'](?:yes|no)["'])?[ \t\n]*\?>/y;
/** What section 2.2 leaves out: control characters, lone surrogates, U+FFFE and U+FFFF. */
const NOT_A_CHARACTER = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u;

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/** The tokens of XML, one after the other. Each method moves forward or throws XmlSyntaxError. */
export class XmlScanner {
  readonly #source: string;
  readonly #allowsComments: boolean;
  #position = 0;

  /** @param source with ends of line as single line feeds */
  constructor(source: string, allowsComments: boolean) {
    this.#source = source;
    this.#allowsComments = allowsComments;
    if (NOT_A_CHARACTER.test(source)) this.fail('malformed', 'a character that XML does not have');
  }

  get isAtEnd(): boolean {
    return this.#position >= this.#source.length;
  }

  fail(kind: XmlProblem['kind'], what: string): never {
    throw new XmlSyntaxError(kind, `${what} (character ${this.#position})`);
  }

  accept(token: string): boolean {
    if (!this.#source.startsWith(token, this.#position)) return false;
    this.#position += token.length;
    return true;
  }

  expect(token: string): void {
    this.refuseMarkup();
    if (!this.accept(token)) this.fail('malformed', `"${token}" expected`);
  }

  /** `<!` begins document types, comments and CDATA sections, `<?` processing instructions. */
  refuseMarkup(): void {
    if (this.#source.startsWith('<!', this.#position) || this.#source.startsWith('<?', this.#position))
      this.fail('forbidden', 'markup other than elements');
  }

  skipDeclaration(): void {
    const match = this.#match(DECLARATION);
    if (match?.[1] !== undefined && match[1].toLowerCase() !== 'utf-8')
      this.fail('malformed', 'an encoding other than UTF-8');
  }

  skipSpace(): boolean {
    return this.#match(SPACE) !== undefined;
  }

  skipSpaceAndComments(): void {
    do this.skipSpace();
    while (this.skipComment());
  }

  /** Passes over one comment where comments are allowed. */
  skipComment(): boolean {
    if (!this.#allowsComments || !this.#source.startsWith('<!--', this.#position)) return false;
    const end = this.#source.indexOf('-->', this.#position + 4);
    if (end === -1) this.fail('malformed', 'a comment that does not end');
    this.#position = end + 3;
    return true;
  }

  readName(): string {
    return this.#match(NAME)?.[0] ?? this.fail('malformed', 'a name expected');
  }

  /** Up to the next `<`, unescaped. */
  readText(): string {
    let text = '';
    while (true) {
      const plain = this.#match(TEXT)?.[0];
      if (plain?.includes(']]>') === true) this.fail('malformed', '"]]>" in text');
      text += plain ?? '';
      const next = this.#source[this.#position];
      if (next === undefined) this.fail('malformed', 'the document ends inside an element');
      if (next === '<') return text;
      text += this.#readReference();
    }
  }

  /** Section 3.3.3: white space in an attribute is a space, unless it is written as a reference. */
  readAttributeValue(): string {
    const quote = this.accept('"')
      ? '"'
      : this.accept("'")
        ? "'"
        : this.fail('malformed', 'a quote expected');
    const plainText = quote === '"' ? DOUBLE_QUOTED : SINGLE_QUOTED;
    let value = '';
    while (true) {
      value += (this.#match(plainText)?.[0] ?? '').replace(/[\t\n]/g, ' ');
      if (this.accept(quote)) return value;
      const next = this.#source[this.#position];
      if (next !== '&') this.fail('malformed', 'an attribute that does not end');
      value += this.#readReference();
    }
  }

  #readReference(): string {
    const match = this.#match(REFERENCE);
    if (match === undefined) return this.fail('forbidden', 'an entity, or an ampersand without a reference');
    const [, entity, decimal, hexadecimal] = match;
    if (entity !== undefined) return ENTITIES[entity] ?? '';
    const code = decimal === undefined ? Number.parseInt(hexadecimal ?? '', 16) : Number(decimal);
    const character = code <= 0x10ffff ? String.fromCodePoint(code) : '\0';
    return NOT_A_CHARACTER.test(character)
      ? this.fail('malformed', 'a reference to a character that XML does not have')
      : character;
  }

  #match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#position;
    const match = pattern.exec(this.#source) ?? undefined;
    if (match) this.#position = pattern.lastIndex;
    return match;
  }
}
