import { beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import type { RequestContext } from '../../src/directory/request-context.js';
import type { OpenedSession, OpenSessionOptions } from '../../src/directory/sessions/session-service.js';
import { newId } from '../../src/kernel/ids.js';
import { LIMITS } from '../../src/kernel/limits.js';
import { expectStatus } from '../conformance/rfc/support/assertions.js';
import { testClock } from '../support/clock.js';
import type { Reply } from '../support/scim-client.js';
import type { TestOrganization } from '../support/server.js';
import { AuditTrail } from './support/audit-trail.js';
import { useServer } from './support/use-server.js';

const HOUR = 3_600_000;
const clock = testClock();
const server = useServer({ clock, env: { SESSION_LENGTH: '24' } });
let organization: TestOrganization;
let serial = 0;

beforeAll(async () => {
  organization = await server().organization();
});

const sessions = () => server().services.sessions;

const personContext = (userId: string, where = organization): RequestContext => ({
  organizationId: where.id,
  actor: { kind: 'user', id: userId },
  requestId: 'test',
  sourceAddress: '192.0.2.7',
});

async function createPerson(more: object = {}): Promise<string> {
  const reply = await organization.scim.post('/Users', { userName: `person-${(serial += 1)}`, ...more });
  expectStatus(reply, 201);
  return String(reply.body.id);
}

const signIn = (userId: string, more: Partial<OpenSessionOptions> = {}): Promise<OpenedSession> =>
  sessions().open(personContext(userId), userId, {
    origin: { method: 'password' },
    userAgent: 'Test/1.0',
    replaces: undefined,
    ...more,
  });

describe('a session (product decision)', () => {
  it('says whose request it is, and never from its hash or a piece of it', async () => {
    const userId = await createPerson({ organizationRole: 'viewer' });
    const { id, secret } = await signIn(userId);
    expect(secret).toMatch(/^rs_[\w-]{43}$/);
    expect(await sessions().verify(secret)).toEqual({
      organizationId: organization.id,
      userId,
      organizationRole: 'viewer',
      accountType: 'USER',
      seat: 'full',
      credential: { kind: 'session', id },
    });
    for (const wrong of ['', 'rs_', secret.slice(0, -1), `${secret}x`, secret.toUpperCase()])
      expect(await sessions().verify(wrong)).toBeUndefined();
  });

  it('is stored as a hash alone', async () => {
    const { id, secret } = await signIn(await createPerson());
    const { rows } = await sql<{ row: string }>`
      select row_to_json(s)::text as row from sessions s where id = ${id}::uuid`.execute(
      server().database.connection.db,
    );
    expect(rows[0]?.row).toContain('secret_hash');
    expect(rows[0]?.row).not.toContain(secret.slice(3, 20));
  });

  it('ends SESSION_LENGTH hours after the sign-in, however often it is used', async () => {
    const { secret, expiresAt } = await signIn(await createPerson());
    expect(Date.parse(expiresAt)).toBe(clock.now() + 24 * HOUR);
    clock.advance(24 * HOUR - 1);
    expect(await sessions().verify(secret)).toBeDefined();
    clock.advance(1);
    expect(await sessions().verify(secret)).toBeUndefined();
  });

  it('is replaced by the sign-in of the same browser (session fixation)', async () => {
    const userId = await createPerson();
    const first = await signIn(userId);
    const second = await signIn(userId, { replaces: first.secret });
    expect(await sessions().verify(first.secret)).toBeUndefined();
    expect(await sessions().verify(second.secret)).toBeDefined();
    expect(await sessions().list(organization.id, userId)).toHaveLength(1);
  });

  it('tells where it began and, to the minute, when it was last used', async () => {
    const userId = await createPerson();
    const { id, secret } = await signIn(userId, { userAgent: `Evil\r\nAgent${'x'.repeat(1_000)}` });
    const [session] = await sessions().list(organization.id, userId);
    expect(session).toMatchObject({
      id,
      userId,
      method: 'password',
      ssoConnectionId: undefined,
      sourceAddress: '192.0.2.7',
    });
    expect(session?.userAgent).toMatch(/^Evil Agentx+$/);
    expect(session?.userAgent).toHaveLength(LIMITS.userAgentLength);
    const lastSeen = async () => (await sessions().list(organization.id, userId))[0]?.lastSeenAt;
    const before = await lastSeen();
    clock.advance(59_000);
    await sessions().verify(secret);
    expect(await lastSeen()).toBe(before);
    clock.advance(1_000);
    await sessions().verify(secret);
    expect(Date.parse((await lastSeen()) ?? '')).toBe(clock.now());
  });

  it(`is one of ${LIMITS.sessionsPerUser} at most: the one used longest ago gives way`, async () => {
    const userId = await createPerson();
    const first = await signIn(userId);
    clock.advance(1);
    const second = await signIn(userId);
    for (let count = 2; count <= LIMITS.sessionsPerUser; count += 1) {
      clock.advance(1);
      await signIn(userId);
    }
    expect(await sessions().list(organization.id, userId)).toHaveLength(LIMITS.sessionsPerUser);
    expect(await sessions().verify(first.secret)).toBeUndefined();
    expect(await sessions().verify(second.secret)).toBeDefined();
  });
});

describe('nobody gets a session who may not sign in (product decision)', () => {
  const refused = { code: 'user.inactive', kind: 'permission_denied' };

  it('not a deactivated person, a removed one, a service account, a stranger', async () => {
    const inactive = await createPerson({ active: false });
    await expect(signIn(inactive)).rejects.toMatchObject(refused);
    const removed = await createPerson();
    expectStatus(await organization.scim.delete(`/Users/${removed}`), 204);
    await expect(signIn(removed)).rejects.toMatchObject(refused);
    await organization.scim.post('/Groups', { displayName: 'machines' });
    const service = await createPerson({ accountType: 'ORG_SERVICE', defaultTeam: 'machines' });
    await expect(signIn(service)).rejects.toMatchObject(refused);
    await expect(signIn(newId(clock.now()))).rejects.toMatchObject(refused);
  });

  it('not a person of another organization', async () => {
    const other = await server().organization();
    const options = { origin: { method: 'password' }, userAgent: undefined, replaces: undefined } as const;
    await expect(sessions().open(personContext(other.adminId), other.adminId, options)).rejects.toMatchObject(
      refused,
    );
  });
});

describe('sessions end with the activity of the account, in the same transaction (product decision)', () => {
  type Ending = readonly [string, (userId: string) => Promise<Reply>];
  const deactivation = { schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'] };

  it.each<Ending>([
    [
      'PATCH active false',
      (id) => organization.scim.operations(`/Users/${id}`, { op: 'replace', path: 'active', value: false }),
    ],
    [
      'PATCH of active beside other attributes',
      (id) =>
        organization.scim.operations(`/Users/${id}`, { op: 'replace', value: { active: false, title: 'x' } }),
    ],
    ['PUT', (id) => organization.scim.put(`/Users/${id}`, { userName: `put-${id}`, active: false })],
    ['DELETE', (id) => organization.scim.delete(`/Users/${id}`)],
    [
      'Bulk',
      (id) =>
        organization.scim.post('/Bulk', {
          schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],
          Operations: [
            {
              method: 'PATCH',
              path: `/Users/${id}`,
              data: { ...deactivation, Operations: [{ op: 'replace', path: 'active', value: false }] },
            },
          ],
        }),
    ],
  ])('by SCIM %s, and reactivation brings none back', async (_way, end) => {
    const userId = await createPerson();
    const opened = [await signIn(userId), await signIn(userId)];
    const bystander = await signIn(await createPerson());
    expectStatus(await end(userId), 200, 204);
    for (const { secret } of opened) expect(await sessions().verify(secret)).toBeUndefined();
    expect(await sessions().list(organization.id, userId)).toEqual([]);
    expect(await sessions().verify(bystander.secret)).toBeDefined();

    await organization.scim.operations(`/Users/${userId}`, { op: 'replace', path: 'active', value: true });
    for (const { secret } of opened) expect(await sessions().verify(secret)).toBeUndefined();
  });

  it('by DELETE for good, through a connection that removes', async () => {
    const { scim } = await organization.connection({ onUserDelete: 'remove' });
    const userId = await createPerson();
    const { secret } = await signIn(userId);
    expectStatus(await scim.delete(`/Users/${userId}`), 204);
    expect(await sessions().verify(secret)).toBeUndefined();
  });

  it('but not when the deactivation is refused, or something else changes', async () => {
    const lonely = await server().organization();
    const { secret } = await sessions().open(personContext(lonely.adminId, lonely), lonely.adminId, {
      origin: { method: 'password' },
      userAgent: undefined,
      replaces: undefined,
    });
    const change = { op: 'replace', path: 'active', value: false };
    expectStatus(await lonely.scim.operations(`/Users/${lonely.adminId}`, change), 403);
    const title = { op: 'replace', path: 'title', value: 'still here' };
    expectStatus(await lonely.scim.operations(`/Users/${lonely.adminId}`, title), 200);
    expect(await sessions().verify(secret)).toBeDefined();
  });

  it('a new role is felt by the next request of the same session', async () => {
    const userId = await createPerson();
    const { secret } = await signIn(userId);
    const promotion = { op: 'replace', path: 'organizationRole', value: 'admin' };
    expectStatus(await organization.scim.operations(`/Users/${userId}`, promotion), 200);
    expect(await sessions().verify(secret)).toMatchObject({ organizationRole: 'admin' });
  });
});

describe('ending sessions (product decision)', () => {
  it('one, all but one, all', async () => {
    const userId = await createPerson();
    const [first, second, third] = [await signIn(userId), await signIn(userId), await signIn(userId)];
    const context = personContext(userId);
    await sessions().end(context, userId, first.id);
    expect(await sessions().verify(first.secret)).toBeUndefined();
    expect(await sessions().endAll(context, userId, third.id)).toBe(1);
    expect(await sessions().verify(second.secret)).toBeUndefined();
    expect(await sessions().verify(third.secret)).toBeDefined();
    expect(await sessions().endAll(context, userId)).toBe(1);
    expect(await sessions().endAll(context, userId)).toBe(0);
  });

  it('of somebody else, of another organization, or twice is not found', async () => {
    const userId = await createPerson();
    const { id, secret } = await signIn(userId);
    const notFound = { code: 'session.not_found', kind: 'not_found' };
    const someone = await createPerson();
    await expect(sessions().end(personContext(someone), someone, id)).rejects.toMatchObject(notFound);
    const other = await server().organization();
    await expect(sessions().end(other.context, userId, id)).rejects.toMatchObject(notFound);
    expect(await sessions().verify(secret)).toBeDefined();
    await sessions().end(personContext(userId), userId, id);
    await expect(sessions().end(personContext(userId), userId, id)).rejects.toMatchObject(notFound);
  });

  it('takes expired ones away at later sign-ins', async () => {
    const userId = await createPerson();
    await signIn(userId);
    clock.advance(25 * HOUR);
    await signIn(await createPerson());
    const isThere = async (): Promise<boolean> => {
      const { rows } = await sql`select id from sessions where user_id = ${userId}::uuid`.execute(
        server().database.connection.db,
      );
      return rows.length > 0;
    };
    while (await isThere()) await new Promise(setImmediate);
  });
});

describe('the audit trail of sessions has one event for each mutation (product decision)', () => {
  it('signing in, being refused, signing out, ending', async () => {
    const userId = await createPerson();
    const trail = await AuditTrail.start(server(), organization.id);
    const first = await signIn(userId);
    expect(await trail.news()).toMatchObject([
      {
        action: 'user:login',
        targetType: 'User',
        targetId: userId,
        actorKind: 'user',
        sourceAddress: '192.0.2.7',
        after: { sessionId: first.id, method: 'password', ssoConnectionId: null },
      },
    ]);
    const principal = await sessions().verify(first.secret);
    if (!principal) throw new Error('the session is live');
    await sessions().signOut(personContext(userId), principal);
    expect(await trail.news()).toMatchObject([
      { action: 'user:logout', targetId: userId, before: { sessions: [{ id: first.id }] } },
    ]);
    await sessions().signOut(personContext(userId), principal);
    expect(await trail.news()).toEqual([]);
    await signIn(userId);
    await signIn(userId);
    await trail.news();
    await sessions().endAll(personContext(userId), userId);
    expect(await trail.news()).toMatchObject([
      { action: 'session:revoke', targetId: userId, before: { sessions: [{}, {}] } },
    ]);
  });
});
