import { describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { expectStatus } from '../conformance/rfc/support/assertions.js';
import { withQuery } from '../conformance/rfc/support/resources.js';
import { useServer } from './support/use-server.js';

const server = useServer();

/** What breaks out of a statement that is put together from text (OWASP SQL Injection Prevention Cheat Sheet). */
const HOSTILE = [
  "'; drop table users; --",
  "' or '1'='1",
  "x') or 1=1 --",
  "\\'; select pg_sleep(5); --",
  '"; delete from users; --',
  '$1',
  '$$; drop table users; $$',
  '/* */ union select * from connection_tokens --',
  '%',
  '_',
  '{"$gt": ""}',
  'null',
  '\u02bc or 1=1',
] as const;

const quoted = (text: string): string => JSON.stringify(text);

describe('hostile text is text (OWASP SQL injection)', () => {
  it.each(HOSTILE)('as a name and as a literal of a filter: %s', async (text) => {
    const { scim } = await server().organization();
    const body = { userName: `u${text}`, displayName: text, emails: [{ value: text }], externalId: text };
    const created = await scim.post('/Users', body);
    expectStatus(created, 201);
    expect(created.body).toMatchObject(body);
    const literal = quoted(text);
    const filters = [
      `userName ew ${literal}`,
      `displayName eq ${literal}`,
      `emails.value eq ${literal}`,
      `emails[value co ${literal}]`,
      `externalId eq ${literal}`,
      `displayName ge ${literal} and displayName le ${literal}`,
    ];
    for (const filter of filters) {
      const reply = await scim.get(withQuery('/Users', { filter }));
      expectStatus(reply, 200);
      expect(reply.body.Resources.map(({ id }: { id: string }) => id)).toEqual([created.body.id]);
    }
  });

  it.each(HOSTILE)('as the name of a team and of a role: %s', async (text) => {
    const { scim } = await server().organization();
    for (const [endpoint, name, body] of [
      ['/Groups', 'displayName', { displayName: text }],
      ['/Roles', 'name', { name: text, inheritedFrom: 'viewer' }],
    ] as const) {
      expectStatus(await scim.post(endpoint, body), 201);
      const reply = await scim.get(withQuery(endpoint, { filter: `${name} eq ${quoted(text)}` }));
      expect(reply.body).toMatchObject({ totalResults: 1, Resources: [body] });
    }
  });

  it.each(HOSTILE)('as an id, a member and a manager: %s', async (text) => {
    const { scim, adminId } = await server().organization();
    const segment = encodeURIComponent(text);
    expectStatus(await scim.get(`/Users/${segment}`), 404);
    expectStatus(await scim.delete(`/Groups/${segment}`), 404);
    expectStatus(
      await scim.get(withQuery('/Users', { filter: `id eq ${quoted(text)} or groups eq ${quoted(text)}` })),
      200,
    );
    expectStatus(await scim.post('/Groups', { displayName: 'team', members: [{ value: text }] }), 400);
    expectStatus(
      await scim.operations(`/Users/${adminId}`, { op: 'add', path: 'manager', value: { value: text } }),
      200,
    );
    const team = await scim.post('/Groups', { displayName: 'team', members: [{ value: adminId }] });
    expectStatus(team, 201);
    const path = `members[value eq ${quoted(text)}]`;
    await scim.operations(`/Groups/${team.body.id}`, { op: 'remove', path });
    expect((await scim.get(`/Groups/${team.body.id}`)).body.members).toHaveLength(1);
  });

  it.each(HOSTILE)('as what to sort by and what to show: %s', async (text) => {
    const { scim } = await server().organization();
    expectStatus(await scim.get(withQuery('/Users', { sortBy: text })), 400);
    expectStatus(await scim.get(withQuery('/Users', { sortBy: 'userName', sortOrder: text })), 400);
    expect((await scim.get(withQuery('/Users', { attributes: text }))).status).toBeLessThan(500);
  });

  it('every table is still there', async () => {
    const { rows } = await sql<{ users: number; tokens: number }>`
      select (select count(*)::int from users) as users, (select count(*)::int from connection_tokens) as tokens`.execute(
      server().database.connection.db,
    );
    expect(rows[0]?.users).toBeGreaterThan(HOSTILE.length);
    expect(rows[0]?.tokens).toBeGreaterThan(HOSTILE.length);
  });
});
