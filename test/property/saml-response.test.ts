import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { LIMITS } from '../../src/kernel/limits.js';
import { verifySamlResponse } from '../../src/sso/saml/verify/verify-saml-response.js';
import { parseXml } from '../../src/sso/saml/xml/parse-xml.js';
import { serializeXml } from '../../src/sso/saml/xml/serialize-xml.js';
import type { XmlElement } from '../../src/sso/saml/xml/xml-element.js';
import { buildResponse } from '../support/saml/build-response.js';
import {
  ACS_URL,
  ENTITY_ID,
  ISSUER,
  keyOf,
  NOW,
  REQUEST_ID,
  SETTINGS,
} from '../support/saml/fixture-world.js';
import { signElement } from '../support/saml/sign-xml.js';

/** Says what is believed of a response: nothing, or the values a person would be signed in by. */
async function believe(xml: string): Promise<unknown> {
  const verdict = await verifySamlResponse(Buffer.from(xml).toString('base64'), {
    settings: SETTINGS,
    now: NOW,
    requestId: REQUEST_ID,
  });
  return verdict.ok ? { ...verdict.value, attributes: [...verdict.value.attributes] } : undefined;
}

describe('a signed response that somebody changed', () => {
  let original = '';
  let believed: unknown;
  beforeAll(async () => {
    const parts = { issuer: ISSUER, entityId: ENTITY_ID, acsUrl: ACS_URL, now: NOW, requestId: REQUEST_ID };
    original = signElement(buildResponse(parts), 'Assertion', keyOf('idp'));
    believed = await believe(original);
  });

  it('is believed as it was signed', () => {
    expect(believed).toMatchObject({ subject: 'ada@example.com' });
  });

  const piece = fc.constantFrom(
    '',
    ' ',
    'a',
    '<!---->',
    '&amp;',
    '&#13;',
    '\u2028',
    '\u0085',
    '</saml:NameID><saml:NameID>',
    '<saml:NameID>root-admin@example.com</saml:NameID>',
    '<saml:Issuer>https://idp.example.com/saml</saml:Issuer>',
    '<saml:Assertion ID="_2"/>',
    '<ds:Signature/>',
    ' ID="_assertion-1"',
    ' xmlns:saml="urn:evil"',
    ' xmlns="urn:oasis:names:tc:SAML:2.0:assertion"',
    '<x xmlns="urn:x">',
    ']]>',
  );

  it('is refused or believed as it was signed, whatever was put in or cut out', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.nat({ max: 40 }), piece, async (position, cut, put) => {
        const at = position % original.length;
        const now = await believe(original.slice(0, at) + put + original.slice(at + cut));
        if (now !== undefined) expect(now).toEqual(believed);
      }),
      { numRuns: 600 },
    );
  });

  it('is refused or believed as it was signed, whichever parts changed places', async () => {
    const tags = [...original.matchAll(/<[^>]*>/g)].map(({ index }) => index);
    const tag = fc.constantFrom(...Array.from({ length: 200 }, (_, index) => index));
    await fc.assert(
      fc.asyncProperty(tag, tag, tag, async (from, to, target) => {
        const [start = 0, end = 0] = [tags[from % tags.length], tags[to % tags.length]].sort(
          (one = 0, other = 0) => one - other,
        );
        const at = tags[target % tags.length] ?? 0;
        const moved = original.slice(start, end);
        const now = await believe(original.slice(0, at) + moved + original.slice(at));
        if (now !== undefined) expect(now).toEqual(believed);
      }),
      { numRuns: 600 },
    );
  });
});

describe('the XML reader', () => {
  const name = fc.constantFrom('a', 'B', 'Response', '_x', 'x-1.y');
  const namespace = fc.constantFrom('', 'urn:a', 'http://b?c=d&e="f"<g>');
  const text = fc
    .string({ unit: 'binary', maxLength: 12 })
    .filter((value) => !/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u.test(value));
  const attributes = fc.uniqueArray(fc.record({ localName: name, namespace, value: text }), {
    selector: ({ localName, namespace: uri }) => `${uri} ${localName}`,
    maxLength: 3,
  });
  const element: fc.Arbitrary<XmlElement> = fc.letrec<{ element: XmlElement }>((tie) => ({
    element: fc.record({
      localName: name,
      namespace,
      attributes,
      children: fc.oneof({ maxDepth: 4 }, fc.constant([]), fc.array(tie('element'), { maxLength: 3 })),
      text,
    }),
  })).element;

  it('reads what it writes', () => {
    fc.assert(
      fc.property(element, (tree) => {
        expect(parseXml(serializeXml(tree))).toEqual({ ok: true, value: tree });
      }),
    );
  });

  it('comes to an end at the longest hostile documents: work that grows with the square would not', () => {
    const hostile = [
      (n: number) => '<a>'.repeat(n),
      (n: number) => `<a ${'b="c" '.repeat(n)}/>`,
      (n: number) => `<a>${'&amp;'.repeat(n)}</a>`,
      (n: number) => `<a>${'&'.repeat(n)}</a>`,
      (n: number) => `<a b="${'\t'.repeat(n)}`,
      (n: number) => `<?xml version="1.0"${' '.repeat(n)}`,
      (n: number) => `<${'a'.repeat(n)}`,
      (n: number) => `<a>${' '.repeat(n)}`,
      (n: number) =>
        `<r ${Array.from({ length: 60 }, (_, i) => `xmlns:p${i}="u"`).join(' ')}>${'<b xmlns:q="v"/>'.repeat(Math.ceil(n / 16))}</r>`,
    ];
    for (const make of hostile)
      for (const length of [1, 1_000, LIMITS.samlMessageBytes]) expect(parseXml(make(length))).toBeDefined();
  });
});
