import { expect, it } from '@jest/globals';
import { expectError, expectStatus } from '../conformance/rfc/support/assertions.js';
import { createUser, query, read } from '../conformance/rfc/support/resources.js';
import { LockHolder } from '../support/lock-holder.js';
import { describeOnPostgres } from '../support/real-postgres.js';
import type { Reply } from '../support/scim-client.js';
import { atOnce, range, repeat, tally, useReplicas } from './support/replicas.js';

describeOnPostgres('users, written at once', () => {
  const replicas = useReplicas();

  it('one userName in any case is created once, the others are 409 uniqueness (RFC 7644 3.3, passbolt PBL-15-005)', async () => {
    const { clients } = await replicas().organization();
    await repeat(4, async (round) => {
      const names = range(12).map((n) =>
        n % 3 === 0 ? `Straße-${round}` : n % 3 === 1 ? `STRASSE-${round}` : `strasse-${round}`,
      );
      const replies = await atOnce(clients, names, (scim, userName) => scim.post('/Users', { userName }));
      expect(tally(replies)).toEqual({ 201: 1, 409: 11 });
      for (const reply of replies) if (reply.status === 409) expectError(reply, 409, 'uniqueness');
      expect(await query(clients[0], '/Users', { filter: `userName eq "strasse-${round}"` })).toHaveLength(1);
    });
  });

  it('different users are all created, and counted (RFC 7644 3.3)', async () => {
    const { clients } = await replicas().organization();
    const replies = await atOnce(clients, range(40), (scim, n) =>
      scim.post('/Users', { userName: `user-${n}` }),
    );
    expect(tally(replies)).toEqual({ 201: 40 });
    const ids = replies.map(({ body }) => body.id);
    expect(new Set(ids).size).toBe(40);
    expect((await clients[1].get('/Users?count=0')).body.totalResults).toBe(41);
  });

  it('a removed account is restored once (product decision)', async () => {
    const { clients } = await replicas().organization();
    await repeat(4, async (round) => {
      const userName = `comes back ${round}`;
      const { id } = await createUser(clients[0], { userName });
      expectStatus(await clients[0].delete(`/Users/${id}`), 204);
      const replies = await atOnce(clients, range(8), (scim) => scim.post('/Users', { userName }));
      expect(tally(replies)).toEqual({ 201: 1, 409: 7 });
      expect(replies.find(({ status }) => status === 201)?.body.id).toBe(id);
      expect((await clients[1].get('/Users?count=0')).body.totalResults).toBe(round + 1);
    });
  });

  it('a DELETE and a POST of one userName leave one user or none, never two (product decision)', async () => {
    const { clients } = await replicas().organization();
    await repeat(12, async (round) => {
      const userName = `now or then ${round}`;
      const { id } = await createUser(clients[0], { userName });
      const [removed, created] = await Promise.all([
        clients[0].delete(`/Users/${id}`),
        clients[1].post('/Users', { userName }),
      ]);
      expectStatus(removed, 204);
      expectStatus(created, 201, 409);
      if (created.status === 201) expect(created.body.id).toBe(id);
      const found = await query(clients[0], '/Users', { filter: `userName eq "${userName}"` });
      expect(found).toHaveLength(created.status === 201 ? 1 : 0);
      expect((await clients[1].get('/Users?count=0')).body.totalResults).toBe(found.length + 1);
      for (const user of found) expectStatus(await clients[0].delete(`/Users/${user.id}`), 204);
    });
  });

  it('a POST that meets a DELETE under way makes no second account: the name is taken, or the account is restored (product decision)', async () => {
    const { clients, id: organizationId } = await replicas().organization();
    const locks = await LockHolder.connect(replicas().servers[0].database);
    const userName = 'leaving';
    const { id } = await createUser(clients[0], { userName });
    let removing: Promise<Reply> | undefined;
    let creating: Promise<Reply> | undefined;
    try {
      // The removal has changed the user and waits, its transaction open, for the counters.
      const counters = `select 1 from organization_counters where org_id = '${organizationId}' for update`;
      await locks.holding(counters, async () => {
        removing = clients[0].delete(`/Users/${id}`);
        await locks.untilBlocked(1);
        creating = clients[1].post('/Users', { userName });
        await Promise.race([creating, locks.untilBlocked(2)]);
      });
    } finally {
      await locks.close();
    }
    expect((await removing)?.status).toBe(204);
    const created = await creating;
    if (created?.status === 201) expect(created.body.id).toBe(id);
    else expect(created?.status).toBe(409);
    expectStatus(await clients[0].post('/Users', { userName }), created?.status === 201 ? 409 : 201);
    const [found, ...others] = await query(clients[1], '/Users', { filter: `userName eq "${userName}"` });
    expect(found?.id).toBe(id);
    expect(others).toEqual([]);
    expect((await clients[1].get('/Users?count=0')).body.totalResults).toBe(2);
  });

  it('one user is removed once: the others are 404 (RFC 7644 3.6)', async () => {
    const { clients } = await replicas().organization();
    const { id } = await createUser(clients[0]);
    const replies = await atOnce(clients, range(8), (scim) => scim.delete(`/Users/${id}`));
    expect(tally(replies)).toEqual({ 204: 1, 404: 7 });
    expect((await clients[0].get('/Users?count=0')).body.totalResults).toBe(1);
  });

  it('PATCHes of different attributes lose nothing (RFC 7644 3.5.2)', async () => {
    const { clients } = await replicas().organization();
    const { id } = await createUser(clients[0]);
    const paths = [
      'title',
      'nickName',
      'displayName',
      'userType',
      'locale',
      'timezone',
      'name.givenName',
      'name.familyName',
    ];
    const replies = await atOnce(clients, paths, (scim, path) =>
      scim.operations(`/Users/${id}`, { op: 'replace', path, value: `new ${path}` }),
    );
    expect(tally(replies)).toEqual({ 200: paths.length });
    const user = await read(clients[0], `/Users/${id}`);
    for (const path of paths) {
      const [attribute = '', sub] = path.split('.');
      expect(sub === undefined ? user[attribute] : user[attribute][sub]).toBe(`new ${path}`);
    }
    expect(user.meta.version).toContain(`"${1 + paths.length}-`);
  });

  it('elements added by several PATCHes are all there (RFC 7644 3.5.2.1)', async () => {
    const { clients } = await replicas().organization();
    const { id } = await createUser(clients[0]);
    const values = range(6).map((n) => `mail-${n}@example.com`);
    const replies = await atOnce(clients, values, (scim, value) =>
      scim.operations(`/Users/${id}`, { op: 'add', path: 'emails', value: [{ value }] }),
    );
    expect(tally(replies)).toEqual({ 200: values.length });
    const { emails } = await read(clients[0], `/Users/${id}`);
    expect(emails.map(({ value }: { value: string }) => value).sort()).toEqual(values);
  });

  it.each(['PUT', 'PATCH', 'DELETE'])(
    'of %s under one If-Match exactly one wins (RFC 7644 3.14)',
    async (method) => {
      const { clients } = await replicas().organization();
      await repeat(3, async () => {
        const { id, meta, userName } = await createUser(clients[0]);
        const headers = { 'If-Match': meta.version };
        const path = `/Users/${id}`;
        const replies = await atOnce(clients, range(8), (scim, n) => {
          if (method === 'DELETE') return scim.delete(path, headers);
          if (method === 'PUT') return scim.put(path, { userName, title: `title ${n}` }, headers);
          const Operations = [{ op: 'replace', path: 'title', value: `title ${n}` }];
          return scim.patch(
            path,
            { schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations },
            headers,
          );
        });
        const won = method === 'DELETE' ? 204 : 200;
        const winners = replies.filter(({ status }) => status === won);
        expect(winners).toHaveLength(1);
        for (const { status } of replies)
          expect([won, 412, ...(method === 'DELETE' ? [404] : [])]).toContain(status);
        if (method !== 'DELETE') expect((await read(clients[1], path)).title).toBe(winners[0]?.body.title);
      });
    },
  );

  it('PUTs leave the user as exactly one of them says (RFC 7644 3.5.1)', async () => {
    const { clients } = await replicas().organization();
    await repeat(20, async () => {
      const { id, userName } = await createUser(clients[0]);
      const bodies = range(8).map((n) => ({
        userName,
        title: `title ${n}`,
        ...(n % 2 === 0 ? { externalId: `external ${n}` } : {}),
      }));
      const replies = await atOnce(clients, bodies, (scim, body) => scim.put(`/Users/${id}`, body));
      expect(tally(replies)).toEqual({ 200: bodies.length });
      const { title, externalId } = await read(clients[0], `/Users/${id}`);
      expect(bodies).toContainEqual({ userName, title, ...(externalId === undefined ? {} : { externalId }) });
    });
  });

  it('a PATCH that meets a DELETE brings nobody back (RFC 7644 3.6)', async () => {
    const { clients } = await replicas().organization();
    await repeat(10, async (round) => {
      const { id, userName } = await createUser(clients[0]);
      const change =
        round % 2 === 0
          ? { op: 'replace', path: 'active', value: true }
          : { op: 'replace', path: 'title', value: 'T' };
      const [patched, removed] = await Promise.all([
        clients[0].operations(`/Users/${id}`, change),
        clients[1].delete(`/Users/${id}`),
      ]);
      expectStatus(patched, 200, 404);
      expectStatus(removed, 204);
      expectStatus(await clients[0].get(`/Users/${id}`), 404);
      expect(await query(clients[0], '/Users', { filter: `userName eq "${userName}"` })).toEqual([]);
    });
  });

  it('renames to one userName: one succeeds, the others are 409 (RFC 7644 3.5.2)', async () => {
    const { clients } = await replicas().organization();
    const users = await Promise.all(range(6).map(() => createUser(clients[0])));
    const replies = await atOnce(clients, users, (scim, { id }) =>
      scim.operations(`/Users/${id}`, { op: 'replace', path: 'userName', value: 'everybody' }),
    );
    expect(tally(replies)).toEqual({ 200: 1, 409: 5 });
  });
});
