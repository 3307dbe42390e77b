import { describe, expect, it } from '@jest/globals';
import { expectStatus } from '../../conformance/rfc/support/assertions.js';
import { AuditTrail } from '../../persistence/support/audit-trail.js';
import { ApiClient } from '../../support/api-client.js';
import type { Reply } from '../../support/scim-client.js';
import type { TestOrganization } from '../../support/server.js';
import { createPerson } from './support/people.js';
import { useServer } from './support/use-server.js';

const server = useServer();

/** Signs a person in. @returns the session's id and a client that sends its cookie, as our pages do */
async function signIn({ id: organizationId }: TestOrganization, userId: string) {
  const { id, secret } = await server().services.sessions.open(
    { organizationId, actor: { kind: 'user', id: userId }, requestId: 'test', sourceAddress: '192.0.2.7' },
    userId,
    { origin: { method: 'password' }, userAgent: 'Test/1.0', replaces: undefined },
  );
  const client = new ApiClient(`${server().baseUrl}/api/v1`, undefined);
  const headers = { cookie: `rollcall=${secret}`, 'sec-fetch-site': 'same-origin' };
  return {
    id,
    get: (path: string): Promise<Reply> => client.get(path, headers),
    delete: (path: string): Promise<Reply> => client.delete(path, headers),
  };
}

const sessionsOf = (userId: string): string => `/users/${userId}/sessions`;

describe('sessions in the admin API', () => {
  it('are listed and ended by the person', async () => {
    const organization = await server().organization();
    const userId = await createPerson(organization);
    const [here, there] = [await signIn(organization, userId), await signIn(organization, userId)];
    const { status, body } = await here.get(sessionsOf(userId));
    expect(status).toBe(200);
    expect(body.items).toHaveLength(2);
    expect(body.items).toContainEqual({
      id: here.id,
      isCurrent: true,
      method: 'password',
      ssoConnectionId: null,
      createdAt: expect.any(String),
      lastSeenAt: expect.any(String),
      expiresAt: expect.any(String),
      sourceAddress: '192.0.2.7',
      userAgent: 'Test/1.0',
    });
    expectStatus(await here.delete(`${sessionsOf(userId)}/${there.id}`), 204);
    expectStatus(await there.get('/me'), 401);
    expectStatus(await here.delete(`${sessionsOf(userId)}/${there.id}`), 404);
    await signIn(organization, userId);
    expectStatus(await here.delete(sessionsOf(userId)), 204);
    expect((await here.get(sessionsOf(userId))).body.items).toMatchObject([{ id: here.id }]);
  });

  it('are listed and ended by an admin, for whom it is audited', async () => {
    const organization = await server().organization();
    const userId = await createPerson(organization);
    const session = await signIn(organization, userId);
    const api = await organization.api();
    expect((await api.get(sessionsOf(userId))).body.items).toMatchObject([
      { id: session.id, isCurrent: false },
    ]);
    const trail = await AuditTrail.start(server(), organization.id);
    expectStatus(await api.delete(sessionsOf(userId)), 204);
    expectStatus(await api.delete(sessionsOf(userId)), 204);
    expectStatus(await session.get('/me'), 401);
    expect(await trail.news()).toMatchObject([
      {
        action: 'session:revoke',
        targetId: userId,
        actorKind: 'api_key',
        before: { sessions: [{ id: session.id }] },
      },
    ]);
  });

  it('of others are out of reach for everybody else', async () => {
    const organization = await server().organization();
    const [victim, member] = [await createPerson(organization), await createPerson(organization)];
    const session = await signIn(organization, victim);
    const stranger = await signIn(organization, member);
    expectStatus(await stranger.get(sessionsOf(victim)), 403);
    expectStatus(await stranger.delete(sessionsOf(victim)), 403);
    expectStatus(await stranger.delete(`${sessionsOf(victim)}/${session.id}`), 403);
    expectStatus(await stranger.delete(`${sessionsOf(member)}/${session.id}`), 404);
    const elsewhere = await (await server().organization()).api();
    expectStatus(await elsewhere.get(sessionsOf(victim)), 404);
    expectStatus(await elsewhere.delete(sessionsOf(victim)), 404);
    expectStatus(await elsewhere.delete(`${sessionsOf(victim)}/${session.id}`), 404);
    expectStatus(await session.get('/me'), 200);
  });

  it('end with the deactivation, and the next request is 401 (product decision)', async () => {
    const organization = await server().organization();
    const userId = await createPerson(organization);
    const session = await signIn(organization, userId);
    const change = { op: 'replace', path: 'active', value: false };
    expectStatus(await organization.scim.operations(`/Users/${userId}`, change), 200);
    expectStatus(await session.get('/me'), 401);
  });
});

describe('links to new passwords in the admin API', () => {
  it('are made by an admin for who has a password, handed over where no mail is sent, and audited without the secret', async () => {
    const organization = await server().organization();
    const { context } = organization;
    const options = { email: 'forgetful@example.com', password: 'correct horse battery', isProtected: false };
    const userId = await server().services.setup.createAdmin(context, options);
    const api = await organization.api();
    const trail = await AuditTrail.start(server(), organization.id);
    const { status, body } = await api.post(`/users/${userId}/password-resets`, {});
    expect(status).toBe(200);
    expect(body).toEqual({ userId, link: expect.any(String), expiresAt: expect.any(String) });
    expect((await fetch(body.link)).status).toBe(200);
    const news = await trail.news();
    expect(news).toMatchObject([
      { action: 'user:issue_password_reset', targetId: userId, actorKind: 'api_key' },
    ]);
    expect(JSON.stringify(news)).not.toContain(new URL(body.link).pathname.split('/').at(-1));
  });

  it('are not made for who signs in elsewhere, by members, or across organizations', async () => {
    const organization = await server().organization();
    const [person, stranger] = [
      await createPerson(organization),
      await createPerson(await server().organization()),
    ];
    const api = await organization.api();
    expectStatus(await api.post(`/users/${person}/password-resets`, {}), 409);
    expectStatus(await api.post(`/users/${stranger}/password-resets`, {}), 404);
    const member = await organization.api(person);
    expectStatus(await member.post(`/users/${organization.adminId}/password-resets`, {}), 403);
  });
});
