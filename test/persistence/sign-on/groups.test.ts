import { beforeEach, describe, expect, it } from '@jest/globals';
import { ROLLCALL_USER_URN } from '../../../src/directory/schema/index.js';
import type { MappingRuleDraft } from '../../../src/directory/mapping-rules/mapping-rule.js';
import { LIMITS } from '../../../src/kernel/limits.js';
import type { TestOrganization } from '../../support/server.js';
import { AuditTrail } from '../support/audit-trail.js';
import { IdentityProvider } from '../support/sign-on.js';
import { useServer } from '../support/use-server.js';

const server = useServer({ env: { ENABLE_SSO_GROUP_CLAIMS: 'true' } });
const plain = useServer();
let organization: TestOrganization;
let provider: IdentityProvider;

beforeEach(async () => {
  organization = await server().organization();
  provider = await IdentityProvider.create(server(), organization);
});

const claims = { subject: 'a', userName: 'ada' };

async function team(displayName: string, members: readonly string[] = []): Promise<string> {
  const { body } = await organization.scim.post('/Groups', {
    displayName,
    members: members.map((value) => ({ value })),
  });
  return String(body.id);
}

const rule = (draft: Partial<MappingRuleDraft>, on = server(), at = provider) =>
  on.services.mappingRules.create(at.context, {
    source: { kind: 'sso_connection', id: at.connection.id },
    groupName: 'group',
    match: 'exact',
    organizationRole: undefined,
    team: undefined,
    ...draft,
  });

const signIn = async (groups: readonly string[] | undefined, more: object = {}) => {
  const outcome = await provider.signIn({ ...claims, ...more, groups });
  if (outcome.kind !== 'signed_in') throw new Error(outcome.reason);
  return outcome;
};

/** What is decided by the organization role alone. */
async function mayCreateTeams(id: string) {
  const organizationId = organization.id;
  const [decision] = await server().services.access.evaluate({ organizationId, apiKeyId: undefined }, [
    {
      subject: { type: 'user', id },
      action: 'team:create',
      resource: { type: 'organization', id: organizationId },
    },
  ]);
  return decision;
}

interface Shown {
  readonly role: string;
  readonly teams: Readonly<Record<string, string>>;
}

async function shown(id: string, { scim } = organization): Promise<Shown> {
  const { body } = await scim.get(`/Users/${id}`);
  const extension = body[ROLLCALL_USER_URN] as {
    organizationRole: string;
    teamRoles?: { teamName: string; roleName: string }[];
  };
  const entries = (extension.teamRoles ?? []).map(({ teamName, roleName }) => [teamName, roleName]);
  return { role: extension.organizationRole, teams: Object.fromEntries(entries) as Record<string, string> };
}

