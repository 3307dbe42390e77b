import { decideMemberships, decideOrganizationRole } from '../mapping-rules/decide-roles.js';
import type { Stores } from '../unit-of-work.js';
import type { SeatLimits } from '../users/user-service.js';
import type { OrganizationRole } from '../users/user.js';
import type { AssertedIdentity } from './asserted-identity.js';
import { decideSignOn, type LinkReason, type SignOnDecision } from './decide-sign-on.js';
import { gatherFacts, type SignOnSwitches } from './gather-facts.js';
import { planGroups } from './plan-groups.js';
import { REFUSAL_ADVICE } from './refusal-advice.js';
import type { SignOnFacts } from './sign-on-facts.js';
import type { RefusalReason } from './sign-on-outcome.js';
import { readSignOnPerson } from './sign-on-person.js';

/** What a sign-in would do, for the admin who tests a connection. */
export interface SignOnPreview {
  readonly outcome: 'sign_in' | 'link' | 'restore' | 'create' | 'refuse';
  /** Why an account may be linked. */
  readonly because: LinkReason | 'invited' | undefined;
  readonly reason: RefusalReason | undefined;
  /** How a refusal can be mended, as a sentence for the admin. */
  readonly advice: string | undefined;
  /** The member of the assertion that cannot be accepted. */
  readonly invalidMember: 'subject' | 'userName' | 'email' | undefined;
  /** The account that would sign in, or that is in question. */
  readonly userId: string | undefined;
  /** The userName of the account that would be made. */
  readonly newUserName: string | undefined;
  /** The organization role that the person would have. */
  readonly organizationRole: OrganizationRole | undefined;
  /** Undefined when the identity provider said nothing of groups. */
  readonly teams: TeamsPreview | undefined;
}

export interface TeamsPreview {
  readonly joins: readonly TeamRolePreview[];
  readonly changes: readonly TeamRolePreview[];
  readonly leaves: readonly string[];
  /** Groups that neither a team is named after nor a rule speaks of. */
  readonly ignoredGroups: readonly string[];
}

export interface TeamRolePreview {
  readonly teamId: string;
  readonly role: string;
}

const NOTHING: Omit<SignOnPreview, 'outcome'> = {
  because: undefined,
  reason: undefined,
  advice: undefined,
  invalidMember: undefined,
  userId: undefined,
  newUserName: undefined,
  organizationRole: undefined,
  teams: undefined,
};

const refused = (reason: RefusalReason, more: Partial<SignOnPreview> = {}): SignOnPreview => ({
  ...NOTHING,
  outcome: 'refuse',
  reason,
  advice: REFUSAL_ADVICE[reason],
  ...more,
});

/** Works out what would happen, reading only. A disabled connection is tried as if it were enabled. */
export async function previewSignOn(
  stores: Stores,
  asserted: AssertedIdentity,
  switches: SignOnSwitches,
  seatLimits: SeatLimits,
): Promise<SignOnPreview> {
  const { organizationId, id } = asserted.ssoConnection;
  const person = readSignOnPerson(asserted);
  if (!person.ok) return refused('invalid_identity', { invalidMember: person.error });
  const facts = await gatherFacts(stores, organizationId, id, person.value, switches);
  if (!facts) return refused('connection_disabled');
  const decision = decideSignOn(facts);
  if (decision.kind === 'refuse') return refused(decision.reason, { userId: decision.account?.id });
  if (decision.kind === 'create' && (await isFull(stores, organizationId, seatLimits)))
    return refused('seat_limit_reached');
  return {
    ...NOTHING,
    outcome: decision.kind,
    ...(decision.kind === 'create'
      ? { newUserName: decision.userName, because: decision.isInvited ? ('invited' as const) : undefined }
      : { userId: decision.account.id }),
    ...('because' in decision ? { because: decision.because } : {}),
    ...(await previewGroups(stores, facts, decision, switches)),
  };
}

/** A new person takes a full seat. */
async function isFull(stores: Stores, organizationId: string, { full }: SeatLimits): Promise<boolean> {
  if (full === undefined) return false;
  const nobody = '00000000-0000-0000-0000-000000000000';
  return (await stores.users.countSeats(organizationId, 'full', nobody)) >= full;
}

async function previewGroups(
  stores: Stores,
  facts: SignOnFacts,
  decision: Exclude<SignOnDecision, { readonly kind: 'refuse' }>,
  { takesGroupClaims }: SignOnSwitches,
): Promise<Pick<SignOnPreview, 'organizationRole' | 'teams'>> {
  const { connection, person } = facts;
  const { organizationId, id: ssoConnectionId } = connection;
  const account = decision.kind === 'create' ? undefined : decision.account;
  const current = account?.organizationRole ?? connection.defaultRole;
  if (!person.groups) return { organizationRole: current, teams: undefined };
  const plan = await planGroups(stores, { organizationId, ssoConnectionId }, person.groups, takesGroupClaims);
  const isFixed = account !== undefined && (account.isManagedByScim || account.isProtected);
  const { role } = decideOrganizationRole({
    current,
    mappedNow: plan.organizationGrant?.role,
    mappedBefore: await stores.signOn.findMappedRole(organizationId, ssoConnectionId, person.subject),
    defaultRole: connection.defaultRole,
  });
  const memberships = account ? await stores.signOn.listMemberships(organizationId, account.id) : [];
  const changes = decideMemberships(memberships, plan.teams, ssoConnectionId);
  return {
    organizationRole: isFixed ? current : (role ?? current),
    teams: {
      joins: changes.add.map(({ teamId, role: teamRole }) => ({ teamId, role: teamRole })),
      changes: changes.change.map(({ teamId, role: teamRole }) => ({ teamId, role: teamRole })),
      leaves: changes.removeTeamIds,
      ignoredGroups: plan.ignored,
    },
  };
}
