import type { AccessRequest } from './access-request.js';
import type { Membership, ProjectFacts, SubjectFacts, TeamFacts } from './access-facts.js';
import type { Instant } from '../../kernel/clock.js';
import type { Decision, DENIAL_CODES, GRANT_CODES } from './decision.js';

type GrantCode = (typeof GRANT_CODES)[number];
type DenialCode = (typeof DENIAL_CODES)[number];

/** What a decision was made of, as far as it is worth telling. */
export interface Scene {
  readonly request: AccessRequest;
  readonly subject?: SubjectFacts;
  readonly team?: TeamFacts;
  readonly project?: ProjectFacts;
  readonly membership?: Membership;
  readonly role?: string;
  /** Where the role is that of the organization. */
  readonly organizationRole?: { readonly since: Instant; readonly ruleId: string | undefined };
  readonly scope?: 'own' | 'any';
  readonly neededRoles?: readonly string[];
  readonly because?: string;
}

export const allow = (code: GrantCode, scene: Scene): Decision => ({
  isAllowed: true,
  code,
  reason: grantSentence(code, scene),
  ...detailsOf(scene),
});

export const deny = (code: DenialCode, scene: Scene): Decision => ({
  isAllowed: false,
  code,
  reason: denialSentence(code, scene),
  ...detailsOf(scene),
});

function detailsOf({ team, project, membership, ...scene }: Scene): Partial<Decision> {
  const { role, organizationRole, scope, neededRoles } = scene;
  const since = organizationRole?.since ?? membership?.since;
  const mappingRule = organizationRole ? organizationRole.ruleId : membership?.mappingRuleId;
  const isRoleMapped = organizationRole ? mappingRule !== undefined : membership?.isRoleMapped === true;
  return {
    ...(role === undefined ? {} : { role }),
    ...(scope === undefined ? {} : { scope }),
    ...(team ? { team: team.id } : {}),
    ...(project ? { project: project.id, visibility: project.visibility } : {}),
    ...(since === undefined ? {} : { since }),
    ...(isRoleMapped ? { isRoleMapped } : {}),
    ...(mappingRule === undefined ? {} : { mappingRule }),
    ...(membership?.ssoConnectionId === undefined ? {} : { ssoConnection: membership.ssoConnectionId }),
    ...(neededRoles && neededRoles.length > 0 ? { neededRoles } : {}),
  };
}

function grantSentence(code: GrantCode, scene: Scene): string {
  const { request, role } = scene;
  const what = scene.scope === 'own' ? `${request.action} for what the subject created` : request.action;
  switch (code) {
    case 'team_role':
      return `The role ${role} in ${teamOf(scene)} gives ${what}${membershipOf(scene)}.`;
    case 'project_role':
      return `The role ${role} in ${projectOf(scene)} gives ${what}${membershipOf(scene)}.`;
    case 'project_owner':
      return `The subject owns ${projectOf(scene)} and is a member of its team${membershipOf(scene)}.`;
    case 'registry_admin':
      return `The subject is a registry admin of ${teamOf(scene)}${membershipOf(scene)}.`;
    case 'team_setting':
      return `The settings of ${teamOf(scene)} let its members invite${membershipOf(scene)}.`;
    case 'visibility':
      return `${capitalised(projectOf(scene))} is ${scene.project?.visibility ?? ''}: every active account of the organization has ${what}.`;
    case 'organization_role':
      return `The organization role ${role} gives ${what}${heldSince(scene)}.`;
    case 'installation_setting':
      return 'This installation lets members of the organization create teams.';
  }
}

function denialSentence(code: DenialCode, scene: Scene): string {
  const { request, role } = scene;
  const { action, resource } = request;
  switch (code) {
    case 'subject_unknown':
      return `There is no such ${request.subject.type} in the organization.`;
    case 'subject_ambiguous':
      return 'More than one account has this e-mail address; name the subject by its id or userName.';
    case 'subject_deactivated':
      return 'The subject is deactivated.';
    case 'subject_removed':
      return 'The subject has been removed.';
    case 'resource_unknown':
      return `There is no such ${resource.type} in the organization, or what it is in has been archived.`;
    case 'resource_mismatch':
      return 'The project is not in the team that the question names.';
    case 'not_a_member':
      return `The subject is not a member of ${teamOf(scene)}.`;
    case 'not_invited':
      return `${capitalised(projectOf(scene))} is restricted and the subject is not invited to it.`;
    case 'no_seat':
      return 'The subject has no seat, and so no role in any team.';
    case 'view_only':
      return scene.subject?.seat === 'viewer'
        ? `The subject has a viewer seat, which makes every role View-Only; ${action} needs a full one.`
        : `The subject is a viewer in the organization, which makes every role View-Only; ${action} needs more.`;
    case 'not_the_creator':
      return `The role ${role} in ${placeOf(scene)} gives ${action} only for what the subject created.`;
    case 'permission_missing':
      return scene.team && scene.membership
        ? `The role ${role} in ${placeOf(scene)} does not give ${action}.`
        : `The organization role ${role} does not give ${action}${heldSince(scene)}.`;
    case 'restricted_source':
      return `Runs cannot be moved out of ${projectOf(scene)}, which is restricted.`;
    case 'target_denied':
      return `The run cannot be moved there: ${scene.because ?? 'no target project is named.'}`;
  }
}

const teamOf = ({ team }: Scene): string => `team "${team?.name ?? ''}"`;
const projectOf = ({ project }: Scene): string => `project "${project?.name ?? ''}"`;
const placeOf = (scene: Scene): string => (scene.project ? projectOf(scene) : teamOf(scene));
const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

function heldSince({ organizationRole }: Scene): string {
  if (!organizationRole) return '';
  const mapped = organizationRole.ruleId === undefined ? '' : '; a mapping rule gave it';
  return ` (held since ${organizationRole.since.slice(0, 10)}${mapped})`;
}

/** How and since when the subject is in the team, where a membership is kept. */
function membershipOf({ membership }: Scene): string {
  if (membership?.since === undefined) return '';
  const through = membership.ssoConnectionId === undefined ? '' : ', through the group claims of its sign-on';
  const mapped = membership.isRoleMapped === true ? '; a mapping rule gave the role' : '';
  return ` (in the team since ${membership.since.slice(0, 10)}${through}${mapped})`;
}