describe('group claims with ENABLE_SSO_GROUP_CLAIMS=true (product decision)', () => {
  it('are the full list of the teams that sign-ins made: added, and taken away when absent', async () => {
    await team('red');
    await team('blue');
    const { userId } = await signIn(['RED', 'unknown']);
    expect(await shown(userId)).toMatchObject({ teams: { red: 'member' } });
    await signIn(['blue']);
    expect(await shown(userId)).toMatchObject({ teams: { blue: 'member' } });
    await signIn([]);
    expect(await shown(userId)).toMatchObject({ teams: {} });
  });

  it('that are not there say nothing', async () => {
    await team('red');
    const { userId } = await signIn(['red']);
    await signIn(undefined);
    await signIn(Array.from({ length: LIMITS.groupsPerSignIn + 1 }, (_, index) => `g${index}`));
    expect(await shown(userId)).toMatchObject({ teams: { red: 'member' } });
  });

  it('never take away what was given elsewhere', async () => {
    const { userId } = await signIn([]);
    const red = await team('red', [userId]);
    await signIn([]);
    expect(await shown(userId)).toMatchObject({ teams: { red: 'member' } });
    await organization.scim.operations(`/Users/${userId}`, {
      op: 'add',
      path: `${ROLLCALL_USER_URN}:teamRoles`,
      value: [{ teamId: red, roleName: 'admin' }],
    });
    await signIn(['red']);
    await signIn([]);
    expect(await shown(userId)).toMatchObject({ teams: { red: 'admin' } });
  });

  it('of one connection do not take away those of another', async () => {
    await team('red');
    await team('blue');
    const { userId } = await signIn(['red']);
    const other = await IdentityProvider.create(server(), organization);
    const { identities } = server().services.unitOfWork.stores;
    await identities.link(organization.context, {
      ssoConnectionId: other.connection.id,
      subject: 'o',
      userId,
    });
    await other.signIn({ subject: 'o', groups: ['blue'] });
    expect(await shown(userId)).toMatchObject({ teams: { red: 'member', blue: 'member' } });
  });

  it('raise the version of a team that gains or loses a member, and are one audit event', async () => {
    const red = await team('red');
    const { userId } = await signIn([]);
    const version = async () => (await organization.scim.get(`/Groups/${red}`)).headers.get('etag');
    const before = await version();
    const trail = await AuditTrail.start(server(), organization.id);
    await signIn(['red']);
    expect(await version()).not.toBe(before);
    expect(await trail.news()).toMatchObject([
      { action: 'user:apply_groups', targetId: userId, after: { added: [{ teamId: red, role: 'member' }] } },
      { action: 'user:login' },
    ]);
  });

  it('leave the names that mean nothing to the log', async () => {
    await team('red');
    const outcome = await signIn(['red', 'unknown']);
    expect(outcome.ignoredGroups).toEqual(['unknown']);
  });

  it('do not put anybody into an archived team', async () => {
    const red = await team('red');
    await organization.scim.delete(`/Groups/${red}`);
    const { userId, ignoredGroups } = await signIn(['red']);
    expect(ignoredGroups).toEqual(['red']);
    expect(await shown(userId)).toMatchObject({ teams: {} });
  });

  it('without the switch mean nothing but what rules say', async () => {
    organization = await plain().organization();
    provider = await IdentityProvider.create(plain(), organization);
    await team('red');
    const blue = await team('blue');
    await rule(
      { groupName: 'b*', match: 'pattern', team: { teamId: blue, role: 'admin', customRoleId: undefined } },
      plain(),
    );
    const { userId, ignoredGroups } = await signIn(['red', 'blau']);
    expect(await shown(userId)).toMatchObject({ teams: { blue: 'admin' } });
    expect(ignoredGroups).toEqual(['red']);
  });
});

