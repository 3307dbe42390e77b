import { foldCase } from '../../kernel/fold.js';
import { isUuid } from '../../kernel/ids.js';
import {
  isOrganizationPermission,
  isPermission,
  isSeeing,
  organizationPermissions,
  permissionEntry,
  VISIBILITY_GRANTS,
  type Permission,
} from '../../permissions/index.js';
import { hasProjectRoles } from '../projects/project-role-rules.js';
import type {
  AccessFacts,
  Membership,
  ProjectFacts,
  RoleFacts,
  SubjectFacts,
  TeamFacts,
} from './access-facts.js';
import type { AccessRequest } from './access-request.js';
import { makesNew, placeKindOf } from './actions.js';
import type { Decision } from './decision.js';
import { allow, deny, type Scene } from './reasons.js';
import { capRole, hasNoSeat, isMemberAtLeast, isViewOnlyAccount, rolesWith, scopeOf } from './role-scope.js';

/** What the installation allows beyond the roles. */
export interface AccessPolicy {
  /** Whether members of the organization may create teams. */
  readonly mayMembersCreateTeams: boolean;
}

/**
 * Decides one question from the facts, which are of its subject and place. What nothing allows is denied.
 * @param target - facts of the same subject at the project a run is to be moved to
 */
export function decide(
  request: AccessRequest,
  facts: AccessFacts,
  policy: AccessPolicy,
  target?: AccessFacts,
): Decision {
  const { subject } = facts;
  if (subject === 'unknown') return deny('subject_unknown', { request });
  if (subject === 'ambiguous') return deny('subject_ambiguous', { request });
  if (subject.isRemoved) return deny('subject_removed', { request });
  if (!subject.isActive) return deny('subject_deactivated', { request });
  switch (placeKindOf(request.action)) {
    case 'organization':
      return decideInOrganization(request, facts, subject, policy);
    case 'team':
      return decideInTeam(request, facts, subject);
    case 'project':
      return request.action === 'run:move'
        ? decideMove(request, facts, subject, policy, target)
        : decideInProject(request, facts, subject);
  }
}

function decideInOrganization(
  request: AccessRequest,
  facts: AccessFacts,
  subject: SubjectFacts,
  policy: AccessPolicy,
): Decision {
  const { action, resource } = request;
  const scene: Scene = { request };
  if (resource.type === 'organization' && resource.id !== facts.organizationId)
    return deny('resource_unknown', scene);
  if (resource.type === 'system' && resource.id !== 'system' && resource.id !== facts.organizationId)
    return deny('resource_unknown', scene);
  if (resource.type === 'role' && !makesNew(action) && !facts.hasCustomRole)
    return deny('resource_unknown', scene);
  if (hasOrganizationPermission(subject, action))
    return allow('organization_role', { ...scene, ...organizationRoleOf(subject) });
  if (action === 'team:create' && policy.mayMembersCreateTeams && subject.organizationRole === 'member')
    return allow('installation_setting', { ...scene, ...organizationRoleOf(subject) });
  return deny('permission_missing', { ...scene, ...organizationRoleOf(subject), neededRoles: ['admin'] });
}

const organizationRoleOf = (subject: SubjectFacts): Pick<Scene, 'role' | 'organizationRole'> => ({
  role: subject.organizationRole,
  organizationRole: { since: subject.organizationRoleSince, ruleId: subject.organizationRoleRuleId },
});

const hasOrganizationPermission = (subject: SubjectFacts, action: string): boolean =>
  isOrganizationPermission(action) && organizationPermissions(subject.organizationRole).includes(action);

function decideInTeam(request: AccessRequest, facts: AccessFacts, subject: SubjectFacts): Decision {
  const { action } = request;
  const { team } = facts;
  if (!team) return deny('resource_unknown', { request });
  const scene: Scene = { request, team };
  if (hasOrganizationPermission(subject, action))
    return allow('organization_role', { ...scene, ...organizationRoleOf(subject) });
  if (!isPermission(action))
    return deny('permission_missing', { ...scene, ...organizationRoleOf(subject), neededRoles: ['admin'] });
  const membership = membershipOf(facts, subject);
  if (!membership) return deny('not_a_member', { ...scene, neededRoles: rolesWith(action) });
  const role = capRole(subject, membership.role);
  if (!role) return deny('no_seat', { ...scene, membership });
  const held: Scene = { ...scene, membership, role: role.name };
  if (scopeOf(role, action) === 'any') return allow('team_role', { ...held, scope: 'any' });
  if (
    membership.isRegistryAdmin &&
    !isViewOnlyAccount(subject) &&
    permissionEntry(action).registryAdmin === 'any'
  )
    return allow('registry_admin', { ...held, scope: 'any' });
  if (mayInvite(action, team, subject, role)) return allow('team_setting', { ...held, scope: 'any' });
  return denyRole(action, held, subject, membership.role);
}

/** The team's setting lets its members invite: people, not service accounts. */
const mayInvite = (action: Permission, team: TeamFacts, subject: SubjectFacts, role: RoleFacts): boolean =>
  permissionEntry(action).alsoFor === 'team_allows_invitations' &&
  team.mayMembersInvite &&
  subject.accountType === 'USER' &&
  isMemberAtLeast(role);

/** A service account of the organization is in every team without being a member of it. */
function membershipOf({ membership }: AccessFacts, subject: SubjectFacts): Membership | undefined {
  if (membership) return membership;
  return subject.accountType === 'ORG_SERVICE' ? { role: SERVICE, isRegistryAdmin: false } : undefined;
}

