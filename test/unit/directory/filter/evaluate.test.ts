import { describe, expect, it } from '@jest/globals';
import { evaluate, matchesElement } from '../../../../src/directory/filter/index.js';
import { ENTERPRISE_USER_URN, ROLLCALL_USER_URN, USER_TYPE } from '../../../../src/directory/schema/index.js';
import type { JsonObject } from '../../../../src/kernel/json.js';
import { parseAttributePath, parseElementFilter, parseFilter } from '../../../../src/scim/filter/index.js';

const ada: JsonObject = {
  id: '0193-AbC',
  externalId: 'Ext-1',
  userName: 'Ada@Example.com',
  name: { familyName: 'Lovelace', givenName: null },
  title: '',
  nickName: 'Straße',
  active: false,
  emails: [
    { value: 'ada@example.com', type: 'work', primary: true },
    { value: 'ada@home.org', type: 'home' },
    { type: 'other' },
  ],
  phoneNumbers: [],
  ims: [{ value: '', type: null }],
  meta: { resourceType: 'User', lastModified: '2026-01-15T09:00:00.500Z', version: 'W/"a"' },
  [ENTERPRISE_USER_URN]: { department: 'R&D', manager: { value: 'Boss' } },
  [ROLLCALL_USER_URN]: { daysActive: 7 },
};

const matches = (text: string, resource: JsonObject = ada): boolean => {
  const filter = parseFilter(USER_TYPE, text, { isLenient: false });
  if (!filter.ok) throw new Error(`${text}: ${filter.error.detail}`);
  return evaluate(filter.value, resource);
};

describe('comparisons', () => {
  it.each([
    ['userName eq "ADA@EXAMPLE.COM"', true],
    ['userName eq "ada"', false],
    ['userName sw "ADA@"', true],
    ['userName ew ".COM"', true],
    ['userName co "@EX"', true],
    ['nickName eq "STRASSE"', true],
    ['nickName co "SS"', true],
    ['id eq "0193-AbC"', true],
    ['id eq "0193-abc"', false],
    ['externalId eq "ext-1"', false],
    ['externalId co "xt"', true],
    ['meta.version eq "W/\\"a\\""', true],
    ['meta.version eq "w/\\"a\\""', false],
    ['manager.value eq "boss"', false],
  ])('%s is %s: case exactness is the attribute’s (RFC 7643 2.2)', (text, expected) => {
    expect(matches(text)).toBe(expected);
  });

  it.each([
    ['userName gt "ACE"', true],
    ['userName ge "ada@example.com"', true],
    ['userName lt "adb"', true],
    ['userName le "ad"', false],
    ['externalId lt "ext"', true],
    ['daysActive gt 6', true],
    ['daysActive ge 7', true],
    ['daysActive lt 7', false],
    ['daysActive le 7', true],
    ['daysActive ne 7', false],
  ])('%s is %s: texts order by code point, numbers by size (RFC 7644 Table 3)', (text, expected) => {
    expect(matches(text)).toBe(expected);
  });

  it.each([
    ['meta.lastModified eq "2026-01-15T10:00:00.5+01:00"', true],
    ['meta.lastModified gt "2026-01-15T10:00:00+02:00"', true],
    ['meta.lastModified ge "0001-01-03T00:00:00.0000000Z"', true],
    ['meta.lastModified lt "2026-01-15T09:00:00.5000001Z"', true],
    ['meta.lastModified ge "2026-01-15T09:00:00.5000001Z"', false],
    ['meta.lastModified eq "2026-01-15T09:00:00.5000001Z"', false],
    ['meta.lastModified ne "2026-01-15T09:00:00.5000001Z"', true],
  ])('%s is %s: date-times are moments (RFC 7644 Table 3)', (text, expected) => {
    expect(matches(text)).toBe(expected);
  });

  it.each([
    ['locale eq "en"', false],
    ['locale co ""', false],
    ['locale gt ""', false],
    ['locale ne "en"', true],
    ['not (locale eq "en")', true],
    ['name.givenName ne "x"', true],
    ['name.middleName ne "x"', true],
    ['lastActiveAt lt "2030-01-01T00:00:00Z"', false],
    ['lastActiveAt ne "2030-01-01T00:00:00.0000001Z"', true],
    ['locale eq null', true],
    ['userName eq null', false],
    ['userName ne null', true],
  ])('%s is %s: an absent attribute meets ne alone (RFC 7644 3.4.2.2)', (text, expected) => {
    expect(matches(text)).toBe(expected);
  });
});

describe('presence', () => {
  it.each([
    ['userName pr', true],
    ['active pr', true],
    ['locale pr', false],
    ['title pr', false],
    ['phoneNumbers pr', false],
    ['name pr', true],
    ['name.givenName pr', false],
    ['ims pr', false],
    ['ims.value pr', false],
    ['emails pr', true],
    ['emails.display pr', false],
    ['emails.primary pr', true],
    ['manager pr', true],
    ['department pr', true],
    ['division pr', false],
  ])('%s is %s: empty values are no values (RFC 7643 2.5, RFC 7644 3.4.2.2)', (text, expected) => {
    expect(matches(text)).toBe(expected);
  });

  it('is false for everything in an empty resource', () => {
    expect(matches('department pr or emails pr or name.givenName pr', {})).toBe(false);
    expect(matches('department pr', { [ENTERPRISE_USER_URN]: {} })).toBe(false);
    expect(matches('emails pr', { emails: [{}] })).toBe(false);
  });
});

describe('multi-valued attributes', () => {
  it.each([
    ['emails.type eq "work" and emails.value co "@home"', true],
    ['emails[type eq "work" and value co "@home"]', false],
    ['emails[type eq "home" and value co "@HOME"]', true],
    ['emails[type eq "other" and not (value pr)]', true],
    ['emails[type eq "home"].value eq "ada@home.org"', true],
    ['emails[type eq "home"].primary ne true', true],
    ['phoneNumbers[type ne "work"]', false],
    ['not (phoneNumbers[type eq "work"])', true],
  ])(
    '%s is %s: brackets hold within one element (RFC 7644 3.4.2.2, errata 4690 and 7322)',
    (text, expected) => {
      expect(matches(text)).toBe(expected);
    },
  );

  it.each([
    ['emails.value ne "ada@example.com"', true],
    ['not (emails.value eq "ada@example.com")', false],
    ['phoneNumbers.value ne "1"', true],
  ])('%s is %s: ne means that some element differs or none is there (our choice)', (text, expected) => {
    expect(matches(text)).toBe(expected);
  });

  it('takes an element without the sub-attribute as different (our choice)', () => {
    expect(matches('emails.type ne "work"', { emails: [{ value: 'a' }] })).toBe(true);
    expect(matches('emails.type ne "work"', { emails: [{ value: 'a', type: 'WORK' }] })).toBe(false);
  });
});

describe('matchesElement', () => {
  const within = (text: string, element: JsonObject): boolean => {
    const emails = parseAttributePath(USER_TYPE, 'emails');
    const filter = emails && parseElementFilter(emails, text, { isLenient: true });
    if (!filter?.ok) throw new Error(text);
    return matchesElement(filter.value, element);
  };

  it('answers for one element of a PATCH path (RFC 7644 3.5.2)', () => {
    expect(within('type eq "WORK" and primary eq "True"', { type: 'work', primary: true })).toBe(true);
    expect(within('type eq "work" and primary eq true', { type: 'work' })).toBe(false);
    expect(within('type ne "work"', {})).toBe(true);
    expect(within('not (value pr)', { value: '' })).toBe(true);
  });
});
