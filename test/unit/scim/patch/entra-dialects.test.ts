import { describe, expect, it } from '@jest/globals';
import { ENTERPRISE_USER_URN } from '../../../../src/directory/schema/index.js';
import type { JsonObject, JsonValue } from '../../../../src/kernel/json.js';
import { outcomeOf, patch } from './support.js';

/** Bodies as Microsoft documents them ("Develop a SCIM endpoint", "Known issues with SCIM 2.0 compliance"). */
const user: JsonObject = {
  userName: 'ada',
  active: true,
  displayName: 'Ada',
  name: { givenName: 'A', familyName: 'B' },
  emails: [{ type: 'work', value: 'ada@old.ex' }],
  addresses: [{ type: 'work', country: 'DE', locality: 'Jena' }],
  [ENTERPRISE_USER_URN]: { department: 'R&D', manager: { value: 'm0' } },
};

const after = (...operations: JsonValue[]): JsonObject => outcomeOf(patch(user, operations));

describe('Entra, default dialect', () => {
  it('updates attribute by attribute with capital op', () => {
    expect(
      after(
        { op: 'Replace', path: 'displayName', value: 'Ada B' },
        { op: 'Replace', path: 'emails[type eq "work"].value', value: 'ada@new.ex' },
        { op: 'Add', path: 'phoneNumbers[type eq "mobile"].value', value: '5551234' },
        { op: 'Replace', path: 'name.givenName', value: 'Ada' },
        { op: 'Replace', path: `${ENTERPRISE_USER_URN}:employeeNumber`, value: 'E7' },
      ),
    ).toEqual({
      ...user,
      displayName: 'Ada B',
      name: { givenName: 'Ada', familyName: 'B' },
      emails: [{ type: 'work', value: 'ada@new.ex' }],
      phoneNumbers: [{ type: 'mobile', value: '5551234' }],
      [ENTERPRISE_USER_URN]: { department: 'R&D', manager: { value: 'm0' }, employeeNumber: 'E7' },
    });
  });

  it.each<[JsonValue, boolean]>([
    ['False', false],
    ['True', true],
    [false, false],
  ])('disables and restores with active %j', (value, active) => {
    expect(after({ op: 'Replace', path: 'active', value })).toEqual({ ...user, active });
  });

  it.each<[JsonValue]>([
    [{ op: 'Add', path: `${ENTERPRISE_USER_URN}:manager`, value: 'm1' }],
    [{ op: 'Add', path: 'manager', value: [{ $ref: 'https://host/scim/v2/Users/m1', value: 'm1' }] }],
    [{ op: 'Replace', path: `${ENTERPRISE_USER_URN}.manager`, value: { value: 'm1' } }],
    [{ op: 'Replace', path: 'manager.value', value: 'm1' }],
  ])('sets the manager by %j', (operation) => {
    expect(after(operation)).toEqual({
      ...user,
      [ENTERPRISE_USER_URN]: { department: 'R&D', manager: { value: 'm1' } },
    });
  });

  it('clears the manager by an empty string', () => {
    expect(after({ op: 'Replace', path: `${ENTERPRISE_USER_URN}:manager`, value: '' })).toEqual({
      ...user,
      [ENTERPRISE_USER_URN]: { department: 'R&D' },
    });
  });

  it('adds and replaces application roles', () => {
    expect(
      after(
        { op: 'Add', path: 'roles', value: [{ value: '{"id":"1","value":"25","displayName":"R"}' }] },
        { op: 'Add', path: 'roles', value: [{ value: '{"id":"1","value":"25","displayName":"R"}' }] },
      )['roles'],
    ).toEqual([{ value: '25', display: 'R' }]);
    const roles = [
      { primary: false, type: 'WindowsAzureActiveDirectoryRole', display: 'User', value: 'User' },
    ];
    expect(after({ op: 'replace', path: 'roles', value: roles })['roles']).toEqual(roles);
  });
});

describe('Entra with aadOptscim062020', () => {
  it('collapses attributes into one value without path', () => {
    expect(
      after({
        op: 'replace',
        value: {
          displayName: 'Ada B',
          'name.givenName': 'Ada',
          [`${ENTERPRISE_USER_URN}:employeeNumber`]: 'E7',
        },
      }),
    ).toEqual({
      ...user,
      displayName: 'Ada B',
      name: { givenName: 'Ada', familyName: 'B' },
      [ENTERPRISE_USER_URN]: { department: 'R&D', manager: { value: 'm0' }, employeeNumber: 'E7' },
    });
  });

  it('clears by null keys', () => {
    const value = { displayName: null, 'name.givenName': null, [`${ENTERPRISE_USER_URN}:department`]: null };
    const { displayName: _displayName, ...rest } = user;
    expect(after({ op: 'replace', value })).toEqual({
      ...rest,
      name: { familyName: 'B' },
      [ENTERPRISE_USER_URN]: { manager: { value: 'm0' } },
    });
  });
});

describe('clearing every optional attribute (Microsoft, "SCIM gallery requirements")', () => {
  const paths = [
    'displayName',
    'title',
    'name.givenName',
    'emails[type eq "work"].value',
    'addresses[type eq "work"].country',
    `${ENTERPRISE_USER_URN}:department`,
    `${ENTERPRISE_USER_URN}:manager`,
  ];

  it('works by "" and then again by null', () => {
    const cleared = {
      userName: 'ada',
      active: true,
      name: { familyName: 'B' },
      addresses: [{ type: 'work', locality: 'Jena' }],
    };
    const first = after(...paths.map((path) => ({ op: 'replace', path, value: '' })));
    expect(first).toEqual(cleared);
    const again = paths.map((path) => ({ op: 'replace', path, value: null }));
    expect(outcomeOf(patch(first, again))).toEqual(cleared);
  });
});