const SERVICE: RoleFacts = { kind: 'predefined', name: 'service' };

function decideMove(
  request: AccessRequest,
  facts: AccessFacts,
  subject: SubjectFacts,
  policy: AccessPolicy,
  target: AccessFacts | undefined,
): Decision {
  const source = decideInProject(request, facts, subject);
  if (!source.isAllowed) return source;
  const scene: Scene = {
    request,
    ...(facts.team ? { team: facts.team } : {}),
    ...(facts.project ? { project: facts.project } : {}),
  };
  if (facts.project?.visibility === 'restricted') return deny('restricted_source', scene);
  const { targetProject } = request.resource;
  if (!target || targetProject === undefined) return deny('target_denied', scene);
  const submission = decide(
    { ...request, action: 'run:create', resource: { type: 'project', id: targetProject } },
    target,
    policy,
  );
  return submission.isAllowed ? source : deny('target_denied', { ...scene, because: submission.reason });
}

function decideInProject(request: AccessRequest, facts: AccessFacts, subject: SubjectFacts): Decision {
  const { action, resource } = request;
  const { team, project } = facts;
  if (!team || !project || !isPermission(action)) return deny('resource_unknown', { request });
  if (resource.team !== undefined && resource.team !== team.id) return deny('resource_mismatch', { request });
  const scene: Scene = { request, team, project };
  const membership = membershipOf(facts, subject);
  const byRole = decideByRole(request, action, { facts, subject, project, scene, membership });
  if (byRole.isAllowed) return byRole;
  return decideByVisibility(request, action, subject, scene) ?? byRole;
}

interface ProjectScene {
  readonly facts: AccessFacts;
  readonly subject: SubjectFacts;
  readonly project: ProjectFacts;
  readonly scene: Scene;
  readonly membership: Membership | undefined;
}

function decideByRole(request: AccessRequest, action: Permission, at: ProjectScene): Decision {
  const { facts, subject, project, scene, membership } = at;
  if (!membership) return deny('not_a_member', { ...scene, neededRoles: rolesWith(action) });
  const teamRole = capRole(subject, membership.role);
  if (!teamRole) return deny('no_seat', { ...scene, membership });
  const inTeam: Scene = { ...scene, membership, role: teamRole.name };
  // Team admins look after every project of the team, also those they are not in.
  const isAdministration = permissionEntry(action).alsoFor === 'project_owner';
  if (isAdministration && teamRole.kind === 'predefined' && teamRole.name === 'admin')
    return allow('team_role', { ...inTeam, scope: 'any' });
  if (project.visibility === 'restricted' && facts.place?.isInvited !== true)
    return deny('not_invited', inTeam);
  const ownRole = ownRoleIn(facts, project, teamRole);
  const role = ownRole ?? teamRole;
  const held: Scene = { ...inTeam, role: role.name };
  const scope = scopeOf(role, action);
  const isOwn = scope === 'own' && isCreatedBy(request, subject, project);
  if (scope === 'any' || isOwn)
    return allow(ownRole ? 'project_role' : 'team_role', { ...held, scope: isOwn ? 'own' : 'any' });
  if (isAdministration && project.ownerId === subject.id && isMemberAtLeast(role))
    return allow('project_owner', { ...held, scope: 'own' });
  return denyRole(action, held, subject, ownRole ?? membership.role);
}

/** A role of the member's own in the project; a View-Only team role hides it, and a service account has none. */
function ownRoleIn(facts: AccessFacts, project: ProjectFacts, teamRole: RoleFacts): RoleFacts | undefined {
  if (!hasProjectRoles(project.visibility)) return undefined;
  if (teamRole.kind === 'predefined' && (teamRole.name === 'viewer' || teamRole.name === 'service'))
    return undefined;
  return facts.place?.ownRole;
}

function decideByVisibility(
  request: AccessRequest,
  action: Permission,
  subject: SubjectFacts,
  scene: Scene,
): Decision | undefined {
  const { project } = scene;
  const scope = project && VISIBILITY_GRANTS[project.visibility][action];
  if (!project || scope === undefined) return undefined;
  if (!isSeeing(action) && (hasNoSeat(subject) || isViewOnlyAccount(subject))) return undefined;
  if (scope === 'own' && !isCreatedBy(request, subject, project)) return undefined;
  return allow('visibility', { ...scene, scope });
}

/** Whether the subject made the resource. Of a project, it is the owner who counts, not what the application says. */
function isCreatedBy(request: AccessRequest, subject: SubjectFacts, project: ProjectFacts): boolean {
  const { resource } = request;
  if (resource.type === 'project')
    return request.action === 'project:update' && project.ownerId === subject.id;
  const { createdBy } = resource;
  if (createdBy === undefined) return false;
  if (createdBy === subject.id || createdBy === request.subject.id) return true;
  // What has the form of an id is one: a userName that looks like another account's id must not pass for it.
  if (isUuid(createdBy)) return false;
  const key = foldCase(createdBy);
  return key === subject.userNameKey || key === foldCase(request.subject.id);
}

/** Says what of seat, creator or role stands in the way. */
function denyRole(action: Permission, held: Scene, subject: SubjectFacts, uncapped: RoleFacts): Decision {
  const neededRoles = rolesWith(action);
  if (isViewOnlyAccount(subject) && scopeOf(uncapped, action) !== 'none')
    return deny('view_only', { ...held, subject });
  if (scopeOf(uncapped, action) === 'own') return deny('not_the_creator', { ...held, neededRoles });
  return deny('permission_missing', { ...held, neededRoles });
}
