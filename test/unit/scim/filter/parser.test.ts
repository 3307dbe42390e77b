import { describe, expect, it } from '@jest/globals';
import type { Filter } from '../../../../src/directory/filter/index.js';
import {
  GROUP_TYPE,
  ROLE_TYPE,
  USER_TYPE,
  type ResourceType,
} from '../../../../src/directory/schema/index.js';
import { LIMITS } from '../../../../src/kernel/limits.js';
import { parseFilter, printFilter } from '../../../../src/scim/filter/index.js';

const lenient = { isLenient: true };
const strict = { isLenient: false };

function parse(text: string, options = strict, type: ResourceType = USER_TYPE): Filter {
  const result = parseFilter(type, text, options);
  if (!result.ok) throw new Error(`${text}: ${result.error.detail}`);
  return result.value;
}
const canonical = (text: string, options = strict, type: ResourceType = USER_TYPE): string =>
  printFilter(parse(text, options, type));

function problemOf(text: string, options = lenient, type: ResourceType = USER_TYPE) {
  const result = parseFilter(type, text, options);
  if (result.ok) throw new Error(`${text} was taken as ${printFilter(result.value)}`);
  return result.error;
}

describe('filter grammar', () => {
  it.each([
    [
      'not before and, and before or',
      'title pr or nickName pr and not (locale pr)',
      'title pr or nickName pr and not (locale pr)',
    ],
    ['grouping first', '(title pr or nickName pr) and locale pr', '(title pr or nickName pr) and locale pr'],
    [
      'redundant groups vanish',
      '((title pr) and ((nickName pr and (locale pr))))',
      'title pr and nickName pr and locale pr',
    ],
    ['or inside or', 'title pr or (nickName pr or locale pr)', 'title pr or nickName pr or locale pr'],
    ['not without a space', 'not(title pr)', 'not (title pr)'],
    ['not of not', 'NOT (not(title pr))', 'not (not (title pr))'],
    ['any white space', '  title\t pr \n and\r(locale pr) ', 'title pr and locale pr'],
  ])('keeps precedence: %s (RFC 7644 3.4.2.2, erratum 7319)', (_, text, expected) => {
    expect(canonical(text)).toBe(expected);
  });

  it('builds the tree that precedence asks for (RFC 7644 3.4.2.2)', () => {
    expect(parse('title pr or nickName pr and locale pr')).toMatchObject({
      kind: 'or',
      operands: [
        { kind: 'present', path: { attribute: { name: 'title' } } },
        { kind: 'and', operands: [{ kind: 'present' }, { kind: 'present' }] },
      ],
    });
  });

  it.each([
    ['userName eq "bjensen"'],
    ['name.familyName co "O\'Malley"'],
    ['userName sw "J"'],
    ['urn:ietf:params:scim:schemas:core:2.0:User:userName sw "J"'],
    ['title pr'],
    ['meta.lastModified gt "2011-05-13T04:42:34Z"'],
    ['title pr and userType eq "Employee"'],
    ['title pr or userType eq "Intern"'],
    ['userType eq "Employee" and (emails co "example.com" or emails.value co "example.org")'],
    ['userType ne "Employee" and not (emails co "example.com" or emails.value co "example.org")'],
    ['userType eq "Employee" and (emails.type eq "work")'],
    ['userType eq "Employee" and emails[type eq "work" and value co "@example.com"]'],
    ['emails[type eq "work" and value co "@example.com"] or ims[type eq "xmpp" and value co "@foo.com"]'],
  ])('takes the example %s (RFC 7644 3.4.2.2 Figure 2)', (text) => {
    expect(parse(canonical(text))).toEqual(parse(text));
  });

  it.each([
    [''],
    ['   '],
    ['userName'],
    ['userName eq'],
    ['userName eq "a" and'],
    ['userName eq and title pr'],
    ['userName eq or'],
    ['and title pr'],
    ['userName is "a"'],
    ['userName eq "a" "b"'],
    ['userName eq "a" title pr'],
    ['userName eq "a'],
    ['userName eq "a\\"'],
    ['userName eq "\\x"'],
    ['userName eq "\\\'"'],
    ['userName eq "\\u12g4"'],
    ['userName eq "a\nb"'],
    ['userName eq "\\u0000"'],
    ['userName eq "\\ud800"'],
    ['userName eq (a)'],
    ['(userName eq "a"'],
    ['userName eq "a")'],
    ['()'],
    ['not title pr'],
    ['not'],
    ['"a" eq userName'],
    ['emails[type eq "work"'],
    ['emails[]'],
    ['emails[type eq "work"]]'],
    ['emails(type eq "work")'],
    ['emails[type eq "work"].'],
    ['emails[type eq "work"].value'],
    ['emails[type eq "work"]value eq "a"'],
    ['emails[(type eq "work"])'],
    ['emails[type eq "work" and emails[value pr]]'],
    ['emails[value[type pr]]'],
    ['emails.value[type pr]'],
    ['title[value pr]'],
  ])('refuses %j with 400 invalidFilter (RFC 7644 3.4.2.2)', (text) => {
    for (const options of [lenient, strict])
      expect(problemOf(text, options)).toMatchObject({ status: 400, scimType: 'invalidFilter' });
  });

  it('says where it failed and echoes little (our choice)', () => {
    expect(problemOf('title pr nonsense').detail).toMatch(/character 10\b/);
    expect(problemOf(`title pr ${'x'.repeat(5_000)}`).detail.length).toBeLessThan(250);
    expect(problemOf(`${'x'.repeat(5_000)} pr`).detail.length).toBeLessThan(250);
  });
});

