import { describe, expect, it } from '@jest/globals';
import type { ConnectionMode } from '../../../../src/directory/connections/connection.js';
import {
  ENTERPRISE_USER_URN,
  GROUP_TYPE,
  ROLE_TYPE,
  ROLLCALL_USER_URN,
  USER_TYPE,
} from '../../../../src/directory/schema/index.js';
import type { JsonObject, JsonValue } from '../../../../src/kernel/json.js';
import { LIMITS } from '../../../../src/kernel/limits.js';
import { readPatch } from '../../../../src/scim/patch/index.js';
import { describeOperations, PATCH_OP, readOperations, type Setting } from './support.js';

const MODES: readonly ConnectionMode[] = ['lenient', 'strict', 'interop'];

const describeAll = (operations: readonly JsonValue[], setting?: Setting): JsonValue =>
  describeOperations(readOperations(operations, setting));

const describeOne = (operation: JsonValue, setting?: Setting): JsonValue => describeAll([operation], setting);

describe('the message (RFC 7644 3.5.2)', () => {
  const readBody = (body: JsonObject, mode: ConnectionMode): JsonValue =>
    describeOperations(readPatch(USER_TYPE, body, { mode }));
  const operation = { op: 'replace', path: 'title', value: 'T' };

  it.each(['Operations', 'operations', 'OPERATIONS'])('takes %s (RFC 7643 2.1)', (name) => {
    expect(readBody({ schemas: [PATCH_OP], [name]: [operation] }, 'strict')).toEqual(['replace title "T"']);
  });

  it('tolerates missing schemas in lenient mode alone (wire capture of Okta)', () => {
    expect(readBody({ Operations: [operation] }, 'lenient')).toEqual(['replace title "T"']);
    expect(readBody({ Operations: [operation] }, 'strict')).toEqual({ refused: 'invalidSyntax' });
    expect(readBody({ Operations: [operation] }, 'interop')).toEqual({ refused: 'invalidSyntax' });
  });

  it.each<[JsonObject]>([[{}], [{ Operations: null }], [{ Operations: operation }], [{ Operations: 'x' }]])(
    'refuses %j with invalidSyntax',
    (body) => {
      for (const mode of MODES)
        expect(readBody({ schemas: [PATCH_OP], ...body }, mode)).toEqual({ refused: 'invalidSyntax' });
    },
  );

  it('takes an empty list of operations in lenient mode alone (reported of Entra)', () => {
    expect(describeAll([])).toEqual([]);
    expect(describeAll([], { mode: 'strict' })).toEqual({ refused: 'invalidSyntax' });
    expect(describeAll([], { mode: 'interop' })).toEqual({ refused: 'invalidSyntax' });
  });

  it('refuses more operations than the limit with 413 and names the limit', () => {
    const many = Array.from({ length: LIMITS.patchOperations + 1 }, () => operation);
    expect(readOperations(many)).toMatchObject({
      error: { status: 413, detail: expect.stringContaining(String(LIMITS.patchOperations)) },
    });
    expect(readOperations(many.slice(1)).ok).toBe(true);
  });

  it('says which operation is at fault', () => {
    expect(readOperations([operation, { op: 'replace', path: 'active', value: 'x' }])).toMatchObject({
      error: { scimType: 'invalidValue', detail: expect.stringMatching(/Operations\[1\].*active/) },
    });
  });
});

