import { describe, expect, it } from '@jest/globals';
import { ENTERPRISE_USER_URN, ROLE_TYPE, ROLLCALL_USER_URN } from '../../../../src/directory/schema/index.js';
import type { JsonObject, JsonValue } from '../../../../src/kernel/json.js';
import { LIMITS } from '../../../../src/kernel/limits.js';
import { outcomeOf, patch, type Setting } from './support.js';

const work = { value: 'ada@work', type: 'work', primary: true };
const home = { value: 'ada@home', type: 'home' };

const ada = (): JsonObject => ({
  userName: 'ada',
  name: { givenName: 'Ada', familyName: 'Byron' },
  emails: [work, home],
  [ENTERPRISE_USER_URN]: { department: 'R&D', manager: { value: 'm1' } },
});

/** What became of Ada; only the named attribute when there is one. */
const after = (operations: readonly JsonValue[], setting?: Setting): JsonObject =>
  outcomeOf(patch(ada(), operations, setting));

const emailsAfter = (operation: JsonValue, setting?: Setting): JsonValue | undefined => {
  const result = after([operation], setting);
  return 'refused' in result ? result['refused'] : result['emails'];
};

describe('order and atomicity (RFC 7644 3.5.2)', () => {
  it('lets a later operation see the result of an earlier one', () => {
    const operations = [
      { op: 'add', path: 'emails', value: { value: 'x', type: 'other' } },
      { op: 'replace', path: 'emails[type eq "other"].value', value: 'y' },
      { op: 'remove', path: 'emails[value eq "y"]' },
      { op: 'replace', path: 'title', value: 'A' },
      { op: 'replace', path: 'title', value: 'B' },
    ];
    expect(after(operations)).toEqual({ ...ada(), title: 'B' });
  });

  it('changes nothing when a later operation fails', () => {
    const resource = ada();
    const operations = [
      { op: 'replace', path: 'emails', value: [] },
      { op: 'replace', path: 'emails[value sw "x"].display', value: 'X' },
    ];
    expect(patch(resource, operations)).toMatchObject({ error: { scimType: 'noTarget' } });
    expect(resource).toEqual(ada());
  });

  it.each<[JsonValue]>([
    [{ op: 'add', path: 'emails', value: [work] }],
    [{ op: 'add', path: 'emails', value: [] }],
    [{ op: 'replace', path: 'userName', value: 'ada' }],
    [{ op: 'replace', path: 'emails[type eq "work"].value', value: 'ada@work' }],
    [{ op: 'replace', path: 'emails[type eq "work"].primary', value: true }],
    [{ op: 'remove', path: 'title' }],
    [{ op: 'remove', path: 'emails[type eq "fax"]' }],
    [{ op: 'remove', path: 'phoneNumbers' }],
    [{ op: 'replace', path: 'name', value: {} }],
  ])('gives a deeply equal resource for %j (RFC 7644 3.5.2.1)', (operation) => {
    expect(after([operation])).toEqual(ada());
  });
});

describe('singular attributes', () => {
  it.each(['add', 'replace'])('%s sets a value, and clears it for null and "" (Entra)', (op) => {
    expect(after([{ op, path: 'title', value: 'Dr' }])).toEqual({ ...ada(), title: 'Dr' });
    for (const value of [null, ''])
      expect(
        after([
          { op, path: 'title', value: 'Dr' },
          { op, path: 'title', value },
        ]),
      ).toEqual(ada());
  });

  it.each(['add', 'replace'])('%s on a complex attribute merges (RFC 7644 3.5.2.1, 3.5.2.3)', (op) => {
    const value = { GivenName: 'Augusta', middleName: 'King' };
    expect(after([{ op, path: 'name', value }])['name']).toEqual({
      givenName: 'Augusta',
      familyName: 'Byron',
      middleName: 'King',
    });
    expect(after([{ op, value: { name: { familyName: null } } }])['name']).toEqual({ givenName: 'Ada' });
  });

  it('removes a sub-attribute, and the attribute with its last one (RFC 7644 3.5.2.2)', () => {
    const first = { op: 'remove', path: 'name.givenName' };
    expect(after([first])['name']).toEqual({ familyName: 'Byron' });
    expect(after([first, { op: 'remove', path: 'name.familyName' }])).not.toHaveProperty('name');
    expect(after([{ op: 'remove', path: 'name' }])).not.toHaveProperty('name');
  });

  it('drops an extension with its last value (RFC 7643 3)', () => {
    const operations = [
      { op: 'remove', path: 'department' },
      { op: 'replace', path: `${ENTERPRISE_USER_URN}:manager`, value: '' },
    ];
    expect(after(operations)).not.toHaveProperty([ENTERPRISE_USER_URN]);
    expect(after([{ op: 'remove', path: ENTERPRISE_USER_URN }])).not.toHaveProperty([ENTERPRISE_USER_URN]);
  });
});