describe('mapping rules at sign-in (product decision)', () => {
  it('give the highest organization role that any group gives', async () => {
    await rule({ groupName: 'staff', organizationRole: 'viewer' });
    await rule({ groupName: 'admins-*', match: 'pattern', organizationRole: 'admin' });
    const { userId } = await signIn(['STAFF', 'admins-eu']);
    expect(await shown(userId)).toMatchObject({ role: 'admin' });
    await signIn(['staff']);
    expect(await shown(userId)).toMatchObject({ role: 'viewer' });
  });

  it('that do not hold any more take back what they gave, and nothing set elsewhere since', async () => {
    await rule({ groupName: 'admins', organizationRole: 'admin' });
    const { userId } = await signIn(['admins']);
    await signIn([]);
    expect(await shown(userId)).toMatchObject({ role: 'member' });
    await organization.scim.operations(`/Users/${userId}`, {
      op: 'replace',
      path: `${ROLLCALL_USER_URN}:organizationRole`,
      value: 'admin',
    });
    await signIn([]);
    expect(await shown(userId)).toMatchObject({ role: 'admin' });
  });

  it('are named by decisions about access as long as they give the organization role', async () => {
    const admins = await rule({ groupName: 'admins', organizationRole: 'admin' });
    const staff = await rule({ groupName: 'staff', organizationRole: 'member' });
    const { userId } = await signIn(['admins', 'staff']);
    expect(await mayCreateTeams(userId)).toMatchObject({ role: 'admin', mappingRule: admins.id });
    await signIn(['staff']);
    expect(await mayCreateTeams(userId)).toMatchObject({ role: 'member', mappingRule: staff.id });
    await signIn([]);
    expect(await mayCreateTeams(userId)).not.toHaveProperty('mappingRule');
  });

  it('do not claim the role of the last admin, whom they cannot demote', async () => {
    await rule({ groupName: 'staff', organizationRole: 'member' });
    const { stores } = server().services.unitOfWork;
    const { adminId, context } = organization;
    const ssoConnectionId = provider.connection.id;
    await stores.identities.link(context, { ssoConnectionId, subject: 'root', userId: adminId });
    await signIn(['staff'], { subject: 'root' });
    const decision = await mayCreateTeams(adminId);
    expect(decision).toMatchObject({ isAllowed: true, role: 'admin' });
    expect(decision).not.toHaveProperty('mappingRule');
  });

  it('never demote the last admin, who signs in all the same (Grafana CVE-2026-22640)', async () => {
    await rule({ groupName: 'staff', organizationRole: 'member' });
    const { identities } = server().services.unitOfWork.stores;
    const { adminId, context } = organization;
    const ssoConnectionId = provider.connection.id;
    await identities.link(context, { ssoConnectionId, subject: 'root', userId: adminId });
    await signIn(['staff'], { subject: 'root' });
    expect(await shown(adminId)).toMatchObject({ role: 'admin' });
  });

  it('do not change the organization role of somebody whom SCIM manages', async () => {
    const scim = await IdentityProvider.create(server(), organization, {
      pairedConnectionId: organization.connectionId,
    });
    await rule({ groupName: 'admins', organizationRole: 'admin' }, server(), scim);
    const { body } = await organization.scim.post('/Users', { userName: 'eve' });
    await scim.signIn({ userName: 'eve', groups: ['admins'] });
    expect(await shown(String(body.id))).toMatchObject({ role: 'member' });
  });

  it('give roles in teams, by id or by the name of the group, and take them back', async () => {
    const red = await team('red');
    await team('blue');
    await rule({ groupName: 'leads', team: { teamId: red, role: 'admin', customRoleId: undefined } });
    await rule({
      groupName: 'b*',
      match: 'pattern',
      team: { teamId: undefined, role: 'viewer', customRoleId: undefined },
    });
    const { userId } = await signIn(['leads', 'blue']);
    expect(await shown(userId)).toMatchObject({ teams: { red: 'admin', blue: 'viewer' } });
    await signIn(['red']);
    expect(await shown(userId)).toMatchObject({ teams: { red: 'member' } });
  });

  it('leave a role alone that a team admin gave, until a rule says otherwise', async () => {
    const red = await team('red');
    const { userId } = await signIn(['red']);
    await organization.scim.operations(`/Users/${userId}`, {
      op: 'add',
      path: `${ROLLCALL_USER_URN}:teamRoles`,
      value: [{ teamId: red, roleName: 'admin' }],
    });
    await signIn(['red']);
    expect(await shown(userId)).toMatchObject({ teams: { red: 'admin' } });
    await rule({ groupName: 'red', team: { teamId: red, role: 'viewer', customRoleId: undefined } });
    await signIn(['red']);
    expect(await shown(userId)).toMatchObject({ teams: { red: 'viewer' } });
  });

  it('rank custom roles above what they inherit from and below the next', async () => {
    const red = await team('red');
    const custom = async (inheritedFrom: string) => {
      const { body } = await organization.scim.post('/Roles', {
        name: `from-${inheritedFrom}`,
        inheritedFrom,
      });
      return { teamId: red, role: 'custom' as const, customRoleId: String(body.id) };
    };
    const [low, high] = [await custom('viewer'), await custom('member')];
    await rule({ groupName: 'low', team: low });
    await rule({ groupName: 'member', team: { teamId: red, role: 'member', customRoleId: undefined } });
    await rule({ groupName: 'high', team: high });
    const { userId } = await signIn(['low']);
    expect(await shown(userId)).toMatchObject({ teams: { red: 'from-viewer' } });
    await signIn(['low', 'member']);
    expect(await shown(userId)).toMatchObject({ teams: { red: 'member' } });
    await signIn(['high', 'member', 'low']);
    expect(await shown(userId)).toMatchObject({ teams: { red: 'from-member' } });
  });

  it('apply to a new person at once', async () => {
    await rule({ groupName: 'admins', organizationRole: 'admin' });
    const trail = await AuditTrail.start(server(), organization.id);
    const { userId } = await signIn(['admins']);
    expect(await shown(userId)).toMatchObject({ role: 'admin' });
    const actions = (await trail.news()).map(({ action }) => action);
    expect(actions).toEqual(['user:create', 'identity:link', 'user:login']);
    await signIn([]);
    expect(await shown(userId)).toMatchObject({ role: 'member' });
  });
});