describe('an operation (RFC 7644 3.5.2)', () => {
  it.each(['replace', 'Replace', 'REPLACE'])('takes op %s in every mode (Entra)', (op) => {
    for (const mode of MODES)
      expect(describeOne({ op, path: 'title', value: 'T' }, { mode })).toEqual(['replace title "T"']);
  });

  it('takes its own names in any case (RFC 7643 2.1)', () => {
    expect(describeOne({ Op: 'add', PATH: 'title', Value: 'T' })).toEqual(['add title "T"']);
  });

  it.each<[JsonValue, string]>([
    [{ path: 'title', value: 'T' }, 'invalidSyntax'],
    [{ op: 'move', path: 'title' }, 'invalidSyntax'],
    [{ op: 5, path: 'title', value: 'T' }, 'invalidSyntax'],
    ['replace', 'invalidSyntax'],
    [null, 'invalidSyntax'],
    [{ op: 'replace', path: 5, value: 'T' }, 'invalidPath'],
    [{ op: 'replace', path: '', value: 'T' }, 'invalidPath'],
    [{ op: 'replace', path: 'shoeSize', value: 4 }, 'invalidPath'],
    [{ op: 'remove', path: 'shoeSize' }, 'invalidPath'],
    [{ op: 'replace', path: 'name.givenName.x', value: 'T' }, 'invalidPath'],
    [{ op: 'replace', path: 'emails[type eq "work"]x', value: 'T' }, 'invalidPath'],
    [{ op: 'remove' }, 'noTarget'],
    [{ op: 'remove', value: { title: 'T' } }, 'noTarget'],
    [{ op: 'remove', path: 'urn:ietf:params:scim:schemas:core:2.0:User' }, 'noTarget'],
    [{ op: 'add', path: 'title' }, 'invalidValue'],
    [{ op: 'add' }, 'invalidValue'],
    [{ op: 'add', value: 'T' }, 'invalidValue'],
    [{ op: 'add', value: [{ title: 'T' }] }, 'invalidValue'],
    [{ op: 'replace', path: ENTERPRISE_USER_URN, value: 'x' }, 'invalidValue'],
    [{ op: 'replace', path: 'active', value: 'maybe' }, 'invalidValue'],
    [{ op: 'replace', path: 'userName', value: null }, 'invalidValue'],
    [{ op: 'replace', path: 'userName', value: '' }, 'invalidValue'],
    [{ op: 'replace', value: { userName: '' } }, 'invalidValue'],
    [{ op: 'remove', path: 'userName' }, 'mutability'],
    [
      { op: 'replace', path: 'emails[type eq "work"]', value: [{ value: 'a' }, { value: 'b' }] },
      'invalidValue',
    ],
    [{ op: 'add', path: 'emails', value: [{ value: 'a' }, null] }, 'invalidValue'],
  ])('refuses %j with %s', (operation, scimType) => {
    expect(describeOne(operation)).toEqual({ refused: scimType });
  });

  it('refuses a replace without value, but for a lenient Connection it is a remove (W&B)', () => {
    const operation = { op: 'replace', path: 'emails[type eq "work"]' };
    expect(describeOne(operation)).toEqual(['remove emails [filter]']);
    expect(describeOne(operation, { mode: 'strict' })).toEqual({ refused: 'invalidValue' });
    expect(describeOne({ op: 'replace' })).toEqual({ refused: 'invalidValue' });
  });

  it.each([
    'id',
    'meta',
    'meta.version',
    'groups',
    'groups[value eq "g"]',
    'manager.displayName',
    'daysActive',
  ])('refuses the explicit path %s with mutability (RFC 7644 3.5.2)', (path) => {
    for (const op of ['add', 'replace', 'remove'])
      expect(describeOne({ op, path, value: 'x' })).toEqual({ refused: 'mutability' });
  });

  it('refuses to remove what a group or a role needs (RFC 7644 3.5.2.2)', () => {
    expect(describeOne({ op: 'remove', path: 'displayName' }, { type: GROUP_TYPE })).toEqual({
      refused: 'mutability',
    });
    expect(describeOne({ op: 'remove', path: 'inheritedFrom' }, { type: ROLE_TYPE })).toEqual({
      refused: 'mutability',
    });
    expect(describeOne({ op: 'replace', path: 'displayName', value: '' }, { type: GROUP_TYPE })).toEqual({
      refused: 'invalidValue',
    });
  });

  it('accepts and drops a password (decision: people sign in by SSO)', () => {
    expect(describeOne({ op: 'replace', path: 'password', value: 'secret' })).toEqual([]);
    expect(describeOne({ op: 'remove', path: 'password' })).toEqual([]);
    expect(describeOne({ op: 'replace', value: { password: 'secret', title: 'T' } })).toEqual([
      'replace title "T"',
    ]);
    expect(describeOne({ op: 'replace', path: 'password', value: 5 })).toEqual({ refused: 'invalidValue' });
  });
});

