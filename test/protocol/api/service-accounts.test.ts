import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { ApiClient } from '../../support/api-client.js';
import type { TestOrganization } from '../../support/server.js';
import { createPerson, createTeam } from './support/people.js';
import { useServer } from './support/use-server.js';

const server = useServer();
let organization: TestOrganization;
let root: ApiClient;
let teamAdmin: ApiClient;
let teamMember: ApiClient;
let memberId: string;
let teamId: string;

beforeAll(async () => {
  organization = await server().organization();
  const adminId = await createPerson(organization);
  memberId = await createPerson(organization, { emails: [{ value: 'grace@example.com', primary: true }] });
  teamId = await createTeam(organization, [adminId, memberId]);
  await organization.scim.operations(`/Users/${adminId}`, {
    op: 'replace',
    path: 'teamRoles',
    value: [{ teamId, roleName: 'admin' }],
  });
  [root, teamAdmin, teamMember] = [
    await organization.api(),
    await organization.api(adminId),
    await organization.api(memberId),
  ];
});

const make = (who: ApiClient, kind: 'team' | 'organization', name = `robot-${randomUUID()}`) =>
  who.post('/service-accounts', { name, kind, teamId });

describe('service accounts (product model 9.1)', () => {
  it('of a team are made by its admin, those of the organization by its admin', async () => {
    const tries = [];
    for (const who of [root, teamAdmin, teamMember])
      for (const kind of ['team', 'organization'] as const) tries.push((await make(who, kind)).status);
    expect(tries).toEqual([403, 201, 201, 403, 403, 403]);
  });

  it('are what SCIM shows as accounts of type SERVICE and ORG_SERVICE, in their team, without a seat', async () => {
    const made = await make(teamAdmin, 'team');
    expect(made.body).toMatchObject({ kind: 'team', teamId, isActive: true });
    const { body } = await organization.scim.get(`/Users/${made.body.id}`);
    const extension = body['urn:ietf:params:scim:schemas:extension:rollcall:2.0:User'];
    expect(extension).toMatchObject({ accountType: 'SERVICE' });
    expect(extension.seat).toBeUndefined();
    expect(body.groups).toMatchObject([{ value: teamId }]);
    expect((await make(root, 'organization')).body.kind).toBe('organization');
  });

  it('are listed, by kind, team and part of the name', async () => {
    const name = `Lister-${randomUUID()}`;
    const { body: made } = await make(teamAdmin, 'team', name);
    const found = async (query: string) => (await teamMember.get(`/service-accounts?${query}`)).body.items;
    expect(await found(`search=${name.slice(1, 20).toLowerCase()}`)).toEqual([made]);
    expect(await found(`search=${name}&kind=organization`)).toEqual([]);
    expect(await found(`search=${name}&teamId=${teamId}&kind=team`)).toEqual([made]);
    expect((await teamMember.get(`/service-accounts/${made.id}`)).body).toEqual(made);
    expect((await teamMember.get(`/service-accounts/${memberId}`)).status).toBe(404);
  });

  it('are deactivated and removed by who looks after them, and their keys with them', async () => {
    const { body: robot } = await make(teamAdmin, 'team');
    const issued = await teamAdmin.post('/api-keys', { name: 'k', scopes: ['admin'], userId: robot.id });
    const key = new ApiClient(`${server().baseUrl}/api/v1`, String(issued.body.secret));
    const act = (who: ApiClient, path: string) => who.post(`/service-accounts/${robot.id}${path}`, undefined);
    expect((await key.get('/me')).body).toMatchObject({ accountType: 'SERVICE' });
    expect([(await act(teamMember, '/deactivate')).status, (await act(root, '/deactivate')).status]).toEqual([
      403, 403,
    ]);
    expect((await act(teamAdmin, '/deactivate')).body.isActive).toBe(false);
    expect((await key.get('/me')).status).toBe(401);
    expect((await act(teamAdmin, '/reactivate')).body.isActive).toBe(true);
    expect((await key.get('/me')).status).toBe(200);
    expect((await teamMember.delete(`/service-accounts/${robot.id}`)).status).toBe(403);
    expect((await teamAdmin.delete(`/service-accounts/${robot.id}`)).status).toBe(204);
    expect((await key.get('/me')).status).toBe(401);
    expect((await teamAdmin.get(`/service-accounts/${robot.id}`)).status).toBe(404);
  });

  it('of another organization are not found', async () => {
    const { body: robot } = await make(teamAdmin, 'team');
    const other = await server().organization();
    const stranger = await other.api();
    expect((await stranger.get(`/service-accounts/${robot.id}`)).status).toBe(404);
    expect(
      (await stranger.post('/service-accounts', { name: 'x', kind: 'organization', teamId })).status,
    ).toBe(404);
  });
});

describe('attribution (product model 9.2)', () => {
  const ask = async (body: object, who = root) => (await who.post('/attributions', body)).body;

  it('goes to the person whom the client names, if that is an active member of the team', async () => {
    const { body: robot } = await make(teamAdmin, 'team');
    const serviceAccountId = robot.id;
    const { body: member } = await organization.scim.get(`/Users/${memberId}`);
    const attributed = { userId: memberId, teamId, outcome: 'attributed' };
    expect(await ask({ serviceAccountId, username: String(member.userName).toUpperCase() })).toEqual(
      attributed,
    );
    expect(await ask({ serviceAccountId, email: 'Grace@Example.com' })).toEqual(attributed);
    expect(await ask({ serviceAccountId, username: 'nobody' })).toEqual({
      userId: null,
      teamId,
      outcome: 'user_unknown',
    });
    const elsewhere = await createTeam(organization);
    expect(await ask({ serviceAccountId, teamId: elsewhere, email: 'grace@example.com' })).toEqual({
      userId: null,
      teamId: elsewhere,
      outcome: 'user_not_in_team',
    });
    const leaver = await createPerson(organization, { userName: 'leaver' });
    await organization.scim.operations(`/Groups/${teamId}`, {
      op: 'add',
      path: 'members',
      value: [{ value: leaver }],
    });
    expect((await ask({ serviceAccountId, username: 'leaver' })).outcome).toBe('attributed');
    await organization.scim.operations(`/Users/${leaver}`, { op: 'replace', value: { active: false } });
    expect((await ask({ serviceAccountId, username: 'leaver' })).outcome).toBe('user_deactivated');
  });

  it('is asked by the service account itself without naming itself', async () => {
    const { body: robot } = await make(teamAdmin, 'team');
    const issued = await teamAdmin.post('/api-keys', { name: 'k', scopes: ['admin'], userId: robot.id });
    const key = new ApiClient(`${server().baseUrl}/api/v1`, String(issued.body.secret));
    expect(await ask({ email: 'grace@example.com' }, key)).toMatchObject({ userId: memberId });
    expect((await root.post('/attributions', { email: 'grace@example.com' })).status).toBe(404);
  });

  it('names one person: neither none nor two ways', async () => {
    for (const person of [{}, { username: 'a', email: 'b' }]) {
      const reply = await root.post('/attributions', { serviceAccountId: memberId, ...person });
      expect([reply.status, reply.body.errors[0].field]).toEqual([400, 'username']);
    }
  });
});
