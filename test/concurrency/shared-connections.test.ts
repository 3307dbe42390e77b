import { expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { run } from '../../src/persistence/statement.js';
import { READ_PLAIN } from '../../src/persistence/users/user-statements.js';
import { createUser } from '../conformance/rfc/support/resources.js';
import { LockHolder } from '../support/lock-holder.js';
import { describeOnPostgres } from '../support/real-postgres.js';
import type { Reply } from '../support/scim-client.js';
import { atOnce, range, tally, useReplicas } from './support/replicas.js';

const deactivation = { Operations: [{ op: 'replace', path: 'active', value: false }] };

describeOnPostgres('connections that requests share', () => {
  const replicas = useReplicas();
  const db = () => replicas().servers[0].database.connection.db;

  it('a refused write takes none of those with it that are committed together', async () => {
    const { clients, id: organizationId } = await replicas().organization();
    await createUser(clients[0], { userName: 'taken' });
    const names = range(40).map((n) => (n % 8 === 3 ? 'TAKEN' : `free ${n}`));
    const replies = await atOnce([clients[0], clients[0]], names, (scim, userName) =>
      scim.post('/Users', { userName }),
    );
    expect(replies.map(({ status }) => status)).toEqual(names.map((name) => (name === 'TAKEN' ? 409 : 201)));
    const { rows } = await sql<{ created: number }>`
      select count(*)::int as created from audit_events
       where org_id = ${organizationId}::uuid and action = 'user:create' and actor_kind = 'connection'`.execute(
      db(),
    );
    expect(rows[0]?.created).toBe(36);
    expect((await clients[1].get('/Users?count=0')).body.totalResults).toBe(37);
  });

  it('a refused read takes none of those with it that are read together', async () => {
    const { clients, id: organizationId } = await replicas().organization();
    const { id } = await createUser(clients[0], { userName: 'read together' });
    // The first batch makes the statement known to each connection; only then are reads sent together.
    const readAll = (ids: readonly string[]) =>
      Promise.allSettled(ids.map((wanted) => run(db(), READ_PLAIN.find, [organizationId, null, '', wanted])));
    await readAll(range(20).map(() => id));
    const found = await readAll(range(20).map((n) => (n % 8 === 3 ? 'no id' : id)));
    expect(found.map((read) => (read.status === 'fulfilled' ? read.value.length : 'refused'))).toEqual(
      range(20).map((n) => (n % 8 === 3 ? 'refused' : 1)),
    );
  });

  it('what is unusual among users written together is done as alone: gone, deactivated, unchanged, twice', async () => {
    const { clients } = await replicas().organization();
    const [scim] = clients;
    const users = await Promise.all(range(12).map((n) => createUser(scim, { userName: `among ${n}` })));
    const [gone, leaving, same, twice] = users.map(({ id }) => id);
    const { id: returning } = await createUser(scim, { userName: 'returning' });
    for (const id of [gone, returning]) expect((await scim.delete(`/Users/${id}`)).status).toBe(204);

    const put = (id: string | undefined, n: number, more: object = {}) =>
      scim.put(`/Users/${id}`, { userName: `among ${n}`, displayName: `Renamed ${n}`, ...more });
    const replies = await Promise.all([
      ...users.map(({ id }, n) =>
        id === same
          ? scim.put(`/Users/${id}`, { userName: `among ${n}` })
          : put(id, n, id === leaving ? { active: false } : {}),
      ),
      put(twice, 3, { title: 'Second' }),
      scim.post('/Users', { userName: 'RETURNING' }),
    ]);
    expect(replies.map(({ status }) => status)).toEqual([404, ...range(11).map(() => 200), 200, 201]);
    expect(replies.at(-1)?.body.id).toBe(returning);

    const read = async (id: string | undefined) => (await clients[1].get(`/Users/${id}`)).body;
    expect(await read(leaving)).toMatchObject({ active: false, displayName: 'Renamed 1' });
    expect((await read(same)).meta.version).toBe(users[2]?.meta.version);
    expect((await read(twice)).meta.version).toContain('3-');
    for (const [n, { id }] of users.entries())
      if (n > 3) expect(await read(id)).toMatchObject({ active: true, displayName: `Renamed ${n}` });
  });

  it('writes of the same users in opposite order by two replicas all happen', async () => {
    const { clients } = await replicas().organization();
    const ids: string[] = [];
    for (const n of range(12)) ids.push((await createUser(clients[0], { userName: `both ways ${n}` })).id);
    const rename = (scim: (typeof clients)[0], id: string, name: string) =>
      scim.put(`/Users/${id}`, { userName: id, displayName: name });
    const replies = await Promise.all([
      ...ids.map((id) => rename(clients[0], id, 'there')),
      ...[...ids].reverse().map((id) => rename(clients[1], id, 'back')),
    ]);
    expect(tally(replies)).toEqual({ 200: 24 });
  });

  it('writes of different kinds that are committed together lock users in the order of their ids', async () => {
    const { clients, id: organizationId } = await replicas().organization();
    const [scim] = clients;
    const ids: string[] = [];
    for (const n of range(24)) ids.push((await createUser(scim, { userName: `mixed ${n}` })).id);
    const write = (id: string, n: number) =>
      n % 2 === 0
        ? scim.put(`/Users/${id}`, { userName: `mixed ${n}`, displayName: 'Replaced' })
        : scim.patch(`/Users/${id}`, deactivation);
    expect(tally(await Promise.all(ids.map(write)))).toEqual({ 200: 24 });
    // A statement locks the users of its batch in one go; `cmin` counts the statements of a transaction.
    const { rows } = await sql<{ statements: string[][] }>`
      select json_agg(ids order by statement) as statements from (
        select xmin::text as transaction, cmin::text::int as statement, json_agg(target_id order by target_id) as ids
          from audit_events
         where org_id = ${organizationId}::uuid and action in ('user:update', 'user:deactivate') group by 1, 2) written
       group by transaction`.execute(db());
    const transactions = rows.map(({ statements }) => statements.flat());
    expect(transactions.flat()).toHaveLength(24);
    expect(Math.max(...rows.map(({ statements }) => statements.length))).toBeGreaterThan(1);
    for (const locked of transactions) expect(locked).toEqual([...locked].sort());
  });

  it('users that two replicas deactivate at once change once, with one event each', async () => {
    const { clients, id: organizationId } = await replicas().organization();
    const ids: string[] = [];
    for (const n of range(12)) ids.push((await createUser(clients[0], { userName: `leaving ${n}` })).id);
    const everywhere = range(3).flatMap(() => clients.flatMap((scim) => ids.map((id) => ({ scim, id }))));
    const replies = await Promise.all(
      everywhere.map(({ scim, id }) => scim.patch(`/Users/${id}`, deactivation)),
    );
    expect(tally(replies)).toEqual({ 200: everywhere.length });
    for (const { body } of replies) expect(body).toMatchObject({ active: false });
    for (const id of ids) expect((await clients[1].get(`/Users/${id}`)).body.meta.version).toMatch(/^W\/"2-/);
    const { rows } = await sql<{ events: number }>`
      select count(*)::int as events from audit_events
       where org_id = ${organizationId}::uuid and action = 'user:deactivate'`.execute(db());
    expect(rows[0]?.events).toBe(ids.length);
  });

  it('a user that somebody else holds locked does not keep the writes of other users waiting', async () => {
    const { clients, id: organizationId } = await replicas().organization();
    const held = await createUser(clients[0], { userName: 'held' });
    const others = await Promise.all(range(6).map((n) => createUser(clients[0], { userName: `other ${n}` })));
    const holder = await LockHolder.connect(replicas().servers[0].database);
    let waiting: Promise<Reply> | undefined;
    await holder.holding(
      `select 1 from users where org_id = '${organizationId}' and id = '${held.id}' for update`,
      async () => {
        waiting = clients[0].patch(`/Users/${held.id}`, deactivation);
        const replies = await Promise.all(
          others.map(({ id }) => clients[0].patch(`/Users/${id}`, deactivation)),
        );
        expect(tally(replies)).toEqual({ 200: 6 });
      },
    );
    await holder.close();
    expect((await waiting)?.status).toBe(200);
  });

  it('reads and writes go on after the database has ended every connection', async () => {
    const { clients } = await replicas().organization();
    const { id } = await createUser(clients[0], { userName: 'survivor' });
    await sql`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid()`.execute(db());
    const settled = async (send: () => Promise<{ readonly status: number }>): Promise<number> => {
      for (;;) {
        const { status } = await send();
        if (status !== 503) return status;
      }
    };
    expect(await settled(() => clients[0].get(`/Users/${id}`))).toBe(200);
    expect(await settled(() => clients[0].patch(`/Users/${id}`, deactivation))).toBe(200);
    expect((await clients[1].get(`/Users/${id}`)).body.active).toBe(false);
  });
});
