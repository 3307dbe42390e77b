import { describe, expect, it } from '@jest/globals';
import { pathKey, GROUP_TYPE } from '../../../../src/directory/schema/index.js';
import type { JsonValue } from '../../../../src/kernel/json.js';
import { splitGroupOperations } from '../../../../src/scim/patch/index.js';
import { readOperations, type Setting } from './support.js';

/** The member changes of some operations, or the error keyword. */
function changes(operations: readonly JsonValue[], mode: Setting['mode'] = 'lenient'): unknown {
  const read = readOperations(operations, { type: GROUP_TYPE, mode });
  const split = read.ok ? splitGroupOperations(read.value) : read;
  return split.ok ? split.value.members : split.error.scimType;
}

describe('splitGroupOperations', () => {
  it('keeps the order of member changes and passes other attributes on', () => {
    const read = readOperations(
      [
        { op: 'remove', path: 'members[value eq "u1"]' },
        { op: 'add', path: 'members', value: [{ value: 'u2', display: 'ada@ex.com' }] },
        { op: 'replace', path: 'displayName', value: 'Sales' },
      ],
      { type: GROUP_TYPE, mode: 'strict' },
    );
    const split = read.ok ? splitGroupOperations(read.value) : read;
    if (!split.ok) throw new Error(split.error.detail);
    expect(split.value.members).toEqual([
      { kind: 'remove', ids: ['u1'] },
      { kind: 'add', ids: ['u2'] },
    ]);
    expect(split.value.attributes.map(({ path }) => pathKey(path))).toEqual(['displayName']);
  });

  it.each<[string, JsonValue, unknown]>([
    [
      'Entra adds',
      { op: 'Add', path: 'members', value: [{ $ref: null, value: 'u1' }, { value: 'u2' }, { value: 'u1' }] },
      [{ kind: 'add', ids: ['u1', 'u2'] }],
    ],
    [
      'Entra removes by a value list (SCIMReferenceCode#10)',
      { op: 'Remove', path: 'members', value: [{ $ref: null, value: 'u1' }] },
      [{ kind: 'remove', ids: ['u1'] }],
    ],
    [
      'a stale group in the list of a removal',
      { op: 'Remove', path: 'members', value: [{ value: 'g1', type: 'Group' }] },
      [{ kind: 'remove', ids: ['g1'] }],
    ],
    ['a removal by id', { op: 'remove', path: 'members[value eq "u1"]' }, [{ kind: 'remove', ids: ['u1'] }]],
    [
      'a removal by several ids',
      { op: 'remove', path: 'members[value eq "u1" or value eq "u2"]' },
      [{ kind: 'remove', ids: ['u1', 'u2'] }],
    ],
    ['a removal of everybody', { op: 'remove', path: 'members' }, [{ kind: 'replace', ids: [] }]],
    ['a removal of nobody', { op: 'remove', path: 'members', value: [] }, []],
    ['an addition of nobody', { op: 'add', path: 'members', value: [] }, []],
    [
      'Okta replaces',
      { op: 'replace', path: 'members', value: [{ value: 'u1' }] },
      [{ kind: 'replace', ids: ['u1'] }],
    ],
    [
      'Okta empties by path (SCIM-SDK#757)',
      { op: 'replace', path: 'members', value: [] },
      [{ kind: 'replace', ids: [] }],
    ],
    [
      'Okta empties without path (scimgateway#113)',
      { op: 'replace', value: { members: [], id: 'g1', displayName: 'Sales' } },
      [{ kind: 'replace', ids: [] }],
    ],
    [
      'a replace that does not name members (langwatch#7131)',
      { op: 'replace', value: { displayName: 'S' } },
      [],
    ],
    [
      'an addition without path',
      { op: 'add', value: { members: [{ value: 'u1' }] } },
      [{ kind: 'add', ids: ['u1'] }],
    ],
    [
      'one object',
      { op: 'add', path: 'members', value: { value: 'u1', type: 'User' } },
      [{ kind: 'add', ids: ['u1'] }],
    ],
    [
      'an addition by filter (reported of OneLogin)',
      { op: 'add', path: 'members[value eq "u1"]', value: { value: 'u1' } },
      [{ kind: 'add', ids: ['u1'] }],
    ],
    [
      'the value that a member has',
      { op: 'add', path: 'members[value eq "u1"].value', value: 'u1' },
      [{ kind: 'add', ids: ['u1'] }],
    ],
    ['nothing for a member', { op: 'add', path: 'members[value eq "u1"]', value: null }, []],
    [
      'null for a member',
      { op: 'replace', path: 'members[value eq "u1"]', value: null },
      [{ kind: 'remove', ids: ['u1'] }],
    ],
  ])('%s', (_case, operation, expected) => {
    expect(changes([operation])).toEqual(expected);
  });

  it('passes on a filter that names members in another way', () => {
    expect(changes([{ op: 'remove', path: 'members[display sw "A"]' }])).toMatchObject([
      { kind: 'removeWhere', filter: { kind: 'compare', operator: 'sw', value: 'A' } },
    ]);
    expect(changes([{ op: 'remove', path: 'members[value eq "u1" and type eq "User"]' }])).toMatchObject([
      { kind: 'removeWhere', filter: { kind: 'and' } },
    ]);
  });

  it('takes the nested form of Salesforce in lenient mode alone (pond/scimitar)', () => {
    const operation = { op: 'remove', path: 'members', value: { members: [{ value: 'u1' }] } };
    expect(changes([operation])).toEqual([{ kind: 'remove', ids: ['u1'] }]);
    expect(changes([operation], 'strict')).toBe('invalidSyntax');
  });

  it('takes bare ids in lenient mode alone', () => {
    const operation = { op: 'add', path: 'members', value: ['u1'] };
    expect(changes([operation])).toEqual([{ kind: 'add', ids: ['u1'] }]);
    expect(changes([operation], 'strict')).toBe('invalidValue');
  });

  it.each<[JsonValue]>([
    [{ op: 'replace', path: 'members[value eq "u1"]', value: { value: 'u2' } }],
    [{ op: 'replace', path: 'members[value eq "u1"].value', value: 'u2' }],
    [{ op: 'replace', path: 'members[value eq "u1"].type', value: 'User' }],
    [{ op: 'replace', path: 'members.$ref', value: 'https://h/Users/u2' }],
    [{ op: 'add', path: 'members[value eq "u1"]', value: { value: 'u2' } }],
    [{ op: 'add', path: 'members[display sw "A"]', value: { value: 'u2' } }],
    [{ op: 'add', path: 'members.value', value: 'u2' }],
    [{ op: 'remove', path: 'members[value eq "u1"].value' }],
    [{ op: 'remove', path: 'members.type' }],
    [{ op: 'replace', path: 'members[value eq "u1"].display', value: 'A' }],
  ])('refuses %j with mutability (RFC 7643 4.2)', (operation) => {
    expect(changes([operation])).toBe('mutability');
  });

  it.each<[JsonValue]>([
    [[{ value: null }]],
    [[{}]],
    [[null]],
    [[{ value: 7 }]],
    [[{ value: 'g1', type: 'Group' }]],
    [[{ value: 'g1', $ref: 'https://h/Groups/g1' }]],
    [7],
  ])('refuses members %j with invalidValue', (value) => {
    for (const op of ['add', 'replace'])
      expect(changes([{ op, path: 'members', value }])).toBe('invalidValue');
  });
});
