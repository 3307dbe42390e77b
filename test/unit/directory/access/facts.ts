import type {
  AccessFacts,
  MembershipFacts,
  ProjectFacts,
  RoleFacts,
  SubjectFacts,
} from '../../../../src/directory/access/access-facts.js';
import type {
  AccessRequest,
  ActionName,
  ResourceReference,
} from '../../../../src/directory/access/access-request.js';
import { decide, type AccessPolicy } from '../../../../src/directory/access/decide.js';
import type { Decision } from '../../../../src/directory/access/decision.js';

const id = (digit: number): string => `00000000-0000-7000-8000-00000000000${digit}`;

export const ORGANIZATION = id(1);
export const SUBJECT = id(2);
export const TEAM = id(3);
export const PROJECT = id(4);
export const TARGET = id(5);
export const SOMEBODY = id(6);

export const ROLES = {
  admin: { kind: 'predefined', name: 'admin' },
  member: { kind: 'predefined', name: 'member' },
  viewer: { kind: 'predefined', name: 'viewer' },
  service: { kind: 'predefined', name: 'service' },
} as const satisfies Record<string, RoleFacts>;

export const custom = (inheritedFrom: 'member' | 'viewer', ...permissions: readonly string[]): RoleFacts => ({
  kind: 'custom',
  name: 'made to measure',
  inheritedFrom,
  permissions,
});

export const person = (more: Partial<SubjectFacts> = {}): SubjectFacts => ({
  id: SUBJECT,
  userNameKey: 'ada@example.com',
  accountType: 'USER',
  isActive: true,
  isRemoved: false,
  organizationRole: 'member',
  organizationRoleSince: '2025-11-03T09:00:00.000Z',
  organizationRoleRuleId: undefined,
  seat: 'full',
  ...more,
});

export const membership = (role: RoleFacts, more: Partial<MembershipFacts> = {}): MembershipFacts => ({
  role,
  isRegistryAdmin: false,
  since: '2026-01-15T09:00:00.000Z',
  isRoleMapped: false,
  mappingRuleId: undefined,
  ssoConnectionId: undefined,
  ...more,
});

export const project = (more: Partial<ProjectFacts> = {}): ProjectFacts => ({
  id: PROJECT,
  name: 'weather',
  teamId: TEAM,
  visibility: 'team',
  ownerId: SOMEBODY,
  ...more,
});

/** A member of the team who asks about a project of the team, unless said otherwise. */
export const facts = (more: Partial<AccessFacts> = {}): AccessFacts => ({
  organizationId: ORGANIZATION,
  subject: person(),
  team: { id: TEAM, name: 'models', mayMembersInvite: false },
  membership: membership(ROLES.member),
  project: project(),
  place: undefined,
  hasCustomRole: false,
  ...more,
});

/** The usual resource of an action: its own type, in the project or the team. */
export function resourceOf(action: ActionName, more: Partial<ResourceReference> = {}): ResourceReference {
  const type = action.slice(0, action.indexOf(':'));
  switch (type) {
    case 'team':
      return { type, id: TEAM, ...more };
    case 'project':
      return action === 'project:create'
        ? { type: 'team', id: TEAM, ...more }
        : { type, id: PROJECT, ...more };
    case 'registry':
    case 'launchagent':
      return { type, id: 'r', team: TEAM, ...more };
    case 'organization':
    case 'role':
      return { type: 'organization', id: ORGANIZATION, ...more };
    case 'connection':
    case 'sso':
    case 'audit':
    case 'system':
      return { type: 'system', id: 'system', ...more };
    default:
      return { type: type as ResourceReference['type'], id: 'x', project: PROJECT, ...more };
  }
}

export const ask = (action: ActionName, more: Partial<ResourceReference> = {}): AccessRequest => ({
  subject: { type: 'user', id: SUBJECT },
  action,
  resource: resourceOf(action, { ...(action === 'run:move' ? { targetProject: TARGET } : {}), ...more }),
});

/** A project of the same team that the subject is a member of, to move runs to. */
export const target = (more: Partial<AccessFacts> = {}): AccessFacts =>
  facts({ project: project({ id: TARGET }), ...more });

export const POLICY: AccessPolicy = { mayMembersCreateTeams: false };

export const decided = (
  action: ActionName,
  at: Partial<AccessFacts>,
  resource: Partial<ResourceReference> = {},
): Decision => decide(ask(action, resource), facts(at), POLICY, target());
