import { describe, expect, it } from '@jest/globals';
import { decide } from '../../../../src/directory/access/decide.js';
import {
  ask,
  custom,
  decided,
  facts,
  membership,
  person,
  POLICY,
  project,
  PROJECT,
  ROLES,
  SOMEBODY,
  SUBJECT,
  target,
  TARGET,
} from './facts.js';

const restricted = project({ visibility: 'restricted' });
const invited = { ownRole: undefined, isInvited: true };

describe('who is asked about', () => {
  it.each([
    ['unknown', 'subject_unknown'],
    ['ambiguous', 'subject_ambiguous'],
    [person({ isRemoved: true, isActive: false }), 'subject_removed'],
    [person({ isActive: false }), 'subject_deactivated'],
  ] as const)('%j is denied whatever the role: %s (default deny)', (subject, code) => {
    const at = { subject, membership: membership(ROLES.admin), project: project({ visibility: 'open' }) };
    for (const action of ['run:read', 'team:read', 'organization:read_users'] as const)
      expect(decided(action, at)).toMatchObject({ isAllowed: false, code });
  });

  it('an unknown project or team is denied without a hint that it is somewhere else', () => {
    const reasons = [
      decided('run:read', { project: undefined, team: undefined }),
      decided('run:read', { team: undefined }),
    ];
    for (const decision of reasons)
      expect(decision).toEqual({
        isAllowed: false,
        code: 'resource_unknown',
        reason: 'There is no such run in the organization, or what it is in has been archived.',
      });
  });

  it('a project that is not in the team named with it is denied', () => {
    expect(decided('run:read', {}, { team: SOMEBODY })).toMatchObject({ code: 'resource_mismatch' });
    expect(decided('run:read', {}, { team: project().teamId }).isAllowed).toBe(true);
  });
});

describe('what a member made itself (decisions 7, scope own)', () => {
  it.each([
    ['the id', SUBJECT],
    ['the userName in any case', 'ADA@example.com'],
  ])('is told by %s in createdBy', (_what, createdBy) => {
    expect(decided('run:stop', {}, { createdBy })).toMatchObject({ isAllowed: true, scope: 'own' });
  });

  it('is told by the words in which the subject itself was named', () => {
    const request = {
      ...ask('run:stop', { createdBy: 'Ada@Mail.example' }),
      subject: { type: 'user', id: 'ada@mail.example' },
    } as const;
    expect(decide(request, facts(), POLICY).isAllowed).toBe(true);
  });

  it.each([
    ['nothing', undefined],
    ['somebody else', SOMEBODY],
    ['an empty text', ''],
  ] as const)('is not what %s made', (_what, createdBy) => {
    expect(decided('run:stop', {}, createdBy === undefined ? {} : { createdBy })).toMatchObject({
      isAllowed: false,
      code: 'not_the_creator',
      neededRoles: ['admin'],
    });
  });

  it('is not what belongs to the account whose id somebody has taken as userName', () => {
    const imposter = person({ userNameKey: SOMEBODY });
    expect(decided('run:delete', { subject: imposter }, { createdBy: SOMEBODY }).isAllowed).toBe(false);
  });

  it('is, of projects, what it owns, whatever the application says', () => {
    expect(decided('project:update', {}, { createdBy: SUBJECT }).isAllowed).toBe(false);
    expect(decided('project:update', { project: project({ ownerId: SUBJECT }) }).isAllowed).toBe(true);
  });

  it('does not follow from owning the project: another member deletes neither there (product model 2)', () => {
    const own = { project: project({ ownerId: SUBJECT }) };
    expect(decided('run:delete', own, { createdBy: SOMEBODY }).isAllowed).toBe(false);
    expect(decided('run:delete', own, { type: 'project', id: PROJECT }).isAllowed).toBe(false);
  });
});

