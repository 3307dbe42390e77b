import { beforeAll, describe, expect, it } from '@jest/globals';
import type { ApiClient } from '../../support/api-client.js';
import type { Reply } from '../../support/scim-client.js';
import type { TestOrganization } from '../../support/server.js';
import { actionsOf } from './support/audit.js';
import { createPerson, createTeam } from './support/people.js';
import { useServer } from './support/use-server.js';

const server = useServer();
let serial = 0;
const someone = (): string => `asked-${(serial += 1)}@example.com`;

/** Everybody who may have to do with a team. `root` is the admin of the organization, who is not in it. */
interface Scene {
  readonly organization: TestOrganization;
  readonly teamId: string;
  readonly root: ApiClient;
  readonly admin: ApiClient;
  readonly member: ApiClient;
  readonly viewer: ApiClient;
  readonly outsider: ApiClient;
}

async function createScene(): Promise<Scene> {
  const organization = await server().organization();
  const [admin, member, viewer, outsider] = [
    await createPerson(organization),
    await createPerson(organization),
    await createPerson(organization),
    await createPerson(organization),
  ];
  const teamId = await createTeam(organization, [admin, member, viewer]);
  for (const [userId, roleName] of [
    [admin, 'admin'],
    [viewer, 'viewer'],
  ] as const)
    await organization.scim.operations(`/Users/${userId}`, {
      op: 'add',
      path: 'teamRoles',
      value: [{ teamId, roleName }],
    });
  const root = await organization.api();
  return {
    organization,
    teamId,
    root,
    admin: await organization.api(admin),
    member: await organization.api(member),
    viewer: await organization.api(viewer),
    outsider: await organization.api(outsider),
  };
}

const letMembersInvite = async ({ admin, teamId }: Scene): Promise<void> => {
  const reply = await admin.patch(`/teams/${teamId}`, { privacy: { membersMayInvite: true } });
  expect(reply.status).toBe(200);
};

const invite = (who: ApiClient, teamId: string, email = someone(), more: object = {}): Promise<Reply> =>
  who.post(`/teams/${teamId}/invitations`, { emails: [email], ...more });

const PEOPLE = ['root', 'admin', 'member', 'viewer', 'outsider'] as const;

/** What each of them is answered. */
async function statuses(scene: Scene, ask: (who: ApiClient) => Promise<Reply>) {
  const answers: Record<string, number> = {};
  for (const name of PEOPLE) answers[name] = (await ask(scene[name])).status;
  return answers;
}

let scene: Scene;
beforeAll(async () => {
  scene = await createScene();
});