describe('add to a list (RFC 7644 3.5.2.1)', () => {
  it.each<[JsonValue]>([[home], [[home]], [{ type: 'home', value: 'ada@home', primary: false }]])(
    'drops %j, which is there in full',
    (value) => {
      expect(emailsAfter({ op: 'add', path: 'emails', value })).toEqual([work, home]);
    },
  );

  it('keeps a value that differs in a sub-attribute', () => {
    const value = { value: 'ada@home', type: 'other' };
    expect(emailsAfter({ op: 'add', path: 'emails', value })).toEqual([work, home, value]);
  });

  it('refuses to grow a list beyond the limit', () => {
    const value = Array.from({ length: LIMITS.valuesPerAttribute - 1 }, (_, index) => ({
      value: `v${index}`,
    }));
    expect(emailsAfter({ op: 'add', path: 'emails', value })).toBe('invalidValue');
  });

  it('ignores what the server keeps when it looks for duplicates (custom roles)', () => {
    const role = {
      name: 'r',
      inheritedFrom: 'member',
      permissions: [{ name: 'run:stop', isInherited: false }],
    };
    const operation = { op: 'add', path: 'permissions', value: [{ name: 'run:stop' }] };
    expect(outcomeOf(patch(role, [operation], { type: ROLE_TYPE }))).toEqual(role);
  });
});

describe('replace of a list (RFC 7644 3.5.2.3)', () => {
  it.each<[JsonValue]>([
    [{ op: 'replace', path: 'emails', value: [home] }],
    [{ op: 'replace', path: 'emails', value: home }],
    [{ op: 'replace', value: { emails: [home] } }],
  ])('%j replaces all of it', (operation) => {
    expect(emailsAfter(operation)).toEqual([home]);
  });

  it.each<[JsonValue]>([[[]], [null], ['']])('%j leaves the attribute absent', (value) => {
    expect(after([{ op: 'replace', path: 'emails', value }])).not.toHaveProperty('emails');
  });
});

describe('a value path that matches', () => {
  it('sets a sub-attribute of every match', () => {
    expect(emailsAfter({ op: 'replace', path: 'emails[value sw "ada"].display', value: 'Ada' })).toEqual([
      { ...work, display: 'Ada' },
      { ...home, display: 'Ada' },
    ]);
  });

  it('add merges sub-attributes (RFC 7644 3.5.2.1)', () => {
    const value = { display: 'Ada' };
    expect(emailsAfter({ op: 'add', path: 'emails[type eq "home"]', value })).toEqual([
      work,
      { ...home, ...value },
    ]);
    expect(emailsAfter({ op: 'add', path: 'emails[type eq "home"]', value: [value] })).toEqual([
      work,
      { ...home, ...value },
    ]);
  });

  it('replace puts the value in its place, which the filter still finds', () => {
    const operation = { op: 'replace', path: 'emails[type eq "work"]', value: { value: 'new' } };
    expect(emailsAfter(operation)).toEqual([{ type: 'work', value: 'new' }, home]);
    expect(emailsAfter(operation, { mode: 'strict' })).toEqual([{ type: 'work', value: 'new' }, home]);
  });

  it('replace takes the value as sent when it says everything (RFC 7644 3.5.2.3, example)', () => {
    const value = { type: 'other', value: 'new', display: 'N' };
    expect(emailsAfter({ op: 'replace', path: 'emails[type eq "home"]', value })).toEqual([work, value]);
  });

  it('changes nothing for a value without known content', () => {
    for (const op of ['add', 'replace'])
      for (const value of [{}, { shoe: 1 }])
        expect(emailsAfter({ op, path: 'emails[type eq "work"]', value })).toEqual([work, home]);
  });

  it('add of nothing changes nothing, replace by nothing removes', () => {
    expect(emailsAfter({ op: 'add', path: 'emails[type eq "home"]', value: null })).toEqual([work, home]);
    expect(emailsAfter({ op: 'replace', path: 'emails[type eq "home"]', value: null })).toEqual([work]);
  });

  it('makes equal elements one', () => {
    expect(emailsAfter({ op: 'replace', path: 'emails[type pr]', value: { value: 'x' } })).toEqual([
      { value: 'x' },
    ]);
  });
});

