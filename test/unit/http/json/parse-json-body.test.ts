import { describe, expect, it } from '@jest/globals';
import { LIMITS } from '../../../../src/kernel/limits.js';
import { isStorableText, parseJsonBody } from '../../../../src/http/index.js';

const parse = (text: string): ReturnType<typeof parseJsonBody> =>
  parseJsonBody(new TextEncoder().encode(text));

const kindOf = (result: ReturnType<typeof parseJsonBody>): string | undefined =>
  result.ok ? undefined : result.error.kind;

const nested = (depth: number): string => `${'{"a":'.repeat(depth - 1)}{}${'}'.repeat(depth - 1)}`;

describe('parseJsonBody', () => {
  it('reads an object with escapes, brackets and colons inside its strings (RFC 8259 7)', () => {
    const text = String.raw`{"a:\"{[":"x:\\","b":[{"c":"\u00e9"},{"c":"😀"}],"d":{"e.f":null}}`;
    expect(parse(text)).toEqual({ ok: true, value: JSON.parse(text) });
  });

  it.each([
    ['an empty body', ''],
    ['a byte order mark (RFC 8259 8.1)', '\ufeff{}'],
    ['broken JSON', '{"a":1,}'],
    ['text after the object', '{} {}'],
    ['an array', '[]'],
    ['a string', '"a"'],
    ['null', 'null'],
    ['the same name twice', '{"a":1,"a":1}'],
    ['the same name twice, once escaped', String.raw`{"a":1,"\u0061":2}`],
    ['the same name twice deep inside', '{"a":[{"b":{"c":1,"c":2}}]}'],
    ['names that differ only by case (RFC 7643 2.1)', '{"userName":"a","USERNAME":"b"}'],
    ['names that differ only by case deep inside', '{"emails":[{"Primary":true,"primary":false}]}'],
    ['__proto__ as a name', '{"__proto__":{"x":1}}'],
    ['__proto__ deep inside', '{"a":[{"__proto__":null}]}'],
    ['nesting beyond the limit', nested(LIMITS.jsonDepth + 1)],
    ['nesting that would exhaust a stack', '['.repeat(1_000_000)],
  ])('refuses %s (RFC 7644 3.12)', (_case, text) => {
    expect(parse(text)).toMatchObject({ ok: false, error: { kind: 'syntax' } });
  });

  it('refuses invalid UTF-8 (RFC 8259 8.1)', () => {
    expect(kindOf(parseJsonBody(Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d)))).toBe('syntax');
  });

  it('takes nesting up to the limit', () => {
    expect(parse(nested(LIMITS.jsonDepth)).ok).toBe(true);
  });

  it.each([
    ['half of a surrogate pair (RFC 8259 8.2)', String.raw`{"a":"\ud83d"}`],
    ['the character U+0000, which Postgres refuses', String.raw`{"a":[{"b":"x\u0000"}]}`],
    ['U+0000 in a name', String.raw`{"a\u0000":1}`],
  ])('refuses %s as a value', (_case, text) => {
    expect(kindOf(parse(text))).toBe('value');
  });

  it('keeps dotted and URN-qualified names as they are (Entra, aadOptscim062020)', () => {
    const body = { 'name.givenName': 'A', 'urn:ietf:params:scim:schemas:core:2.0:User:title': 'B' };
    expect(parse(JSON.stringify(body))).toEqual({ ok: true, value: body });
  });

  it('leaves Object.prototype alone', () => {
    parse('{"constructor":{"prototype":{"polluted":true}},"__proto__":{"polluted":true}}');
    expect(Object.keys(Object.prototype)).toEqual([]);
  });
});

describe('isStorableText', () => {
  it.each([
    ['a', true],
    ['😀', true],
    ['\ud83d', false],
    ['\ude00\ud83d', false],
    ['a\u0000b', false],
  ])('tells whether Postgres keeps %j', (text, expected) => {
    expect(isStorableText(text)).toBe(expected);
  });
});
