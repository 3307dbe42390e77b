import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { expectError, expectStatus } from '../../conformance/rfc/support/assertions.js';
import { SEARCH_REQUEST } from '../../conformance/rfc/support/urns.js';
import { createDatabase, type TestDatabase } from '../../support/database.js';
import { LockHolder } from '../../support/lock-holder.js';
import { describeOnPostgres } from '../../support/real-postgres.js';
import type { Reply, ScimClient } from '../../support/scim-client.js';
import { startServer, type TestServer } from '../../support/server.js';

/** Two of them are shared by reads and one by short writes, which leaves eight. */
const CONNECTIONS = 11;
/** Half of those eight: see searchLimits in src/app.ts. */
const PER_CONNECTION = 4;
const IN_ALL = 6;
const QUEUED = 200;

describeOnPostgres('slow lists and searches (Keycloak #46705)', () => {
  let database: TestDatabase;
  let server: TestServer;
  let locks: LockHolder;

  beforeAll(async () => {
    database = await createDatabase(CONNECTIONS);
    server = await startServer({ database });
    locks = await LockHolder.connect(database);
  });
  afterAll(async () => {
    await locks.close();
    await server.close();
    await database.close();
  });

  /** While this lasts, whatever reads roles is slow without end; nothing else is. */
  const withSlowRoles = (work: () => Promise<void>): Promise<void> =>
    locks.holding('lock table roles in access exclusive mode', work);

  const search = (scim: ScimClient): Promise<Reply> =>
    scim.post('/Roles/.search', { schemas: [SEARCH_REQUEST] });

  it('of one connection take half of the database connections, and everybody else is answered', async () => {
    const { scim, adminId } = await server.organization();
    const other = await server.organization();
    let slow: Promise<Reply>[] = [];
    await withSlowRoles(async () => {
      slow = Array.from({ length: 40 }, (_, index) => (index % 2 === 0 ? scim.get('/Roles') : search(scim)));
      await locks.untilBlocked(PER_CONNECTION);
      expectStatus(await other.scim.get('/Users'), 200);
      expectStatus(await other.scim.post('/Users', { userName: 'new@example.com' }), 201);
      expectStatus(await scim.get(`/Users/${adminId}`), 200);
      expectStatus(await scim.post('/Users', { userName: 'new@example.com' }), 201);
      expect(await locks.countBlocked()).toBe(PER_CONNECTION);
    });
    for (const reply of await Promise.all(slow)) expectStatus(reply, 200);
  });

  it('of a connection do not hold up its matches by userName, which an IdP sends before each create', async () => {
    const { scim } = await server.organization();
    let slow: Promise<Reply>[] = [];
    await withSlowRoles(async () => {
      slow = Array.from({ length: PER_CONNECTION + 1 }, () => scim.get('/Roles'));
      await locks.untilBlocked(PER_CONNECTION);
      const reply = await scim.get('/Users?filter=userName eq "nobody@example.com"');
      expectStatus(reply, 200);
      expect(reply.body.totalResults).toBe(0);
    });
    for (const reply of await Promise.all(slow)) expectStatus(reply, 200);
  });

  it('of several connections leave room for reads, writes and authentication', async () => {
    const organizations = await Promise.all([1, 2, 3, 4].map(() => server.organization()));
    let slow: Promise<Reply>[] = [];
    await withSlowRoles(async () => {
      slow = organizations.flatMap(({ scim }) => Array.from({ length: 10 }, () => scim.get('/Roles')));
      await locks.untilBlocked(IN_ALL);
      const { scim, adminId } = await server.organization();
      expectStatus(await scim.get(`/Users/${adminId}`), 200);
      expectStatus(await scim.post('/Users', { userName: 'new@example.com' }), 201);
      expect(await locks.countBlocked()).toBe(IN_ALL);
    });
    for (const reply of await Promise.all(slow)) expectStatus(reply, 200);
  });

  it('beyond what may wait are 429 with a time to wait, at once (RFC 6585 4)', async () => {
    const { scim } = await server.organization();
    const beyond = 10;
    const refused: Reply[] = [];
    let sent: Promise<Reply>[] = [];
    await withSlowRoles(async () => {
      const allRefused = new Promise<void>((resolve) => {
        sent = Array.from({ length: PER_CONNECTION + QUEUED + beyond }, async () => {
          const reply = await scim.get('/?filter=meta.created+pr');
          if (reply.status === 429 && refused.push(reply) === beyond) resolve();
          return reply;
        });
      });
      await allRefused;
    });
    for (const reply of refused) {
      expectError(reply, 429);
      expect(reply.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
    }
    const answered = (await Promise.all(sent)).filter(({ status }) => status === 200);
    expect(answered).toHaveLength(PER_CONNECTION + QUEUED);
  });
});
