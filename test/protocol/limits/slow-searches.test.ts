import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { setTimeout } from 'node:timers/promises';
import pg from 'pg';
import { expectError, expectStatus } from '../../conformance/rfc/support/assertions.js';
import { SEARCH_REQUEST } from '../../conformance/rfc/support/urns.js';
import { createDatabase, type TestDatabase } from '../../support/database.js';
import { describeOnPostgres } from '../../support/real-postgres.js';
import type { Reply, ScimClient } from '../../support/scim-client.js';
import { startServer, type TestServer } from '../../support/server.js';

const POOL_SIZE = 8;
/** Half of the pool: see searchLimits in src/app.ts. */
const PER_CONNECTION = 4;
const IN_ALL = 6;
const QUEUED = 200;

describeOnPostgres('slow lists and searches (Keycloak #46705)', () => {
  let database: TestDatabase;
  let server: TestServer;
  let direct: pg.Client;

  beforeAll(async () => {
    database = await createDatabase(POOL_SIZE);
    server = await startServer({ database });
    direct = new pg.Client({ connectionString: database.url, application_name: 'beside the server' });
    await direct.connect();
  });
  afterAll(async () => {
    await direct.end();
    await server.close();
    await database.close();
  });

  async function countBlocked(): Promise<number> {
    await direct.query('select pg_stat_clear_snapshot()');
    const { rows } = await direct.query<{ count: number }>(
      `select count(*)::int as count from pg_stat_activity
        where application_name = 'rollcall' and datname = current_database() and wait_event_type = 'Lock'`,
    );
    return rows[0]?.count ?? 0;
  }

  async function untilBlocked(count: number): Promise<void> {
    const deadline = performance.now() + 5_000;
    while ((await countBlocked()) < count) {
      if (performance.now() > deadline) throw new Error(`never were ${count} statements blocked`);
      await setTimeout(20);
    }
  }

  /** While this lasts, whatever reads roles is slow without end; nothing else is. */
  async function withSlowRoles(work: () => Promise<void>): Promise<void> {
    await direct.query('begin');
    await direct.query('lock table roles in access exclusive mode');
    try {
      await work();
    } finally {
      await direct.query('rollback');
    }
  }

  const search = (scim: ScimClient): Promise<Reply> =>
    scim.post('/Roles/.search', { schemas: [SEARCH_REQUEST] });

  it('of one connection take half of the database connections, and everybody else is answered', async () => {
    const { scim, adminId } = await server.organization();
    const other = await server.organization();
    let slow: Promise<Reply>[] = [];
    await withSlowRoles(async () => {
      slow = Array.from({ length: 40 }, (_, index) => (index % 2 === 0 ? scim.get('/Roles') : search(scim)));
      await untilBlocked(PER_CONNECTION);
      expectStatus(await other.scim.get('/Users'), 200);
      expectStatus(await other.scim.post('/Users', { userName: 'new@example.com' }), 201);
      expectStatus(await scim.get(`/Users/${adminId}`), 200);
      expectStatus(await scim.post('/Users', { userName: 'new@example.com' }), 201);
      expect(await countBlocked()).toBe(PER_CONNECTION);
    });
    for (const reply of await Promise.all(slow)) expectStatus(reply, 200);
  });

  it('of several connections leave room for reads, writes and authentication', async () => {
    const organizations = await Promise.all([1, 2, 3, 4].map(() => server.organization()));
    let slow: Promise<Reply>[] = [];
    await withSlowRoles(async () => {
      slow = organizations.flatMap(({ scim }) => Array.from({ length: 10 }, () => scim.get('/Roles')));
      await untilBlocked(IN_ALL);
      const { scim, adminId } = await server.organization();
      expectStatus(await scim.get(`/Users/${adminId}`), 200);
      expectStatus(await scim.post('/Users', { userName: 'new@example.com' }), 201);
      expect(await countBlocked()).toBe(IN_ALL);
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
