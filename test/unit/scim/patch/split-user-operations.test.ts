import { describe, expect, it } from '@jest/globals';
import { pathKey, ROLLCALL_USER_URN } from '../../../../src/directory/schema/index.js';
import type { JsonValue } from '../../../../src/kernel/json.js';
import { splitUserOperations } from '../../../../src/scim/patch/index.js';
import { readOperations, requireOperations } from './support.js';

function changes(...operations: JsonValue[]): unknown {
  const read = readOperations(operations);
  const split = read.ok ? splitUserOperations(read.value) : read;
  return split.ok ? split.value.teamRoles : split.error.scimType;
}

const x = { teamName: 'x', roleName: 'admin' };

describe('splitUserOperations', () => {
  it('passes other attributes on', () => {
    const operations = requireOperations(
      readOperations([
        { op: 'replace', value: { seat: 'full', teamRoles: [x], title: 'T' } },
        { op: 'remove', path: 'teamRoles' },
      ]),
    );
    const split = splitUserOperations(operations);
    if (!split.ok) throw new Error(split.error.detail);
    expect(split.value.attributes.map(({ path }) => pathKey(path))).toEqual([
      `${ROLLCALL_USER_URN}:seat`,
      'title',
    ]);
    expect(split.value.teamRoles).toEqual([{ kind: 'set', entries: [x] }, { kind: 'reset' }]);
  });

  it.each<[JsonValue]>([
    [{ op: 'add', path: 'teamRoles', value: [x] }],
    [{ op: 'replace', path: 'teamRoles', value: x }],
    [{ op: 'replace', path: `${ROLLCALL_USER_URN}:teamRoles`, value: [x] }],
    [{ op: 'replace', value: { [ROLLCALL_USER_URN]: { teamRoles: [x] } } }],
    [{ op: 'add', path: 'teamRoles[teamName eq "x"].roleName', value: 'admin' }],
    [{ op: 'replace', path: 'teamRoles[teamName eq "x"].roleName', value: 'admin' }],
    [{ op: 'replace', path: 'teamRoles[teamName eq "x"]', value: { roleName: 'admin' } }],
    [{ op: 'replace', path: 'teamRoles[teamName eq "x"]', value: x }],
  ])('%j sets the role in that team alone (W&B SCIM API reference)', (operation) => {
    expect(changes(operation)).toEqual([{ kind: 'set', entries: [x] }]);
  });

  it('names a team by id too', () => {
    expect(changes({ op: 'add', path: 'teamRoles[teamId eq "t1"].roleName', value: 'viewer' })).toEqual([
      { kind: 'set', entries: [{ teamId: 't1', roleName: 'viewer' }] },
    ]);
    expect(changes({ op: 'add', path: 'teamRoles', value: [{ teamId: 't1', teamName: 'x' }] })).toEqual([
      { kind: 'set', entries: [{ teamId: 't1', teamName: 'x' }] },
    ]);
  });

  it.each<[JsonValue, unknown]>([
    [{ op: 'remove', path: 'teamRoles' }, { kind: 'reset' }],
    [{ op: 'remove', path: 'teamRoles.roleName' }, { kind: 'reset' }],
    [
      { op: 'remove', path: 'teamRoles', value: [{ teamName: 'x' }] },
      { kind: 'reset', entries: [{ teamName: 'x' }] },
    ],
    [
      { op: 'remove', path: 'teamRoles', value: [] },
      { kind: 'reset', entries: [] },
    ],
  ])('%j takes roles back to member', (operation, expected) => {
    expect(changes(operation)).toEqual([expected]);
  });

  it.each<[JsonValue]>([
    [{ op: 'remove', path: 'teamRoles[teamName eq "x"]' }],
    [{ op: 'remove', path: 'teamRoles[teamName eq "x"].roleName' }],
    [{ op: 'replace', path: 'teamRoles[teamName eq "x"].roleName', value: null }],
  ])('%j takes the selected role back to member', (operation) => {
    expect(changes(operation)).toMatchObject([{ kind: 'reset', filter: { kind: 'compare', value: 'x' } }]);
  });

  it.each<[JsonValue]>([[[]], [null], ['']])(
    'replace by %j leaves every team alone (decision: an upsert)',
    (value) => {
      expect(changes({ op: 'replace', path: 'teamRoles', value })).toEqual([]);
    },
  );

  it.each<[JsonValue, string]>([
    [{ op: 'add', path: 'teamRoles', value: [{ roleName: 'admin' }] }, 'invalidValue'],
    [{ op: 'add', path: 'teamRoles', value: [{ teamName: 5 }] }, 'invalidValue'],
    [{ op: 'add', path: 'teamRoles.roleName', value: 'admin' }, 'noTarget'],
    [{ op: 'add', path: 'teamRoles[roleName eq "viewer"].roleName', value: 'admin' }, 'noTarget'],
    [{ op: 'replace', path: 'teamRoles[teamName sw "x"].roleName', value: 'admin' }, 'noTarget'],
    [{ op: 'replace', path: 'teamRoles[teamName eq "x"].teamName', value: 'y' }, 'noTarget'],
    [{ op: 'remove', path: 'teamRoles[teamName eq "x"].teamName' }, 'mutability'],
  ])('refuses %j with %s', (operation, scimType) => {
    expect(changes(operation)).toBe(scimType);
  });
});
