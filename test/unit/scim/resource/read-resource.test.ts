import { describe, expect, it } from '@jest/globals';
import type { ConnectionMode } from '../../../../src/directory/connections/connection.js';
import {
  ENTERPRISE_USER_URN,
  GROUP_TYPE,
  GROUP_URN,
  ROLE_TYPE,
  ROLE_URN,
  ROLLCALL_USER_URN,
  USER_TYPE,
  USER_URN,
} from '../../../../src/directory/schema/index.js';
import type { JsonObject, JsonValue } from '../../../../src/kernel/json.js';
import { readResource } from '../../../../src/scim/resource/index.js';

type Outcome = ReturnType<typeof readResource>;

const read = (body: JsonObject, mode: ConnectionMode = 'lenient'): Outcome =>
  readResource(USER_TYPE, { schemas: [USER_URN], userName: 'ada', ...body }, { mode, purpose: 'create' });

const resource = (outcome: Outcome): JsonObject => {
  if (!outcome.ok) throw new Error(outcome.error.detail);
  return outcome.value;
};

describe('readResource', () => {
  it('gives the create request of Okta its canonical form (Okta, "SCIM 2.0 protocol reference")', () => {
    const body = {
      schemas: [USER_URN],
      userName: 'ada@ex.com',
      name: { givenName: 'Ada', familyName: 'Byron' },
      emails: [{ primary: true, value: 'ada@ex.com', type: 'work' }],
      displayName: 'Ada Byron',
      locale: 'en-US',
      externalId: '00uEXAMPLE',
      groups: [],
      password: 'x9Yz',
      active: true,
    };
    const { schemas: _schemas, groups: _groups, password: _password, ...expected } = body;
    expect(resource(readResource(USER_TYPE, body, { mode: 'lenient', purpose: 'create' }))).toEqual(expected);
  });

  it('spells names canonically, in any case of the client (RFC 7643 2.1)', () => {
    const body = { USERNAME: 'ada', NAME: { GIVENNAME: 'Ada' }, Emails: [{ Value: 'a', Type: 'work' }] };
    expect(resource(readResource(USER_TYPE, body, { mode: 'lenient', purpose: 'create' }))).toEqual({
      userName: 'ada',
      name: { givenName: 'Ada' },
      emails: [{ value: 'a', type: 'work' }],
    });
  });

  it.each<[JsonObject]>([
    [{ [ENTERPRISE_USER_URN]: { department: 'R&D', manager: { value: 'm1' } } }],
    [{ [ENTERPRISE_USER_URN.toUpperCase()]: { Department: 'R&D', 'manager.value': 'm1' } }],
    [{ department: 'R&D', manager: { value: 'm1' } }],
    [{ [`${ENTERPRISE_USER_URN}:department`]: 'R&D', [`${ENTERPRISE_USER_URN}:manager`]: { value: 'm1' } }],
    [{ [`${ENTERPRISE_USER_URN}:manager.value`]: 'm1', department: 'R&D' }],
  ])('lifts %j into the extension, which schemas need not list (Entra)', (body) => {
    expect(resource(read(body, 'strict'))).toEqual({
      userName: 'ada',
      [ENTERPRISE_USER_URN]: { department: 'R&D', manager: { value: 'm1' } },
    });
  });

  it('lifts dotted and URN-qualified core names (RFC 7644 3.10)', () => {
    const body = { 'name.givenName': 'Ada', name: { familyName: 'B' }, [`${USER_URN}:title`]: 'Dr' };
    expect(resource(read(body))).toEqual({
      userName: 'ada',
      name: { givenName: 'Ada', familyName: 'B' },
      title: 'Dr',
    });
  });

  it('refuses an attribute under two names', () => {
    expect(read({ department: 'A', [ENTERPRISE_USER_URN]: { department: 'B' } })).toMatchObject({
      error: { scimType: 'invalidSyntax', detail: expect.stringContaining('department') },
    });
  });

  it('ignores what is readOnly, in every mode (RFC 7644 3.3 and 3.5.1)', () => {
    const body = {
      id: 'mine',
      meta: { version: 'W/"1"', resourceType: 'User' },
      groups: [{ value: 'g1' }],
      [ROLLCALL_USER_URN]: { daysActive: 'many', lastActiveAt: null },
      manager: { value: 'm1', displayName: 'Boss' },
    };
    expect(resource(read(body, 'strict'))).toEqual({
      userName: 'ada',
      [ENTERPRISE_USER_URN]: { manager: { value: 'm1' } },
    });
  });

  it('leaves out what is unassigned, and extensions without values (RFC 7643 2.5)', () => {
    const body = {
      title: null,
      nickName: '',
      emails: [],
      addresses: [{}],
      name: {},
      [ENTERPRISE_USER_URN]: {},
    };
    expect(resource(read(body))).toEqual({ userName: 'ada' });
    expect(resource(read({ [ENTERPRISE_USER_URN]: { manager: null, department: '' } }))).toEqual({
      userName: 'ada',
    });
  });

  it.each<[JsonValue]>([[null], ['']])('refuses the required userName %j (RFC 7643 2.2)', (userName) => {
    expect(read({ userName })).toMatchObject({
      error: { scimType: 'invalidValue', detail: expect.stringContaining('userName') },
    });
  });

  it('refuses a body without a required attribute (RFC 7644 3.3)', () => {
    const outcome = readResource(ROLE_TYPE, { name: 'r' }, { mode: 'lenient', purpose: 'replace' });
    expect(outcome).toMatchObject({
      error: { scimType: 'invalidValue', detail: expect.stringContaining('inheritedFrom') },
    });
  });

  it('drops a password, but not a password that is no string', () => {
    expect(resource(read({ password: 'secret' }))).toEqual({ userName: 'ada' });
    expect(read({ password: 5 })).toMatchObject({ error: { scimType: 'invalidValue' } });
  });

  it('reads the members of a group and the permissions of a role', () => {
    const group = { schemas: [GROUP_URN], displayName: 'Sales', members: [{ value: 'u1', display: 'Ada' }] };
    expect(resource(readResource(GROUP_TYPE, group, { mode: 'strict', purpose: 'create' }))).toEqual({
      displayName: 'Sales',
      members: [{ value: 'u1' }],
    });
    const role = {
      schemas: [ROLE_URN],
      name: 'Curator',
      inheritedFrom: 'MEMBER',
      permissions: [{ name: 'run:stop', isInherited: true }],
    };
    expect(resource(readResource(ROLE_TYPE, role, { mode: 'strict', purpose: 'create' }))).toEqual({
      name: 'Curator',
      inheritedFrom: 'member',
      permissions: [{ name: 'run:stop' }],
    });
  });

  it.each<[ConnectionMode, boolean]>([
    ['lenient', true],
    ['strict', false],
    ['interop', false],
  ])(
    'in %s mode an unknown attribute is ignored: %s (draft-zollner-scim-interop-profile)',
    (mode, isIgnored) => {
      for (const body of [{ shoeSize: 42 }, { 'name.nick': 'A' }, { [ENTERPRISE_USER_URN]: { floor: 3 } }]) {
        const outcome = read(body, mode);
        if (isIgnored) expect(resource(outcome)).toEqual({ userName: 'ada' });
        else expect(outcome).toMatchObject({ error: { status: 400, scimType: 'invalidSyntax' } });
      }
    },
  );

  it('takes hostile names as unknown ones', () => {
    const hostile = JSON.parse(
      '{"userName":"ada","__proto__":{"x":1},"constructor":{"x":1},"prototype":1,"__proto__.x":1}',
    ) as JsonObject;
    const result = resource(readResource(USER_TYPE, hostile, { mode: 'lenient', purpose: 'create' }));
    expect(result).toEqual({ userName: 'ada' });
    expect(Object.getPrototypeOf(result)).toBe(Object.prototype);
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
  });
});

