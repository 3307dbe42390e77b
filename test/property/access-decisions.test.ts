import { describe, it } from '@jest/globals';
import fc from 'fast-check';
import type { AccessFacts, RoleFacts, SubjectFacts } from '../../src/directory/access/access-facts.js';
import type { AccessRequest } from '../../src/directory/access/access-request.js';
import { ACTION_NAMES, resourceTypesOf } from '../../src/directory/access/actions.js';
import { decide } from '../../src/directory/access/decide.js';
import { ADDABLE_PERMISSIONS } from '../../src/permissions/index.js';
import {
  custom,
  membership,
  ORGANIZATION,
  person,
  PROJECT,
  project,
  ROLES,
  SOMEBODY,
  SUBJECT,
  TARGET,
  TEAM,
} from '../unit/directory/access/facts.js';

const predefined = fc.constantFrom(ROLES.viewer, ROLES.member, ROLES.admin);
const customRole = fc
  .tuple(fc.constantFrom('viewer', 'member'), fc.subarray([...ADDABLE_PERMISSIONS]))
  .map(([base, permissions]) => custom(base, ...permissions));
const teamRole: fc.Arbitrary<RoleFacts> = fc.oneof(predefined, customRole);

const subjectFacts: fc.Arbitrary<SubjectFacts> = fc
  .record({
    accountType: fc.constantFrom('USER', 'USER', 'USER', 'SERVICE', 'ORG_SERVICE'),
    isActive: fc.constantFrom(true, true, true, false),
    organizationRole: fc.constantFrom('viewer', 'member', 'admin'),
    seat: fc.constantFrom('none', 'viewer', 'full'),
  })
  .map((more) => person(more));

const place = fc.option(
  fc.record({ ownRole: fc.option(teamRole, { nil: undefined }), isInvited: fc.boolean() }),
  { nil: undefined },
);

const factsOf = (projectId: string): fc.Arbitrary<Omit<AccessFacts, 'subject'>> =>
  fc.record({
    organizationId: fc.constant(ORGANIZATION),
    team: fc.record({ id: fc.constant(TEAM), name: fc.constant('models'), mayMembersInvite: fc.boolean() }),
    membership: fc.option(
      fc
        .tuple(teamRole, fc.boolean())
        .map(([role, isRegistryAdmin]) => membership(role, { isRegistryAdmin })),
      { nil: undefined },
    ),
    project: fc
      .record({
        visibility: fc.constantFrom('open', 'public', 'team', 'restricted'),
        ownerId: fc.constantFrom(SUBJECT, SOMEBODY),
      })
      .map((more) => project({ id: projectId, ...more })),
    place,
    hasCustomRole: fc.boolean(),
  });

const request: fc.Arbitrary<AccessRequest> = fc.constantFrom(...ACTION_NAMES).chain((action) =>
  fc.record({
    subject: fc.constant({ type: 'user' as const, id: SUBJECT }),
    action: fc.constant(action),
    resource: fc.record({
      type: fc.constantFrom(...resourceTypesOf(action)),
      id: fc.constantFrom(ORGANIZATION, 'system', PROJECT, 'x'),
      createdBy: fc.constantFrom(SUBJECT, SOMEBODY),
      project: fc.constant(PROJECT),
      team: fc.constant(TEAM),
      targetProject: fc.constant(TARGET),
    }),
  }),
);

const scene = fc.record({
  request,
  subject: subjectFacts,
  source: factsOf(PROJECT),
  target: factsOf(TARGET),
  policy: fc.record({ mayMembersCreateTeams: fc.boolean() }),
});

type Scene = typeof scene extends fc.Arbitrary<infer T> ? T : never;

const isAllowed = ({ request: asked, subject, source, target, policy }: Scene): boolean =>
  decide(asked, { ...source, subject }, policy, { ...target, subject }).isAllowed;

/** What is allowed stays allowed when the scene changes so. */
function keepsYes(change: (before: Scene) => Scene | undefined): void {
  fc.assert(
    fc.property(scene, (before) => {
      fc.pre(isAllowed(before));
      const after = change(before);
      if (after && !isAllowed(after)) throw new Error(`a yes became a no: ${JSON.stringify(after)}`);
    }),
    { numRuns: 3_000, maxSkipsPerRun: 1_000 },
  );
}

const RANKS = [ROLES.viewer, ROLES.member, ROLES.admin] as const;