describe('an operation without path', () => {
  it('becomes one operation per key; the repeated id is ignored (Okta group rename)', () => {
    const value = { id: 'g1', displayName: 'Sales EMEA', meta: {}, schemas: ['x'] };
    expect(describeOne({ op: 'replace', value }, { type: GROUP_TYPE, mode: 'strict' })).toEqual([
      'replace displayName "Sales EMEA"',
    ]);
  });

  it('takes dotted and URN-qualified keys (Entra with aadOptscim062020)', () => {
    const value = {
      displayName: 'Ada B',
      'name.givenName': 'Ada',
      [`${ENTERPRISE_USER_URN}:employeeNumber`]: 'E7',
      [`${ENTERPRISE_USER_URN}:manager`]: 'm1',
      'emails[type eq "work"].value': 'ada@ex',
    };
    expect(describeOne({ op: 'replace', value })).toEqual([
      'replace displayName "Ada B"',
      'replace name.givenName "Ada"',
      `replace ${ENTERPRISE_USER_URN}:employeeNumber "E7"`,
      `replace ${ENTERPRISE_USER_URN}:manager.value "m1"`,
      'replace emails.value [filter] "ada@ex"',
    ]);
  });

  it('takes nested extension objects and bare extension names (WSO2, Entra)', () => {
    const expected = [
      `add ${ENTERPRISE_USER_URN}:department "R&D"`,
      `add ${ENTERPRISE_USER_URN}:manager.value "m1"`,
    ];
    const members = { department: 'R&D', manager: { value: 'm1', displayName: 'Boss' } };
    expect(describeOne({ op: 'add', value: { [ENTERPRISE_USER_URN]: members } })).toEqual(expected);
    expect(describeOne({ op: 'add', value: members })).toEqual(expected);
    expect(describeOne({ op: 'add', path: ENTERPRISE_USER_URN, value: members })).toEqual(expected);
  });

  it('changes nothing for a complex value with readOnly sub-attributes alone (WSO2)', () => {
    expect(describeOne({ op: 'replace', value: { manager: { displayName: 'M' } } })).toEqual([]);
  });

  it.each<[string, JsonValue]>([
    ['an unknown attribute', { shoeSize: 42, title: 'T' }],
    ['an unknown sub-attribute', { 'name.nick': 'A', title: 'T' }],
    ['an unknown sub-attribute in an object', { name: { nick: 'A' }, title: 'T' }],
    ['an unknown attribute of an extension', { [ENTERPRISE_USER_URN]: { floor: 3 }, title: 'T' }],
    ['an unknown value path', { 'shoes[type eq "left"].size': 42, title: 'T' }],
  ])('ignores %s in lenient mode and refuses it in strict mode', (_case, value) => {
    expect(describeOne({ op: 'replace', value })).toEqual(['replace title "T"']);
    expect(describeOne({ op: 'replace', value }, { mode: 'strict' })).toEqual({ refused: 'invalidPath' });
  });

  it('refuses a broken value path of a known attribute even in lenient mode', () => {
    expect(describeOne({ op: 'replace', value: { 'emails[type eq "work"': 'x' } })).toEqual({
      refused: 'invalidPath',
    });
  });

  it('is refused in interop mode (draft-zollner-scim-interop-profile)', () => {
    expect(describeOne({ op: 'replace', value: { active: false } }, { mode: 'interop' })).toEqual({
      refused: 'invalidSyntax',
    });
    expect(describeOne({ op: 'replace', path: 'active', value: false }, { mode: 'interop' })).toEqual([
      'replace active false',
    ]);
  });

  it('takes hostile keys as unknown ones', () => {
    const value = JSON.parse(
      '{"__proto__":{"x":1},"__proto__.x":1,"constructor.prototype.x":1}',
    ) as JsonValue;
    expect(describeOne({ op: 'add', value })).toEqual([]);
    expect(describeOne({ op: 'add', value }, { mode: 'strict' })).toEqual({ refused: 'invalidPath' });
    expect(describeOne({ op: 'add', path: '__proto__.x', value: 1 })).toEqual({ refused: 'invalidPath' });
    expect(Object.keys(Object.prototype)).toEqual([]);
  });
});

describe('the URN of an extension as path', () => {
  it('removes every attribute that a client may remove', () => {
    expect(describeOne({ op: 'remove', path: ENTERPRISE_USER_URN })).toEqual(
      ['employeeNumber', 'costCenter', 'organization', 'division', 'department', 'manager'].map(
        (name) => `remove ${ENTERPRISE_USER_URN}:${name}`,
      ),
    );
    expect(describeOne({ op: 'remove', path: ROLLCALL_USER_URN })).toEqual(
      ['organizationRole', 'teamRoles', 'seat'].map((name) => `remove ${ROLLCALL_USER_URN}:${name}`),
    );
  });

  it('unassigns every attribute when it is replaced by null', () => {
    expect(describeOne({ op: 'replace', path: ENTERPRISE_USER_URN, value: null })).toContain(
      `replace ${ENTERPRISE_USER_URN}:department null`,
    );
    expect(describeOne({ op: 'replace', path: ENTERPRISE_USER_URN, value: {} })).toEqual([]);
  });
});
