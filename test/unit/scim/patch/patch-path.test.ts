import { describe, expect, it } from '@jest/globals';
import { matchesElement } from '../../../../src/directory/filter/index.js';
import { ENTERPRISE_USER_URN, pathKey, USER_TYPE, USER_URN } from '../../../../src/directory/schema/index.js';
import { LIMITS } from '../../../../src/kernel/limits.js';
import { parsePatchPath } from '../../../../src/scim/patch/index.js';

const parse = (text: string): ReturnType<typeof parsePatchPath> =>
  parsePatchPath(USER_TYPE, text, { mode: 'lenient' });

const keyOf = (text: string): string | undefined => {
  const target = parse(text);
  if (!target.ok) return target.error.scimType;
  if (!target.value) return undefined;
  return target.value.kind === 'schema' ? target.value.schema.id : pathKey(target.value.path);
};

describe('parsePatchPath (RFC 7644 3.5.2)', () => {
  it.each([
    ['userName', 'userName'],
    ['Name.FAMILYNAME', 'name.familyName'],
    ['emails[type eq "work"]', 'emails'],
    ['emails[type eq "work"].value', 'emails.value'],
    ['addresses[type eq "work" and (primary eq true or country eq "DE")].country', 'addresses.country'],
    [`${USER_URN}:name.givenName`, 'name.givenName'],
    [`${USER_URN.toUpperCase()}:emails[type eq "work"].value`, 'emails.value'],
    [ENTERPRISE_USER_URN, ENTERPRISE_USER_URN],
    [`${ENTERPRISE_USER_URN}:employeeNumber`, `${ENTERPRISE_USER_URN}:employeeNumber`],
    [`${ENTERPRISE_USER_URN}:manager.value`, `${ENTERPRISE_USER_URN}:manager.value`],
    ['department', `${ENTERPRISE_USER_URN}:department`],
    ['manager.value', `${ENTERPRISE_USER_URN}:manager.value`],
  ])('reads %s', (text, key) => {
    expect(keyOf(text)).toBe(key);
  });

  it('takes a dot before an attribute of an extension (Microsoft inbound provisioning)', () => {
    expect(keyOf(`${ENTERPRISE_USER_URN}.manager`)).toBe(`${ENTERPRISE_USER_URN}:manager`);
  });

  it.each([
    'emails[type eq "work"]value',
    'emails[type eq "work"].',
    'emails[type eq "work"].value.x',
    'emails[type eq "work"].shoe',
    'emails[type eq "work"] ',
    'emails[type eq "work"][type eq "home"]',
    'emails[type eq "work"',
    'emails[type eq "work]',
    'emails[',
    'userName[value eq "x"]',
    'name[givenName eq "x"]',
    'emails.value[type eq "work"]',
    `emails[type eq "${'x'.repeat(LIMITS.expressionLength)}"]`,
  ])('refuses %.60s with invalidPath', (text) => {
    expect(keyOf(text)).toBe('invalidPath');
  });

  it.each(['emails[]', 'emails[shoe eq 1]', 'emails[type is "work"]', 'emails[a[type eq "x"] eq "y"]'])(
    'refuses the filter in %s with invalidFilter (RFC 7644 3.12)',
    (text) => {
      expect(keyOf(text)).toBe('invalidFilter');
    },
  );

  it.each([
    '',
    '.',
    'shoeSize',
    'name.nick',
    'name.givenName.x',
    'shoes[type eq "x"]',
    'urn:x:y',
    '__proto__',
    'constructor',
  ])('finds nothing under %j', (text) => {
    expect(parse(text)).toEqual({ ok: true, value: undefined });
  });

  it.each([
    [String.raw`emails[display eq "a]b\"]"].value`, 'a]b"]'],
    ["emails[display eq 'a]b'].value", 'a]b'],
  ])('does not end the filter inside a string: %s', (text, display) => {
    const target = parse(text);
    if (!target.ok || target.value?.kind !== 'attribute' || !target.value.filter)
      throw new Error('no filter');
    expect(matchesElement(target.value.filter, { display })).toBe(true);
  });
});