describe('custom roles (decisions 7, product model 6)', () => {
  it('add to their base for everything', () => {
    const at = { membership: membership(custom('viewer', 'run:stop')) };
    expect(decided('run:stop', at, { createdBy: SOMEBODY })).toMatchObject({
      isAllowed: true,
      role: 'made to measure',
      scope: 'any',
    });
    expect(decided('run:delete', at).isAllowed).toBe(false);
    expect(decided('run:create', at).isAllowed).toBe(false);
  });

  it('keep what their base has for its own', () => {
    const at = { membership: membership(custom('member', 'project:delete')) };
    expect(decided('run:stop', at, { createdBy: SUBJECT }).isAllowed).toBe(true);
    expect(decided('run:stop', at, { createdBy: SOMEBODY }).isAllowed).toBe(false);
    expect(decided('project:delete', at).isAllowed).toBe(true);
  });

  it('made from View-Only do not make an owner or an inviter', () => {
    const at = {
      membership: membership(custom('viewer', 'run:stop')),
      project: project({ ownerId: SUBJECT }),
      team: { id: project().teamId, name: 'models', mayMembersInvite: true },
    };
    expect(decided('project:delete', at).isAllowed).toBe(false);
    expect(decided('team:invite_member', at).isAllowed).toBe(false);
  });
});

describe('visibility (product model 8.1, 8.2)', () => {
  const stranger = { membership: undefined };

  it.each(['open', 'public'] as const)(
    'a %s project can be seen by everybody in the organization',
    (visibility) => {
      for (const action of ['project:read', 'run:read', 'report:read', 'artifact:read'] as const)
        expect(decided(action, { ...stranger, project: project({ visibility }) })).toMatchObject({
          isAllowed: true,
          code: 'visibility',
          visibility,
        });
      expect(decided('report:comment', { ...stranger, project: project({ visibility }) }).isAllowed).toBe(
        false,
      );
    },
  );

  it('to an open project everybody submits runs and reports, and carries on the own ones', () => {
    const open = { ...stranger, project: project({ visibility: 'open' }) };
    for (const action of ['run:create', 'report:create'] as const)
      expect(decided(action, open).isAllowed).toBe(true);
    for (const action of ['run:update', 'run:stop', 'report:update'] as const) {
      expect(decided(action, open, { createdBy: SUBJECT }).isAllowed).toBe(true);
      expect(decided(action, open, { createdBy: SOMEBODY }).isAllowed).toBe(false);
    }
    for (const action of ['run:delete', 'run:move', 'artifact:create'] as const)
      expect(decided(action, open, { createdBy: SUBJECT }).isAllowed).toBe(false);
  });

  it('to a public project only the team submits', () => {
    expect(decided('run:create', { ...stranger, project: project({ visibility: 'public' }) }).isAllowed).toBe(
      false,
    );
    expect(decided('run:create', { project: project({ visibility: 'public' }) }).isAllowed).toBe(true);
  });

  it('a View-Only member of the team submits to an open project like everybody else', () => {
    const at = { membership: membership(ROLES.viewer), project: project({ visibility: 'open' }) };
    expect(decided('run:create', at)).toMatchObject({ isAllowed: true, code: 'visibility' });
  });

  it('a viewer seat, the organization role viewer and no seat look at open projects only', () => {
    for (const more of [{ seat: 'viewer' }, { seat: 'none' }, { organizationRole: 'viewer' }] as const) {
      const at = { ...stranger, subject: person(more), project: project({ visibility: 'open' }) };
      expect(decided('run:read', at).isAllowed).toBe(true);
      expect(decided('run:create', at).isAllowed).toBe(false);
    }
  });

  it('a service account of another team submits to open projects only (product model 9.1)', () => {
    const robot = { ...stranger, subject: person({ accountType: 'SERVICE', seat: 'none' }) };
    expect(decided('run:create', { ...robot, project: project({ visibility: 'open' }) }).isAllowed).toBe(
      true,
    );
    for (const visibility of ['public', 'team', 'restricted'] as const)
      expect(decided('run:create', { ...robot, project: project({ visibility }) }).isAllowed).toBe(false);
  });

  it('a restricted project lets in invited members only, with their role', () => {
    expect(decided('run:read', { project: restricted })).toMatchObject({
      isAllowed: false,
      code: 'not_invited',
    });
    expect(decided('run:create', { project: restricted, place: invited }).isAllowed).toBe(true);
    expect(
      decided('run:read', { project: restricted, place: invited, membership: undefined }).isAllowed,
    ).toBe(false);
  });

  it('5: a team admin is not in a restricted project, but can let itself in, change and delete it', () => {
    const at = { project: restricted, membership: membership(ROLES.admin) };
    for (const action of ['project:manage_members', 'project:update_visibility', 'project:delete'] as const)
      expect(decided(action, at).isAllowed).toBe(true);
    for (const action of ['project:read', 'run:read', 'run:delete', 'project:update'] as const)
      expect(decided(action, at)).toMatchObject({ isAllowed: false, code: 'not_invited' });
  });

  it.each(['SERVICE', 'ORG_SERVICE'] as const)(
    '6: a %s account is in a restricted project only when invited',
    (accountType) => {
      const at = {
        subject: person({ accountType, seat: 'none' }),
        membership: accountType === 'SERVICE' ? membership(ROLES.service) : undefined,
        project: restricted,
      };
      expect(decided('run:create', at)).toMatchObject({ isAllowed: false, code: 'not_invited' });
      expect(decided('run:create', { ...at, place: invited }).isAllowed).toBe(true);
    },
  );

  it('8: an owner who has left the team has nothing left, and a View-Only owner only looks', () => {
    const owned = { project: project({ ownerId: SUBJECT }) };
    expect(decided('project:delete', { ...owned, membership: undefined }).isAllowed).toBe(false);
    expect(decided('project:delete', { ...owned, membership: membership(ROLES.viewer) }).isAllowed).toBe(
      false,
    );
    expect(decided('project:delete', owned)).toMatchObject({ isAllowed: true, code: 'project_owner' });
  });
});