describe('inviting into a team (product model 5.3, 10)', () => {
  it('is for who manages the members, unless the team lets its members', async () => {
    const asked = await createScene();
    const ask = (who: ApiClient) => invite(who, asked.teamId);
    const managers = { root: 201, admin: 201, viewer: 403, outsider: 403 };
    expect(await statuses(asked, ask)).toEqual({ ...managers, member: 403 });
    await letMembersInvite(asked);
    expect(await statuses(asked, ask)).toEqual({ ...managers, member: 201 });
    await asked.root.patch('/organization', { enforcedPrivacy: { forbidMemberInvitations: true } });
    expect(await statuses(asked, ask)).toEqual({ ...managers, member: 403 });
    expect((await invite(asked.member, asked.teamId)).body.code).toBe('permission.denied');
  });

  it('is 404 for who cannot see the team, and for everybody once it is archived', async () => {
    const asked = await createScene();
    const { teamId, admin, root, outsider } = asked;
    await admin.patch(`/teams/${teamId}`, { privacy: { hideFromNonMembers: true } });
    const paths = [
      `/teams/${teamId}/invitations`,
      `/teams/${teamId}/invitations/${asked.organization.adminId}`,
    ];
    for (const reply of [
      await invite(outsider, teamId),
      await outsider.get(paths[0] ?? ''),
      await outsider.delete(paths[1] ?? ''),
    ])
      expect(reply).toMatchObject({ status: 404, body: { code: 'team.not_found' } });
    expect((await invite(root, teamId)).status).toBe(201);
    expect((await root.delete(`/teams/${teamId}`)).status).toBe(204);
    for (const ask of [(who: ApiClient) => invite(who, teamId), (who: ApiClient) => who.get(paths[0] ?? '')])
      expect(new Set(Object.values(await statuses(asked, ask)))).toEqual(new Set([404]));
  });

  it('gives members no more than they may give: members and viewers, and no links', async () => {
    await letMembersInvite(scene);
    const { teamId, member, admin, root } = scene;
    expect((await invite(member, teamId, someone(), { roleName: 'viewer' })).status).toBe(201);
    expect(await invite(member, teamId, someone(), { roleName: 'admin' })).toMatchObject({
      status: 403,
      body: { errors: [{ field: 'roleName' }] },
    });
    const role = await scene.organization.scim.post('/Roles', { name: 'Operator', inheritedFrom: 'member' });
    expect(role.status).toBe(201);
    expect((await invite(member, teamId, someone(), { roleName: 'Operator' })).status).toBe(403);
    expect((await invite(admin, teamId, someone(), { roleName: 'Operator' })).status).toBe(201);
    expect(await invite(admin, teamId, someone(), { roleName: 'Nobody' })).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'roleName' }] },
    });
    for (const sendEmail of [true, false]) {
      const links = [];
      for (const who of [member, admin, root])
        links.push((await invite(who, teamId, someone(), { sendEmail })).body.items[0].link);
      expect(links).toEqual([null, null, expect.stringContaining('/invitations/')]);
    }
  });

  it('is for a member of the organization with a full seat, who then is in the team', async () => {
    const { teamId, root, organization } = scene;
    const email = someone();
    const { invitation, link } = (await invite(root, teamId, email)).body.items[0];
    expect(invitation).toMatchObject({ organizationRole: 'member', seat: 'full', state: 'pending' });
    const { userId } = await accept(String(link), 'correct horse battery staple');
    const user = (await organization.scim.get(`/Users/${userId}`)).body;
    expect(user.userName).toBe(email);
    expect(user.groups).toMatchObject([{ value: teamId }]);
    expect(await actionsOf(server(), String(invitation.id))).toEqual([
      'invitation:create',
      'invitation:accept',
    ]);
  });

  it('lets who has an account join with it, as it is', async () => {
    const { teamId, root, organization } = scene;
    const email = someone();
    const userId = await createPerson(organization, { userName: email, organizationRole: 'viewer' });
    const { link } = (await invite(root, teamId, email)).body.items[0];
    expect(await accept(String(link))).toMatchObject({ userId });
    const found = (await root.get(`/users/${userId}`)).body;
    expect(found.organizationRole).toBe('viewer');
    expect((await root.get(`/users/${userId}/teams`)).body.items).toMatchObject([{ roleName: 'member' }]);
    expect((await invite(root, teamId, email)).body.code).toBe('invitation.already_member');
  });

  it('adds the team to an open invitation, and shows a member nothing of the other teams', async () => {
    await letMembersInvite(scene);
    const { teamId, root, member, organization } = scene;
    const secret = await createTeam(organization, []);
    await root.patch(`/teams/${secret}`, { privacy: { hideFromNonMembers: true } });
    const email = someone();
    const teamsOf = (
      items: readonly { invitation?: { teams: { teamId: string }[] }; teams?: { teamId: string }[] }[],
    ) => items.map((item) => (item.invitation ?? item).teams?.map((team) => team.teamId).sort());
    expect((await invite(root, secret, email)).status).toBe(201);
    expect(teamsOf((await invite(member, teamId, email)).body.items)).toEqual([[teamId]]);
    const listed = (who: ApiClient) => who.get(`/teams/${teamId}/invitations?search=${email}`);
    expect(teamsOf((await listed(member)).body.items)).toEqual([[teamId]]);
    expect(teamsOf((await listed(root)).body.items)).toEqual([[teamId, secret].sort()]);
    expect((await invite(member, teamId, email)).body.code).toBe('invitation.already_invited');
  });

  it('is taken back by who manages the members: of this team, and the invitation with its last one', async () => {
    await letMembersInvite(scene);
    const { teamId, root, admin, member, organization } = scene;
    const other = await createTeam(organization, []);
    const email = someone();
    const { id } = (await invite(root, other, email)).body.items[0].invitation;
    await invite(member, teamId, email);
    const withdraw = (who: ApiClient, team = teamId) => who.delete(`/teams/${team}/invitations/${id}`);
    expect((await withdraw(member)).status).toBe(403);
    expect((await withdraw(admin, other)).status).toBe(403);
    expect((await withdraw(admin)).status).toBe(204);
    expect((await withdraw(admin)).body.code).toBe('invitation.not_found');
    expect((await root.get(`/invitations/${id}`)).body.state).toBe('pending');
    expect((await withdraw(root, other)).status).toBe(204);
    expect((await root.get(`/invitations/${id}`)).body.state).toBe('revoked');
  });

  it('is listed for who may invite', async () => {
    await letMembersInvite(scene);
    const ask = (who: ApiClient) => who.get(`/teams/${scene.teamId}/invitations`);
    expect(await statuses(scene, ask)).toEqual({
      root: 200,
      admin: 200,
      member: 200,
      viewer: 403,
      outsider: 403,
    });
  });
});

describe('with DISABLE_ADMIN_TEAM_ACCESS', () => {
  const strict = useServer({ env: { DISABLE_ADMIN_TEAM_ACCESS: 'true' } });

  it('an admin of the organization invites others, and not itself', async () => {
    const organization = await strict().organization();
    const teamId = await createTeam(organization, []);
    const api = await organization.api();
    expect((await invite(api, teamId)).status).toBe(201);
    const own = await invite(api, teamId, 'root-admin@example.com');
    expect(own).toMatchObject({ status: 403, body: { code: 'team.admin_access_disabled' } });
  });
});

const accept = (link: string, password?: string) =>
  server().services.acceptance.accept(
    { requestId: 'test', sourceAddress: undefined },
    { secret: link.slice(link.lastIndexOf('/') + 1), password, displayName: undefined },
    () => Promise.resolve(undefined),
  );
