import { describe, expect, it } from '@jest/globals';
import type { MembershipFacts, RoleFacts } from '../../../../src/directory/access/access-facts.js';
import type { ActionName } from '../../../../src/directory/access/access-request.js';
import { PERMISSION_NAMES } from '../../../../src/permissions/index.js';
import { decided, membership, person, project, ROLES, SOMEBODY, SUBJECT } from './facts.js';

/**
 * Decisions 7, cell by cell, as people read it: viewer, member, registry admin who is otherwise View-Only, team admin.
 * `own`: what the subject made; `owner`: in a project that it owns; `if`: when the team's setting allows.
 */
const TABLE = `
  team:read                          any   any    any   any
  project:read                       any   any    any   any
  run:read                           any   any    any   any
  report:read                        any   any    any   any
  report:comment                     any   any    any   any
  artifact:read                      any   any    any   any
  registry:read                      any   any    any   any
  registry:download                  any   any    any   any
  launchagent:read                   any   any    any   any
  project:create                     -     any    -     any
  run:create                         -     any    -     any
  sweep:create_agent                 -     any    -     any
  workspace:update                   -     any    -     any
  report:create                      -     any    -     any
  artifact:create                    -     any    -     any
  artifact:update                    -     any    -     any
  artifact:delete                    -     any    -     any
  artifact:download                  -     any    -     any
  artifact_alias:update              -     any    -     any
  artifact_alias:delete              -     any    -     any
  registry:add_model                 -     any    -     any
  registry:add_alias                 -     any    -     any
  project:update                     -     owner  -     any
  run:update                         -     own    -     any
  run:stop                           -     own    -     any
  run:delete                         -     own    -     any
  run:move                           -     own    -     any
  report:update                      -     own    -     any
  report:delete                      -     own    -     any
  project:delete                     -     owner  -     any
  project:manage_members             -     owner  -     any
  project:update_visibility          -     owner  -     any
  registry:manage_admins             -     -      any   any
  registry:manage_protected_aliases  -     -      any   -
  team:invite_member                 -     if     -     any
  team:add_member                    -     -      -     any
  team:remove_member                 -     -      -     any
  team:update_member_role            -     -      -     any
  team:update_settings               -     -      -     any
  team:manage_service_accounts       -     -      -     any`;

type Cell = '-' | 'any' | 'own' | 'owner' | 'if';

const rows = TABLE.trim()
  .split('\n')
  .map((line) => line.trim().split(/\s+/) as [ActionName, Cell, Cell, Cell, Cell]);

const cells = rows.flatMap(([action, viewer, member, registryAdmin, admin]) => [
  ['viewer', action, viewer] as const,
  ['member', action, member] as const,
  ['registryAdmin', action, registryAdmin] as const,
  ['admin', action, admin] as const,
]);

const MEMBERSHIPS: Readonly<Record<(typeof cells)[number][0], MembershipFacts>> = {
  viewer: membership(ROLES.viewer),
  member: membership(ROLES.member),
  registryAdmin: membership(ROLES.viewer, { isRegistryAdmin: true }),
  admin: membership(ROLES.admin),
};

/** The answers for what somebody else made, what the subject made, in its own project, and with the setting. */
function answers(member: MembershipFacts, action: ActionName) {
  const isAllowed = (...question: Parameters<typeof decided>) => decided(...question).isAllowed;
  const at = { membership: member };
  const team = { id: project().teamId, name: 'models', mayMembersInvite: true };
  return {
    others: isAllowed(action, at, { createdBy: SOMEBODY }),
    own: isAllowed(action, at, { createdBy: SUBJECT }),
    owned: isAllowed(action, { ...at, project: project({ ownerId: SUBJECT }) }, { createdBy: SOMEBODY }),
    withSetting: isAllowed(action, { ...at, team }, { createdBy: SOMEBODY }),
  };
}

const EXPECTED: Readonly<Record<Cell, ReturnType<typeof answers>>> = {
  '-': { others: false, own: false, owned: false, withSetting: false },
  any: { others: true, own: true, owned: true, withSetting: true },
  own: { others: false, own: true, owned: false, withSetting: false },
  owner: { others: false, own: false, owned: true, withSetting: false },
  if: { others: false, own: false, owned: false, withSetting: true },
};

describe('team roles (decisions 7, product model 7)', () => {
  it('are described here for every permission of the catalogue', () => {
    expect(rows.map(([action]) => action)).toEqual(PERMISSION_NAMES);
  });

  it.each(cells)('a %s has %s: %s', (who, action, cell) => {
    expect(answers(MEMBERSHIPS[who], action)).toEqual(EXPECTED[cell]);
  });

  it.each(rows)('nobody outside the team has %s', (action) => {
    expect(decided(action, { membership: undefined })).toMatchObject({
      isAllowed: false,
      code: 'not_a_member',
    });
  });

  it.each(rows)(
    'a service account of the team has of %s what a member has, but invites nobody',
    (action, _viewer, member) => {
      const at = {
        subject: person({ accountType: 'SERVICE', seat: 'none' }),
        membership: membership(ROLES.service),
      };
      expect(decided(action, at, { createdBy: SOMEBODY }).isAllowed).toBe(member === 'any');
      const team = { id: project().teamId, name: 'models', mayMembersInvite: true };
      expect(decided(action, { ...at, team }, { createdBy: SOMEBODY }).isAllowed).toBe(member === 'any');
    },
  );

  it.each(rows)(
    'a service account of the organization has the same of %s in every team',
    (action, _viewer, member) => {
      const at = { subject: person({ accountType: 'ORG_SERVICE', seat: 'none' }), membership: undefined };
      expect(decided(action, at, { createdBy: SOMEBODY }).isAllowed).toBe(member === 'any');
    },
  );

  it.each(rows)(
    'a viewer seat and the organization role viewer leave of %s what View-Only has',
    (action, viewer) => {
      for (const more of [{ seat: 'viewer' }, { organizationRole: 'viewer' }] as const)
        for (const role of [ROLES.member, ROLES.admin] satisfies RoleFacts[]) {
          const at = { subject: person(more), membership: membership(role, { isRegistryAdmin: true }) };
          expect(decided(action, at, { createdBy: SUBJECT }).isAllowed).toBe(viewer === 'any');
        }
    },
  );

  it.each(rows)('without a seat nobody has %s by a team role', (action) => {
    const at = { subject: person({ seat: 'none' }), membership: membership(ROLES.admin) };
    expect(decided(action, at, { createdBy: SUBJECT })).toMatchObject({ isAllowed: false, code: 'no_seat' });
  });
});