/** A role that has more: the next predefined one, a custom one from a higher base, or admin where it has all that. */
function raised(role: RoleFacts): RoleFacts {
  if (role.kind === 'custom') {
    if (role.inheritedFrom === 'viewer') return { ...role, inheritedFrom: 'member' };
    // Protected aliases are the registry admins', not the team admins' (decisions 7).
    return role.permissions.includes('registry:manage_protected_aliases') ? role : ROLES.admin;
  }
  const rank = RANKS.findIndex(({ name }) => name === role.name);
  return RANKS[Math.min(rank + 1, RANKS.length - 1)] ?? role;
}

const withTeamRole = (before: Scene, change: (role: RoleFacts) => RoleFacts): Scene | undefined => {
  const { membership: member } = before.source;
  if (!member || (member.role.kind === 'predefined' && member.role.name === 'service')) return undefined;
  return { ...before, source: { ...before.source, membership: { ...member, role: change(member.role) } } };
};

describe('access decisions: a yes stays a yes', () => {
  it('when the team role is raised (roles are monotone)', () => {
    keepsYes((before) => withTeamRole(before, raised));
  });

  it('when the role in the project is raised', () => {
    keepsYes((before) => {
      const here = before.source.place;
      if (!here?.ownRole) return undefined;
      return { ...before, source: { ...before.source, place: { ...here, ownRole: raised(here.ownRole) } } };
    });
  });

  it.each(ADDABLE_PERMISSIONS)('when a custom role gets %s', (permission) => {
    fc.assert(
      fc.property(scene, (before) => {
        fc.pre(before.source.membership?.role.kind === 'custom' && isAllowed(before));
        const after = withTeamRole(before, (role) =>
          role.kind === 'custom' ? { ...role, permissions: [...role.permissions, permission] } : role,
        );
        return after === undefined || isAllowed(after);
      }),
      { numRuns: 100, maxSkipsPerRun: 1_000 },
    );
  });

  it('when a View-Only member gets a custom role made from it', () => {
    keepsYes((before) =>
      withTeamRole(before, (role) => (role.name === 'viewer' ? custom('viewer', 'run:stop') : role)),
    );
  });

  it('when the organization role is raised', () => {
    keepsYes((before) => ({
      ...before,
      subject: {
        ...before.subject,
        organizationRole: before.subject.organizationRole === 'viewer' ? 'member' : 'admin',
      },
    }));
  });

  it('when the seat becomes a fuller one', () => {
    keepsYes((before) => ({
      ...before,
      subject: { ...before.subject, seat: before.subject.seat === 'none' ? 'viewer' : 'full' },
    }));
  });

  it('when the subject becomes a registry admin, is invited, or becomes the owner', () => {
    keepsYes(({ source, ...before }) => ({
      ...before,
      source: {
        ...source,
        ...(source.membership ? { membership: { ...source.membership, isRegistryAdmin: true } } : {}),
        ...(source.project ? { project: { ...source.project, ownerId: SUBJECT } } : {}),
        place: { ownRole: source.place?.ownRole, isInvited: true },
      },
    }));
  });

  it('when a restricted project opens to its team (restricted visibility never widens)', () => {
    keepsYes(({ source, ...before }) =>
      source.project?.visibility === 'restricted'
        ? { ...before, source: { ...source, project: { ...source.project, visibility: 'team' } } }
        : undefined,
    );
  });

  it('when a public project becomes open', () => {
    keepsYes(({ source, ...before }) =>
      source.project?.visibility === 'public'
        ? { ...before, source: { ...source, project: { ...source.project, visibility: 'open' } } }
        : undefined,
    );
  });
});

describe('access decisions: a no stays a no', () => {
  it('when the subject is deactivated, for every question', () => {
    fc.assert(
      fc.property(
        scene,
        (before) => !isAllowed({ ...before, subject: { ...before.subject, isActive: false } }),
      ),
    );
  });

  it('outside the team in a restricted or team project, whatever else is kept of the person there', () => {
    fc.assert(
      fc.property(scene, fc.constantFrom('team', 'restricted'), ({ source, ...before }, visibility) => {
        fc.pre(before.subject.accountType !== 'ORG_SERVICE' && before.subject.organizationRole !== 'admin');
        fc.pre(source.project !== undefined && !/^(organization|team|role):/.test(before.request.action));
        const outside = {
          ...before,
          policy: { mayMembersCreateTeams: false },
          source: {
            ...source,
            membership: undefined,
            project: { ...project(), ...source.project, visibility },
          },
        } as Scene;
        return !isAllowed(outside);
      }),
    );
  });
});