describe('schemas (RFC 7643 3)', () => {
  const outcome = (schemas: JsonValue | undefined, mode: ConnectionMode): Outcome =>
    readResource(
      USER_TYPE,
      { userName: 'ada', ...(schemas === undefined ? {} : { schemas }) },
      { mode, purpose: 'create' },
    );

  it.each<[JsonValue | undefined]>([
    [undefined],
    [[]],
    [['urn:scim:schemas:core:1.0']],
    [[USER_URN, 'http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/User']],
    [['']],
  ])('%j is taken in lenient mode and refused in the others', (schemas) => {
    expect(resource(outcome(schemas, 'lenient'))).toEqual({ userName: 'ada' });
    expect(outcome(schemas, 'strict')).toMatchObject({ error: { scimType: 'invalidSyntax' } });
    expect(outcome(schemas, 'interop')).toMatchObject({ error: { scimType: 'invalidSyntax' } });
  });

  it.each<[JsonValue]>([['urn'], [[5]], [{}]])('%j is refused in every mode', (schemas) => {
    expect(outcome(schemas, 'lenient')).toMatchObject({ error: { scimType: 'invalidSyntax' } });
  });

  it('may list known extensions, in any case', () => {
    expect(outcome([USER_URN.toUpperCase(), ENTERPRISE_USER_URN], 'strict').ok).toBe(true);
  });
});
