import { describe, expect, it } from '@jest/globals';
import {
  GROUP_TYPE,
  ROLE_TYPE,
  USER_TYPE,
  type ResourceType,
} from '../../../../src/directory/schema/index.js';
import { printFilter } from '../../../../src/scim/filter/index.js';
import { narrowFilter } from '../../../../src/scim/search/narrow-filter.js';

const narrowed = (type: ResourceType, text: string): unknown => {
  const result = narrowFilter(type, text, { isLenient: true });
  if (!result.ok) return result.error.scimType;
  return typeof result.value === 'boolean' ? result.value : printFilter(result.value);
};

describe('a filter over several types (RFC 7644 3.4.2.1)', () => {
  it.each<[string, unknown, unknown, unknown]>([
    ['displayName eq "x"', 'displayName eq "x"', 'displayName eq "x"', false],
    ['userName eq "x"', 'userName eq "x"', false, false],
    ['userName ne "x"', 'userName ne "x"', true, true],
    ['not (userName pr)', 'not (userName pr)', true, true],
    ['userName eq null', 'not (userName pr)', true, true],
    [
      'userName eq "x" or displayName eq "y"',
      'userName eq "x" or displayName eq "y"',
      'displayName eq "y"',
      false,
    ],
    ['userName eq "x" and displayName eq "y"', 'userName eq "x" and displayName eq "y"', false, false],
    ['not (userName eq "x" and id pr)', 'not (userName eq "x" and id pr)', true, true],
    ['emails[type eq "work"] or id eq "1"', 'emails[type eq "work"] or id eq "1"', 'id eq "1"', 'id eq "1"'],
    ['members.value eq "1" or title pr', 'title pr', 'members.value eq "1"', false],
    ['inheritedFrom eq "viewer"', false, false, 'inheritedFrom eq "viewer"'],
    ['name.familyName sw "B"', 'name.familyName sw "B"', false, 'invalidFilter'],
    ['department eq "R"', expect.stringContaining('department eq "R"'), false, false],
  ])('%s', (text, forUsers, forGroups, forRoles) => {
    expect(narrowed(USER_TYPE, text)).toEqual(forUsers);
    expect(narrowed(GROUP_TYPE, text)).toEqual(forGroups);
    expect(narrowed(ROLE_TYPE, text)).toEqual(forRoles);
  });

  it('refuses a name that no type has, and broken syntax, for every type', () => {
    for (const text of ['nickname2 eq "x"', 'userName eq', 'displayName eq "x" and'])
      for (const type of [USER_TYPE, GROUP_TYPE, ROLE_TYPE])
        expect(narrowed(type, text)).toBe('invalidFilter');
  });
});