describe('project roles (product model 8.3)', () => {
  const at = (
    teamRole: keyof typeof ROLES,
    ownRole: keyof typeof ROLES,
    visibility: 'open' | 'public' | 'team',
  ) => ({
    membership: membership(ROLES[teamRole]),
    place: { ownRole: ROLES[ownRole], isInvited: false },
    project: project({ visibility }),
  });

  it('raise and lower what a member has in the project', () => {
    expect(decided('run:delete', at('member', 'admin', 'team'))).toMatchObject({
      isAllowed: true,
      code: 'project_role',
      role: 'admin',
    });
    expect(decided('run:create', at('member', 'viewer', 'team'))).toMatchObject({
      isAllowed: false,
      role: 'viewer',
    });
  });

  it('b: are hidden by a View-Only team role', () => {
    expect(decided('run:create', at('viewer', 'admin', 'team')).isAllowed).toBe(false);
  });

  it('are hidden while the project is open or public', () => {
    for (const visibility of ['open', 'public'] as const)
      expect(decided('run:delete', at('member', 'admin', visibility)).isAllowed).toBe(false);
  });

  it('do not keep a team admin from looking after the project', () => {
    expect(decided('run:delete', at('admin', 'viewer', 'team')).isAllowed).toBe(false);
    expect(decided('project:manage_members', at('admin', 'viewer', 'team')).isAllowed).toBe(true);
  });

  it('say nothing about the team', () => {
    expect(decided('team:add_member', at('member', 'admin', 'team')).isAllowed).toBe(false);
    expect(decided('project:create', at('admin', 'viewer', 'team')).isAllowed).toBe(true);
  });

  it('are capped by the seat', () => {
    const capped = { ...at('member', 'admin', 'team'), subject: person({ seat: 'viewer' }) };
    expect(decided('run:delete', capped)).toMatchObject({ isAllowed: false, code: 'view_only' });
  });
});

