import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { setTimeout } from 'node:timers/promises';
import { expectError, expectStatus } from '../../conformance/rfc/support/assertions.js';
import { createGroup, createUser, query, read } from '../../conformance/rfc/support/resources.js';
import { ROLLCALL } from '../../conformance/rfc/support/urns.js';
import { describeOnPostgres } from '../../support/real-postgres.js';
import type { Reply, ScimClient } from '../../support/scim-client.js';
import { useProxiedServer } from './proxied-server.js';

describeOnPostgres('a statement whose answer is lost', () => {
  const running = useProxiedServer();
  let scim: ScimClient;
  beforeEach(() => {
    ({ scim } = running().organization);
  });
  afterEach(async () => {
    await running().direct.query('rollback');
    await running().proxy.restore();
  });

  /** How many connections of the server are in a state, as seen from inside the transaction of this session. */
  async function countConnections(condition: string): Promise<number> {
    await running().direct.query('select pg_stat_clear_snapshot()');
    const { rows } = await running().direct.query<{ count: number }>(
      `select count(*)::int as count from pg_stat_activity
        where application_name = 'rollcall' and datname = current_database() and ${condition}`,
    );
    return rows[0]?.count ?? 0;
  }

  async function until(condition: () => Promise<boolean>): Promise<void> {
    const deadline = performance.now() + 5_000;
    while (!(await condition())) {
      if (performance.now() > deadline) throw new Error('what the test waits for did not happen');
      await setTimeout(20);
    }
  }

  const untilBlocked = (count = 1) =>
    until(async () => (await countConnections(`wait_event_type = 'Lock'`)) >= count);

  /** The orphaned statements of the cut connections have ended, one way or the other. */
  const untilQuiet = () => until(async () => (await countConnections(`state <> 'idle'`)) === 0);

  /** Sends a request, pulls the cable while its statement waits for `lock`, and lets the database go on alone. */
  async function cutUnder(lock: string, send: () => Promise<Reply>): Promise<Reply> {
    const { direct, proxy } = running();
    await direct.query('begin');
    await direct.query(lock);
    const reply = send();
    await untilBlocked();
    await proxy.cut();
    const answered = await reply;
    await direct.query('rollback');
    await proxy.restore();
    await untilQuiet();
    return answered;
  }

  it('of a create is 503; the create tried again is 201 or 409, and the user is there once (Entra, pitfall 20)', async () => {
    const body = { userName: 'sent twice', externalId: 'x-1' };
    const first = await cutUnder('lock table users in exclusive mode', () => scim.post('/Users', body));
    expectError(first, 503);
    expect(first.headers.get('retry-after')).not.toBeNull();
    const found = await query(scim, '/Users', { filter: 'userName eq "sent twice"' });
    const again = await scim.post('/Users', body);
    expectStatus(again, found.length === 0 ? 201 : 409);
    const now = await query(scim, '/Users', { filter: 'userName eq "sent twice"' });
    expect(now).toHaveLength(1);
    expect(now[0]).toMatchObject(body);
    expect((await scim.get('/Users?count=0')).body.totalResults).toBe(
      (await query(scim, '/Users', {})).length,
    );
  });

  it('of a transaction is 503, and none of its parts is applied (RFC 7644 3.5.2)', async () => {
    const user = await createUser(scim);
    const team = await createGroup(scim);
    const reply = await cutUnder(`select 1 from users where id = '${user.id}' for no key update`, () =>
      scim.operations(
        `/Users/${user.id}`,
        { op: 'replace', path: 'title', value: 'half a change' },
        { op: 'add', path: `${ROLLCALL}:teamRoles`, value: [{ teamId: team.id, roleName: 'admin' }] },
      ),
    );
    expectError(reply, 503);
    const now = await read(scim, `/Users/${user.id}`);
    expect(now).toEqual(user);
    expect((await read(scim, `/Groups/${team.id}`)).meta.version).toBe(team.meta.version);
  });

  it('of a deactivation is 503, and the deactivation tried again holds (pitfall 1)', async () => {
    const user = await createUser(scim);
    const deactivate = () =>
      scim.operations(`/Users/${user.id}`, { op: 'replace', path: 'active', value: false });
    const reply = await cutUnder(`select 1 from users where id = '${user.id}' for no key update`, deactivate);
    expectError(reply, 503);
    expectStatus(await deactivate(), 200);
    expect((await read(scim, `/Users/${user.id}`)).active).toBe(false);
  });

  it('of a DELETE is 503; tried again it is 204 or 404, never 500 (RFC 7644 3.6)', async () => {
    const user = await createUser(scim);
    const remove = () => scim.delete(`/Users/${user.id}`);
    expectError(await cutUnder(`select 1 from users where id = '${user.id}' for no key update`, remove), 503);
    expectStatus(await remove(), 204, 404);
    expectStatus(await scim.get(`/Users/${user.id}`), 404);
  });

  it('of several requests at once is 503 for each, and the server goes on (product decision)', async () => {
    const { direct, proxy } = running();
    await direct.query('begin');
    await direct.query('lock table teams in access exclusive mode');
    const replies = [1, 2, 3].map((n) => scim.post('/Groups', { displayName: `cut ${n}` }));
    await untilBlocked(3);
    await proxy.cut();
    for (const reply of await Promise.all(replies)) expectError(reply, 503);
    await direct.query('rollback');
    await proxy.restore();
    await untilQuiet();
    for (const n of [1, 2, 3])
      expectStatus(await scim.post('/Groups', { displayName: `cut ${n}` }), 201, 409);
    expect(await query(scim, '/Groups', { filter: 'displayName sw "cut "' })).toHaveLength(3);
  });
});
