import { describe, expect, it } from '@jest/globals';
import { ROLLCALL_USER_URN, USER_TYPE } from '../../../../src/directory/schema/index.js';
import type { JsonObject, JsonValue } from '../../../../src/kernel/json.js';
import { OPERATION_QUIRKS, RESOURCE_QUIRKS, VALUE_QUIRKS } from '../../../../src/scim/compat/index.js';
import { readPatch } from '../../../../src/scim/patch/index.js';
import { readResource } from '../../../../src/scim/resource/index.js';

const TEAMS_URN = 'urn:ietf:params:scim:schemas:extension:teams:2.0:User';

const read = (body: JsonObject): JsonValue => {
  const outcome = readResource(
    USER_TYPE,
    { userName: 'ada', ...body },
    { mode: 'lenient', purpose: 'create' },
  );
  return outcome.ok ? outcome.value : { refused: outcome.error.detail };
};

const rollcall = (members: JsonObject): JsonObject => ({ userName: 'ada', [ROLLCALL_USER_URN]: members });

it('has one name per quirk, and every quirk runs in lenient mode alone', () => {
  const quirks = [...RESOURCE_QUIRKS, ...OPERATION_QUIRKS, ...VALUE_QUIRKS];
  expect(new Set(quirks.map((quirk) => quirk.name)).size).toBe(quirks.length);
  expect(quirks.map((quirk) => quirk.modes)).toEqual(quirks.map(() => ['lenient']));
});

describe('W&B user attributes (W&B SCIM API reference)', () => {
  it('reads modelsSeat as the seat and ignores weaveRole', () => {
    expect(read({ modelsSeat: 'viewer', weaveRole: 'full' })).toEqual(rollcall({ seat: 'viewer' }));
  });

  it('reads the teams extension as team roles', () => {
    expect(read({ [TEAMS_URN]: { teams: ['a', 'b'], defaultTeam: 'a' } })).toEqual(
      rollcall({
        teamRoles: [
          { teamName: 'a', roleName: 'member' },
          { teamName: 'b', roleName: 'member' },
        ],
        defaultTeam: 'a',
      }),
    );
  });

  it('lets our own names win', () => {
    const teamRoles = [{ teamName: 'c', roleName: 'admin' }];
    expect(read({ modelsSeat: 'viewer', seat: 'full', teamRoles, [TEAMS_URN]: { teams: ['a'] } })).toEqual(
      rollcall({ seat: 'full', teamRoles }),
    );
  });

  it('refuses a team that is no name', () => {
    expect(read({ [TEAMS_URN]: { teams: [5] } })).toEqual({ refused: expect.stringContaining('teamName') });
  });

  it('reads e-mail addresses in PascalCase (versions up to v0.80.0)', () => {
    expect(read({ emails: { Value: 'a@ex', Display: '', Type: '', Primary: true } })).toEqual({
      userName: 'ada',
      emails: [{ value: 'a@ex', primary: true }],
    });
  });

  it.each<[JsonObject, readonly [string, JsonValue][]]>([
    [{ op: 'replace', path: 'modelsSeat', value: 'full' }, [['seat', 'full']]],
    [{ op: 'replace', path: 'weaveRole', value: 'full' }, []],
    [
      { op: 'replace', value: { modelsSeat: 'none', weaveRole: 'x', title: 'T' } },
      [
        ['title', 'T'],
        ['seat', 'none'],
      ],
    ],
  ])('reads them in the PATCH operation %j', (operation, expected) => {
    const outcome = readPatch(USER_TYPE, { Operations: [operation] }, { mode: 'lenient' });
    expect(outcome.ok && outcome.value.map(({ path, value }) => [path.attribute.name, value])).toEqual(
      expected,
    );
  });
});

describe('Entra application roles (Microsoft, "Customize application attributes")', () => {
  const appRole = '{"id":"8f0c","value":"25","displayName":"R"}';

  it('unwraps the JSON text in the value', () => {
    expect(read({ roles: [{ primary: 'True', value: appRole }] })).toEqual({
      userName: 'ada',
      roles: [{ primary: true, value: '25', display: 'R' }],
    });
  });

  it('unwraps it behind a filter too', () => {
    const operation = { op: 'Replace', path: 'roles[primary eq "True"].value', value: appRole };
    const outcome = readPatch(USER_TYPE, { Operations: [operation] }, { mode: 'lenient' });
    expect(outcome.ok && outcome.value[0]?.value).toBe('25');
  });

  it.each([['{broken'], ['{"value":5}'], ['{}'], ['plain']])('keeps %s as it is', (value) => {
    expect(read({ roles: [{ value }] })).toEqual({ userName: 'ada', roles: [{ value }] });
  });
});