describe('moving runs (product model 8.2 rule 7)', () => {
  const move = (source: Parameters<typeof facts>[0], destination: ReturnType<typeof target> | undefined) =>
    decide(ask('run:move', { createdBy: SUBJECT }), facts(source), POLICY, destination);

  it('is possible from one project of the team to another', () => {
    expect(move({}, target()).isAllowed).toBe(true);
  });

  it('7: is not possible out of a restricted project, not for a team admin either', () => {
    for (const role of [ROLES.member, ROLES.admin])
      expect(
        move({ project: restricted, place: invited, membership: membership(role) }, target()),
      ).toMatchObject({
        isAllowed: false,
        code: 'restricted_source',
      });
  });

  it('7: is possible into a restricted project for who is invited there', () => {
    const inside = project({ id: TARGET, visibility: 'restricted' });
    expect(move({}, target({ project: inside, place: invited })).isAllowed).toBe(true);
    expect(move({}, target({ project: inside }))).toMatchObject({ isAllowed: false, code: 'target_denied' });
  });

  it('needs a target where the subject may create runs', () => {
    expect(move({}, target({ project: undefined, team: undefined }))).toMatchObject({
      code: 'target_denied',
    });
    expect(move({}, target({ membership: membership(ROLES.viewer) }))).toMatchObject({
      code: 'target_denied',
    });
    expect(move({}, undefined)).toMatchObject({ code: 'target_denied' });
  });

  it('needs the run to be the own one, or a role that moves any', () => {
    const others = (role: keyof typeof ROLES) =>
      decide(
        ask('run:move', { createdBy: SOMEBODY }),
        facts({ membership: membership(ROLES[role]) }),
        POLICY,
        target(),
      );
    expect(others('member').isAllowed).toBe(false);
    expect(others('admin').isAllowed).toBe(true);
  });
});

describe('reasons', () => {
  it('name role, place and since when the membership lasts', () => {
    expect(decided('run:create', {}).reason).toBe(
      'The role member in team "models" gives run:create (in the team since 2026-01-15).',
    );
  });

  it('name the sign-on whose group claims made the membership', () => {
    const at = { membership: membership(ROLES.member, { ssoConnectionId: SOMEBODY }) };
    expect(decided('run:create', at)).toMatchObject({
      ssoConnection: SOMEBODY,
      reason:
        'The role member in team "models" gives run:create (in the team since 2026-01-15, through the group claims of its sign-on).',
    });
  });

  it('name since when the organization role is held, and the mapping rule that gave it', () => {
    const admin = person({ organizationRole: 'admin', organizationRoleRuleId: SOMEBODY });
    expect(decided('team:create', { subject: admin })).toMatchObject({
      since: '2025-11-03T09:00:00.000Z',
      isRoleMapped: true,
      mappingRule: SOMEBODY,
      reason:
        'The organization role admin gives team:create (held since 2025-11-03; a mapping rule gave it).',
    });
    const denied = decided('team:create', {});
    expect(denied).toMatchObject({
      since: '2025-11-03T09:00:00.000Z',
      reason: 'The organization role member does not give team:create (held since 2025-11-03).',
    });
    expect(denied).not.toHaveProperty('isRoleMapped');
    expect(denied).not.toHaveProperty('mappingRule');
  });

  it('name the mapping rule that gave the role', () => {
    const mapped = { isRoleMapped: true, mappingRuleId: SOMEBODY };
    expect(decided('run:create', { membership: membership(ROLES.member, mapped) })).toMatchObject({
      isRoleMapped: true,
      mappingRule: SOMEBODY,
      reason:
        'The role member in team "models" gives run:create (in the team since 2026-01-15; a mapping rule gave the role).',
    });
  });

  it('name what is missing', () => {
    expect(decided('team:add_member', {})).toMatchObject({
      reason: 'The role member in team "models" does not give team:add_member.',
      neededRoles: ['admin'],
    });
    expect(decided('registry:manage_protected_aliases', {})).toMatchObject({
      neededRoles: ['registryAdmin'],
    });
  });
});