describe('create-on-miss (Entra; Captain-P-Goldfish/SCIM-SDK#416)', () => {
  it.each(['Add', 'Replace', 'add', 'replace'])(
    '%s makes the element that the filter describes, in every mode',
    (op) => {
      for (const mode of ['lenient', 'strict', 'interop'] as const) {
        const operation = { op, path: 'phoneNumbers[type eq "mobile"].value', value: '5551234' };
        expect(after([operation], { mode })['phoneNumbers']).toEqual([{ type: 'mobile', value: '5551234' }]);
      }
    },
  );

  it('joins equalities and a whole value', () => {
    const path = 'addresses[type eq "work" and primary eq true]';
    expect(after([{ op: 'add', path, value: { country: 'DE' } }])['addresses']).toEqual([
      { type: 'work', primary: true, country: 'DE' },
    ]);
  });

  it('reads the boolean "True" of Entra in the filter', () => {
    const path = 'roles[primary eq "True"].value';
    expect(after([{ op: 'Add', path, value: 'Admin' }])['roles']).toEqual([
      { primary: true, value: 'Admin' },
    ]);
  });

  it.each([
    ['emails[type eq "x" or type eq "y"].value'],
    ['emails[type sw "x"].value'],
    ['emails[not (type pr)].value'],
    ['emails[type eq "x" and value co "y"].value'],
    ['emails[type eq "x" and type eq "y"].value'],
    ['emails[value eq "other"].value'],
  ])('refuses %s with noTarget, as no element follows from it (RFC 7644 3.5.2.3)', (path) => {
    for (const op of ['add', 'replace']) expect(emailsAfter({ op, path, value: 'new' })).toBe('noTarget');
  });

  it.each<[JsonValue]>([
    [{ op: 'replace', path: 'emails[type eq "fax"].value', value: '' }],
    [{ op: 'Replace', path: 'emails[type eq "fax"].value', value: null }],
    [{ op: 'Add', path: 'emails[type eq "fax"].value', value: '' }],
    [{ op: 'replace', path: 'emails[type sw "fax"]', value: null }],
    [{ op: 'remove', path: 'emails[type eq "fax"].value' }],
  ])('%j clears what is not there: success, nothing changes', (operation) => {
    expect(after([operation])).toEqual(ada());
  });
});

describe('a sub-attribute of all elements (no filter)', () => {
  it('is set on each, or makes an element when there is none', () => {
    expect(emailsAfter({ op: 'replace', path: 'emails.type', value: 'other' })).toEqual([
      { ...work, type: 'other' },
      { ...home, type: 'other' },
    ]);
    expect(after([{ op: 'add', path: 'ims.value', value: 'ada' }])['ims']).toEqual([{ value: 'ada' }]);
  });

  it('is removed from each', () => {
    expect(emailsAfter({ op: 'remove', path: 'emails.type' })).toEqual([
      { value: 'ada@work', primary: true },
      { value: 'ada@home' },
    ]);
  });
});

describe('remove (RFC 7644 3.5.2.2)', () => {
  it('takes away all elements, the matches, or one sub-attribute', () => {
    expect(after([{ op: 'remove', path: 'emails' }])).not.toHaveProperty('emails');
    expect(emailsAfter({ op: 'remove', path: 'emails[type eq "work"]' })).toEqual([home]);
    expect(after([{ op: 'remove', path: 'emails[value pr]' }])).not.toHaveProperty('emails');
    expect(emailsAfter({ op: 'remove', path: 'emails[type eq "home"].type' })).toEqual([
      work,
      { value: 'ada@home' },
    ]);
  });

  it.each<[JsonValue]>([
    [[{ $ref: null, value: 'ADA@work' }]],
    [{ value: 'ada@work', type: 'stale', display: 'stale' }],
    [[{ value: 'ada@work' }, { value: 'unknown' }]],
  ])('takes away only what the value list %j names (Entra, JumpCloud)', (value) => {
    const operation = { op: 'Remove', path: 'emails', value };
    expect(emailsAfter(operation)).toEqual([home]);
  });

  it('takes nothing away for an empty list, and all for no list', () => {
    expect(emailsAfter({ op: 'remove', path: 'emails', value: [] })).toEqual([work, home]);
    expect(emailsAfter({ op: 'remove', path: 'emails', value: null })).toBeUndefined();
  });

  it('finds elements without a value sub-attribute by what is named (custom roles)', () => {
    const role = {
      name: 'r',
      inheritedFrom: 'member',
      permissions: [{ name: 'run:stop' }, { name: 'run:move' }],
    };
    const operation = {
      op: 'remove',
      path: 'permissions',
      value: [{ name: 'run:stop', isInherited: false }],
    };
    expect(outcomeOf(patch(role, [operation], { type: ROLE_TYPE }))['permissions']).toEqual([
      { name: 'run:move' },
    ]);
  });

  it('leaves no element that has only labels, for Entra; strict mode keeps it', () => {
    const operation = { op: 'replace', path: 'emails[type eq "work"].value', value: '' };
    expect(emailsAfter(operation)).toEqual([home]);
    expect(emailsAfter(operation, { mode: 'strict' })).toEqual([{ type: 'work', primary: true }, home]);
  });
});

