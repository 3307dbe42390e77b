import { describe, expect, it } from '@jest/globals';
import { GROUP_TYPE, pathKey, ROLE_TYPE, USER_TYPE } from '../../../../src/directory/schema/index.js';
import { parseAttributePath, parseElementFilter, printFilter } from '../../../../src/scim/filter/index.js';

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

describe('parseAttributePath', () => {
  it.each([
    ['userName', 'userName'],
    ['USERNAME', 'userName'],
    ['Name.GIVENname', 'name.givenName'],
    ['meta.LASTMODIFIED', 'meta.lastModified'],
    ['urn:ietf:params:scim:schemas:core:2.0:User:name.givenName', 'name.givenName'],
    ['URN:ietf:params:scim:schemas:core:2.0:USER:id', 'id'],
    ['manager', `${ENTERPRISE}:manager`],
    ['Manager.Value', `${ENTERPRISE}:manager.value`],
    [`${ENTERPRISE}:manager.displayName`, `${ENTERPRISE}:manager.displayName`],
    [`${ENTERPRISE}.manager`, `${ENTERPRISE}:manager`],
    ['groups.$ref', 'groups.$ref'],
  ])('reads %s as %s (RFC 7644 3.10)', (text, key) => {
    const path = parseAttributePath(USER_TYPE, text);
    expect(path && pathKey(path)).toBe(key);
  });

  it.each([
    '',
    '.',
    'name.',
    '.givenName',
    'name.givenName.x',
    'nosuch',
    ENTERPRISE,
    `${ENTERPRISE}:`,
    `${ENTERPRISE}:userName`,
    'urn:ietf:params:scim:schemas:core:2.0:UserX:id',
    'urn:x:y',
    '__proto__',
    'name.constructor',
    'emails[type eq "work"]',
    ' userName',
  ])('knows no attribute %j', (text) => {
    expect(parseAttributePath(USER_TYPE, text)).toBeUndefined();
  });

  it('looks in the attributes of the given resource type alone', () => {
    expect(parseAttributePath(GROUP_TYPE, 'userName')).toBeUndefined();
    expect(parseAttributePath(ROLE_TYPE, 'permissions.isInherited')?.sub?.type).toBe('boolean');
  });
});

describe('parseElementFilter', () => {
  const within = (name: string, text: string, isLenient = true) => {
    const path = parseAttributePath(USER_TYPE, name);
    if (!path) throw new Error(`${name} is unknown`);
    return parseElementFilter(path, text, { isLenient });
  };

  it('reads names relative to the element (RFC 7644 3.5.2)', () => {
    const result = within('emails', 'TYPE eq "work" and not (primary eq "True")');
    expect(result.ok && printFilter(result.value)).toBe(
      'emails.type eq "work" and not (emails.primary eq true)',
    );
    expect(within('teamRoles', 'teamName eq "x"').ok).toBe(true);
    expect(within('manager', 'value eq "1"').ok).toBe(true);
  });

  it.each([
    '',
    'emails.type eq "work"',
    'userName eq "a"',
    'value[type pr]',
    'type eq "work"]',
    'primary eq "True',
  ])('refuses %j with 400 invalidFilter (RFC 7644 3.12 Table 9)', (text) => {
    expect(within('emails', text)).toMatchObject({
      ok: false,
      error: { status: 400, scimType: 'invalidFilter' },
    });
  });

  it('takes no lenient spelling when strict', () => {
    expect(within('emails', 'primary eq "True"', false).ok).toBe(false);
  });
});