describe('attribute names in a filter', () => {
  it.each([
    ['USERNAME EQ "a"', 'userName eq "a"'],
    ['Emails[Type Eq "work" AND VALUE Co "@"]', 'emails[type eq "work" and value co "@"]'],
    ['URN:IETF:params:scim:schemas:core:2.0:user:name.GIVENNAME pr', 'name.givenName pr'],
    ['department eq "R&D"', 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department eq "R&D"'],
    [
      'organizationRole eq "admin"',
      'urn:ietf:params:scim:schemas:extension:rollcall:2.0:User:organizationRole eq "admin"',
    ],
    [
      'teamRoles.teamName eq "x"',
      'urn:ietf:params:scim:schemas:extension:rollcall:2.0:User:teamRoles.teamName eq "x"',
    ],
    ['groups.$ref ew "1"', 'groups.$ref ew "1"'],
    ['meta.resourceType eq "User"', 'meta.resourceType eq "User"'],
  ])('reads %s in any case, with or without its URN (RFC 7644 3.10)', (text, expected) => {
    expect(canonical(text)).toBe(expected);
  });

  it.each([
    ['nosuch eq "a"', 'nosuch'],
    ['name.nosuch pr', 'name.nosuch'],
    ['name.givenName.x pr', 'name.givenName.x'],
    ['userName.value eq "a"', 'userName.value'],
    ['emails[nosuch eq "a"]', 'nosuch'],
    ['emails[type eq "work"].nosuch eq "a"', 'nosuch'],
    ['urn:ietf:params:scim:schemas:core:2.0:Group:displayName eq "a"', undefined],
    ['urn:ietf:params:scim:schemas:extension:enterprise:2.0:User pr', undefined],
    ['__proto__ pr', '__proto__'],
    ['constructor eq "a"', 'constructor'],
    ['name.__proto__ pr', 'name.__proto__'],
  ])('names the unknown attribute of %s (our choice: 400, not "no match")', (text, name) => {
    const problem = problemOf(text);
    expect(problem).toMatchObject({ status: 400, scimType: 'invalidFilter' });
    expect(problem.unknownAttribute).toBe(name ?? text.split(' ')[0]);
  });

  it('does not call a broken filter an unknown attribute, so a root query still refuses it (RFC 7644 3.4.2.1)', () => {
    expect(problemOf('userName eq').unknownAttribute).toBeUndefined();
    expect(problemOf('userName eq "a"', strict, GROUP_TYPE).unknownAttribute).toBe('userName');
    expect(canonical('permissions[name eq "run:stop"]', strict, ROLE_TYPE)).toBe(
      'permissions[name eq "run:stop"]',
    );
  });

  it.each(['password eq "x"', 'PASSWORD pr', 'password ne null', 'title pr or (password sw "a")'])(
    'refuses %s with 403 sensitive (RFC 7644 3.12, 7.5.2)',
    (text) => {
      expect(problemOf(text)).toMatchObject({ status: 403, scimType: 'sensitive' });
    },
  );
});

describe('complex attributes in a filter', () => {
  it.each([
    ['emails co "@example.com"', 'emails.value co "@example.com"', USER_TYPE],
    ['roles eq "admin"', 'roles.value eq "admin"', USER_TYPE],
    [
      'manager eq "1"',
      'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value eq "1"',
      USER_TYPE,
    ],
    ['members eq "1"', 'members.value eq "1"', GROUP_TYPE],
    ['emails pr', 'emails pr', USER_TYPE],
    ['name eq null', 'not (name pr)', USER_TYPE],
  ])('compares %s by its value sub-attribute (RFC 7644 3.4.2.2)', (text, expected, type) => {
    expect(canonical(text, strict, type)).toBe(expected);
  });

  it.each(['name eq "a"', 'meta gt "a"', 'teamRoles eq "a"', 'addresses co "a"'])(
    'refuses %s, which has no value sub-attribute (our choice)',
    (text) => {
      expect(problemOf(text).scimType).toBe('invalidFilter');
      expect(problemOf(text).unknownAttribute).toBeUndefined();
    },
  );

  it.each([
    [
      'emails[(type eq "work" or type eq "home") and not (value pr)]',
      'emails[(type eq "work" or type eq "home") and not (value pr)]',
    ],
    ['emails[type eq "work"].value eq "a@b"', 'emails[type eq "work" and value eq "a@b"]'],
    [
      'emails[type eq "work" or primary eq true].value pr',
      'emails[(type eq "work" or primary eq true) and value pr]',
    ],
    ['members[$ref ew "/1" and value eq "1"]', 'members[$ref ew "/1" and value eq "1"]'],
  ])('reads the value path %s (RFC 7644 3.4.2.2, errata 4690 and 7322; Entra)', (text, expected) => {
    for (const options of [strict, lenient])
      expect(canonical(text, options, text.startsWith('members') ? GROUP_TYPE : USER_TYPE)).toBe(expected);
  });

  it('reads brackets on a singular attribute as conditions on a value that is there (RFC 7644 3.4.2.2)', () => {
    expect(canonical('name[givenName eq "A" and not (familyName pr)]')).toBe(
      'name pr and name.givenName eq "A" and not (name.familyName pr)',
    );
  });

  it('keeps both conditions of a value path on one element (RFC 7644 3.4.2.2)', () => {
    expect(parse('emails[type eq "work" and value co "@ex"]')).toMatchObject({
      kind: 'element',
      path: { attribute: { name: 'emails' } },
      filter: {
        kind: 'and',
        operands: [
          { path: { attribute: { name: 'emails' }, sub: { name: 'type' } } },
          { path: { attribute: { name: 'emails' }, sub: { name: 'value' } } },
        ],
      },
    });
  });
});

describe('limits of a filter', () => {
  const terms = (count: number): string => Array.from({ length: count }, () => 'title pr').join(' or ');

  it(`takes ${LIMITS.filterTerms} comparisons and refuses one more (our choice)`, () => {
    expect(canonical(terms(LIMITS.filterTerms))).toBe(terms(LIMITS.filterTerms));
    expect(problemOf(terms(LIMITS.filterTerms + 1)).detail).toMatch(/200/);
  });

  it.each([
    ['parentheses', (depth: number) => `${'('.repeat(depth)}title pr${')'.repeat(depth)}`],
    ['not', (depth: number) => `${'not('.repeat(depth)}title pr${')'.repeat(depth)}`],
    ['brackets', (depth: number) => `emails[${'('.repeat(depth - 1)}value pr${')'.repeat(depth - 1)}]`],
  ])(`takes %s ${LIMITS.filterDepth} deep and refuses one level more (our choice)`, (_, nest) => {
    expect(parseFilter(USER_TYPE, nest(LIMITS.filterDepth), strict).ok).toBe(true);
    expect(problemOf(nest(LIMITS.filterDepth + 1)).detail).toMatch(/32/);
  });

  it('counts depth, not the number of groups (our choice)', () => {
    const groups = Array.from({ length: 90 }, () => '(title pr or locale pr)').join(' and ');
    expect(parse(groups)).toMatchObject({ kind: 'and', operands: { length: 90 } });
  });

  it('refuses more than 10,000 characters before reading any (our choice)', () => {
    const text = `userName eq "${'a'.repeat(LIMITS.expressionLength - 14)}"`;
    expect(text).toHaveLength(LIMITS.expressionLength);
    expect(parseFilter(USER_TYPE, text, strict).ok).toBe(true);
    let steps = 0;
    const result = parseFilter(USER_TYPE, `${text} `, { isLenient: true, onStep: () => (steps += 1) });
    expect(result).toMatchObject({ ok: false, error: { scimType: 'invalidFilter' } });
    expect(steps).toBe(0);
  });
});