describe('primary (RFC 7643 2.4, RFC 7644 3.5.2)', () => {
  const demoted = { ...work, primary: false };

  it.each<[JsonValue, JsonValue]>([
    [
      { op: 'add', path: 'emails', value: { value: 'n', primary: true } },
      [demoted, home, { value: 'n', primary: true }],
    ],
    [
      { op: 'replace', path: 'emails[type eq "home"].primary', value: true },
      [demoted, { ...home, primary: true }],
    ],
    [
      { op: 'replace', path: 'emails[type eq "home"].primary', value: 'True' },
      [demoted, { ...home, primary: true }],
    ],
    [
      { op: 'add', path: 'emails[type eq "fax"]', value: { value: 'f', primary: true } },
      [demoted, home, { type: 'fax', value: 'f', primary: true }],
    ],
  ])('%j makes the others not primary', (operation, expected) => {
    expect(emailsAfter(operation)).toEqual(expected);
  });

  it('refuses two new primary values', () => {
    expect(emailsAfter({ op: 'replace', path: 'emails[value pr].primary', value: true })).toBe(
      'invalidValue',
    );
    const value = [
      { value: 'a', primary: true },
      { value: 'b', primary: true },
    ];
    expect(emailsAfter({ op: 'add', path: 'emails', value })).toBe('invalidValue');
  });

  it('makes an element that is no longer primary one with its equal', () => {
    const added = { value: 'n', primary: true };
    const value = [{ value: 'ada@work', type: 'work' }, added];
    expect(emailsAfter({ op: 'add', path: 'emails', value })).toEqual([demoted, home, added]);
  });

  it('leaves the primary value alone when another is written', () => {
    expect(emailsAfter({ op: 'replace', path: 'emails[type eq "home"].value', value: 'x' })).toEqual([
      work,
      { ...home, value: 'x' },
    ]);
  });
});

describe('the work of one PATCH', () => {
  const emails = Array.from({ length: 499 }, (_, index) => ({
    value: `address-${index}@example.com`,
    type: 'x',
  }));
  const terms = Array.from({ length: 200 }, (_, index) => `value co "é${index}"`).join(' or ');

  it.each<[string, JsonValue]>([
    ['filters', { op: 'remove', path: `emails[${terms}]` }],
    [
      'value lists',
      { op: 'remove', path: 'emails', value: emails.map(({ value }) => ({ value: `é${value}` })) },
    ],
  ])('is refused with 413 when %s multiply with values and operations', (_case, operation) => {
    const operations = Array.from({ length: LIMITS.patchOperations }, () => operation);
    expect(outcomeOf(patch({ userName: 'ada', emails }, operations))).toEqual({ refused: 413 });
  });

  it('leaves room for as many operations as a PATCH may have', () => {
    const operations = emails.map(({ value }) => ({ op: 'remove', path: `emails[value eq "${value}"]` }));
    expect(outcomeOf(patch({ userName: 'ada', emails }, [...operations, ...operations]))).toEqual({
      userName: 'ada',
    });
  });
});

describe('immutable attributes (RFC 7643 2.2, RFC 7644 3.5.2)', () => {
  const bot: JsonObject = {
    userName: 'bot',
    [ROLLCALL_USER_URN]: { accountType: 'SERVICE', defaultTeam: 'ML' },
  };
  const bare: JsonObject = { userName: 'bot' };
  const set = (value: JsonValue): JsonObject => ({ op: 'add', path: 'accountType', value });

  it('can be set when empty and set again to the same', () => {
    expect(outcomeOf(patch(bare, [set('service')]))).toEqual({
      userName: 'bot',
      [ROLLCALL_USER_URN]: { accountType: 'SERVICE' },
    });
    expect(
      outcomeOf(patch(bot, [set('Service'), { op: 'replace', path: 'defaultTeam', value: 'ml' }])),
    ).toEqual(bot);
    expect(outcomeOf(patch(bare, [{ op: 'remove', path: 'accountType' }]))).toEqual(bare);
  });

  it.each<[JsonValue]>([
    [set('USER')],
    [{ op: 'replace', path: 'accountType', value: null }],
    [{ op: 'remove', path: 'accountType' }],
    [{ op: 'replace', value: { defaultTeam: 'other' } }],
  ])('refuse %j once they are set', (operation) => {
    expect(outcomeOf(patch(bot, [operation]))).toEqual({ refused: 'mutability' });
  });
});
