import { describe, expect, it } from '@jest/globals';
import { USER_TYPE } from '../../../../src/directory/schema/index.js';
import { parseFilter, printFilter } from '../../../../src/scim/filter/index.js';

const read = (text: string, isLenient: boolean) => {
  const result = parseFilter(USER_TYPE, text, { isLenient });
  return result.ok ? printFilter(result.value) : result.error.scimType;
};
const valueOf = (text: string): unknown => {
  const result = parseFilter(USER_TYPE, text, { isLenient: false });
  if (!result.ok || result.value.kind !== 'compare') throw new Error(`${text} is no comparison`);
  return result.value.value;
};
const ROLLCALL = 'urn:ietf:params:scim:schemas:extension:rollcall:2.0:User';

describe('JSON literals', () => {
  it.each([
    [String.raw`"a\"b"`, 'a"b'],
    [String.raw`"\\\/\b\f\n\r\t"`, '\\/\b\f\n\r\t'],
    [String.raw`"caf\u00e9"`, 'café'],
    [String.raw`"\uD83D\uDE00"`, '😀'],
    ['"a and b) or ["', 'a and b) or ['],
    [`"O'Brien"`, "O'Brien"],
    ['""', ''],
  ])('reads the string %s (RFC 8259 section 7)', (literal, value) => {
    expect(valueOf(`title eq ${literal}`)).toBe(value);
  });

  it.each([
    ['0', 0],
    ['-0', 0],
    ['12', 12],
    ['-7', -7],
    ['1e3', 1000],
  ])('reads the number %s (RFC 8259 section 6)', (literal, value) => {
    expect(valueOf(`daysActive ge ${literal}`)).toBe(value);
  });

  it.each(['1.5', '01', '+1', '1e400', '9007199254740993', '0x10', '"3"', 'NaN', 'true'])(
    'refuses %s for an integer (RFC 7643 2.3.4)',
    (literal) => {
      expect(read(`daysActive eq ${literal}`, true)).toBe('invalidFilter');
    },
  );

  it('reads bare true and false (RFC 7644 3.4.2.2)', () => {
    expect(valueOf('active eq true')).toBe(true);
    expect(valueOf('emails.primary ne false')).toBe(false);
  });

  it.each([
    ['title eq null', 'not (title pr)'],
    ['title ne null', 'title pr'],
    ['active eq null', 'not (active pr)'],
    ['emails[display eq null]', 'emails[not (display pr)]'],
    ['emails[type eq "work"].display ne null', 'emails[type eq "work" and display pr]'],
    ['title co null', 'invalidFilter'],
    ['daysActive gt null', 'invalidFilter'],
  ])('reads %s as %s (RFC 7643 2.5: null is absence)', (text, expected) => {
    expect(read(text, false)).toBe(expected);
  });
});

describe('operators and types', () => {
  it.each([
    'active gt true',
    'active le false',
    'active co true',
    'emails.primary sw "t"',
    'x509Certificates gt "a"',
    'x509Certificates.value co "a"',
    'daysActive co 1',
    'daysActive sw "1"',
    'meta.created co "2011"',
    'lastActiveAt ew "Z"',
  ])('refuses %s, an operator the type does not have (RFC 7644 3.4.2.2 Table 3)', (text) => {
    expect(read(text, true)).toBe('invalidFilter');
    expect(read(text, false)).toBe('invalidFilter');
  });

  it.each([
    'userName eq 5',
    'userName eq true',
    'active eq 1',
    'active eq "yes"',
    'active eq ""',
    'meta.created gt 5',
    'meta.created gt "2011-05-13"',
    'meta.created gt "2011-05-13T04:42:34"',
    'meta.created gt "2011-02-30T04:42:34Z"',
    'meta.created gt "yesterday"',
  ])('refuses %s, a literal of another type (RFC 7644 3.12 invalidFilter)', (text) => {
    expect(read(text, true)).toBe('invalidFilter');
    expect(read(text, false)).toBe('invalidFilter');
  });

  it.each(['photos co "https://"', 'profileUrl sw "https"', 'meta.location ew "/1"', 'externalId gt "a"'])(
    'takes %s: references are texts (RFC 7643 2.3.7)',
    (text) => {
      expect(read(text, false)).not.toBe('invalidFilter');
    },
  );

  it('takes the filter of the Microsoft inbound poller', () => {
    const text =
      'active eq true and (meta.lastModified ge "0001-01-03T00:00:00.0000000Z" and meta.lastModified le "2026-11-09T08:42:57.8420572Z")';
    expect(read(text, false)).toBe(text.replace(/[()]/g, ''));
  });
});

describe('lenient spellings', () => {
  it.each([
    ['active eq True', 'active eq true'],
    ['active eq FALSE', 'active eq false'],
    ['active eq "True"', 'active eq true'],
    ['roles[primary eq "False"].value eq "a"', 'roles[primary eq false and value eq "a"]'],
    ['id eq 0193-abc', 'id eq "0193-abc"'],
    ['(id eq 0193a and title pr)', 'id eq "0193a" and title pr'],
    ['userName eq ada@example.com', 'userName eq "ada@example.com"'],
    ["userName eq 'ada'", 'userName eq "ada"'],
    [String.raw`userName eq 'O\'Brien "x" \u00e9'`, String.raw`userName eq "O'Brien \"x\" é"`],
    ["name.familyName eq O'Brien", `name.familyName eq "O'Brien"`],
    ['emails[type eq work]', 'emails[type eq "work"]'],
    ['lastActiveAt gt 2026-01-01T00:00:00Z', `${ROLLCALL}:lastActiveAt gt "2026-01-01T00:00:00Z"`],
  ])('takes %s only when lenient (Entra, RFC 7644 3.5.2 example)', (text, expected) => {
    expect(read(text, true)).toBe(expected);
    expect(read(text, false)).toBe('invalidFilter');
  });

  it('keeps "True" a text where the attribute is one', () => {
    expect(read('title eq "True"', true)).toBe('title eq "True"');
  });

  it.each(["userName eq 'ada", "userName eq '\0'", "userName eq 'a'b", 'userName eq a\0b', 'id eq \ud800'])(
    'refuses %j even when lenient',
    (text) => {
      expect(read(text, true)).toBe('invalidFilter');
    },
  );
});
