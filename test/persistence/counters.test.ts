import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { sql } from 'kysely';
import type { TestOrganization } from '../support/server.js';
import { expectStatus } from '../conformance/rfc/support/assertions.js';
import { useServer } from './support/use-server.js';

const server = useServer();

type Step =
  | 'create'
  | 'create taken'
  | 'delete'
  | 'delete gone'
  | 'restore'
  | 'deactivate'
  | 'team'
  | 'archive'
  | 'bulk';

const steps = fc.array(
  fc.constantFrom<Step>(
    'create',
    'create taken',
    'delete',
    'delete gone',
    'restore',
    'deactivate',
    'team',
    'archive',
    'bulk',
  ),
  { minLength: 5, maxLength: 25 },
);

/** Live rows, counted one by one. */
async function countRows(organizationId: string): Promise<{ users: number; teams: number }> {
  const { rows } = await sql<{ users: number; teams: number }>`
    select (select count(*)::int from users where org_id = ${organizationId}::uuid and removed_at is null) as users,
      (select count(*)::int from teams where org_id = ${organizationId}::uuid and archived_at is null) as teams`.execute(
    server().database.connection.db,
  );
  return rows[0] ?? { users: -1, teams: -1 };
}

/** What lists without a filter say, which is read from organization_counters. */
async function totals({ scim }: TestOrganization): Promise<{ users: number; teams: number }> {
  const [users, teams] = await Promise.all([scim.get('/Users?count=0'), scim.get('/Groups?count=0')]);
  return { users: Number(users.body.totalResults), teams: Number(teams.body.totalResults) };
}

/** Plays the steps on one organization, each on the newest resource that it fits. */
async function play({ scim }: TestOrganization, script: readonly Step[]): Promise<void> {
  const live: { id: string; userName: string }[] = [];
  const removed: { id: string; userName: string }[] = [];
  const teams: string[] = [];
  for (const [index, step] of script.entries()) {
    const last = live.at(-1);
    switch (step) {
      case 'create': {
        const userName = `user-${index}`;
        const reply = await scim.post('/Users', { userName });
        expectStatus(reply, 201);
        live.push({ id: reply.body.id, userName });
        break;
      }
      case 'create taken':
        expectStatus(
          await scim.post('/Users', { userName: last?.userName ?? 'root-admin@example.com' }),
          409,
        );
        break;
      case 'delete':
        if (!last) break;
        expectStatus(await scim.delete(`/Users/${last.id}`), 204);
        live.pop();
        removed.push(last);
        break;
      case 'delete gone':
        if (removed[0]) expectStatus(await scim.delete(`/Users/${removed[0].id}`), 404);
        break;
      case 'restore': {
        const found = removed.pop();
        if (!found) break;
        const reply = await scim.post('/Users', { userName: found.userName.toUpperCase() });
        expectStatus(reply, 201);
        expect(reply.body.id).toBe(found.id);
        live.push(found);
        break;
      }
      case 'deactivate':
        if (last)
          expectStatus(
            await scim.operations(`/Users/${last.id}`, { op: 'replace', path: 'active', value: false }),
            200,
          );
        break;
      case 'team': {
        const reply = await scim.post('/Groups', {
          displayName: `team-${index}`,
          members: live.map(({ id }) => ({ value: id })),
        });
        expectStatus(reply, 201);
        teams.push(reply.body.id);
        break;
      }
      case 'archive': {
        const id = teams.pop();
        if (id) expectStatus(await scim.delete(`/Groups/${id}`), 204);
        break;
      }
      case 'bulk': {
        const userName = `bulk-${index}`;
        const Operations = [
          { method: 'POST', path: '/Users', bulkId: '1', data: { userName } },
          { method: 'POST', path: '/Users', bulkId: '2', data: { userName } },
        ];
        expectStatus(
          await scim.post('/Bulk', {
            schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],
            Operations,
          }),
          200,
        );
        break;
      }
    }
  }
}

describe('the counters behind totalResults (RFC 7644 3.4.2)', () => {
  it('equal the number of live rows after any sequence of changes and refusals', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (script) => {
        const organization = await server().organization();
        await play(organization, script);
        expect(await totals(organization)).toEqual(await countRows(organization.id));
      }),
      { numRuns: 15 },
    );
  });

  it('follow an account that is removed for good', async () => {
    const organization = await server().organization({ onUserDelete: 'remove' });
    const created = await organization.scim.post('/Users', { userName: 'gone for good' });
    expectStatus(await organization.scim.delete(`/Users/${created.body.id}`), 204);
    expectStatus(await organization.scim.post('/Users', { userName: 'gone for good' }), 201);
    expect(await totals(organization)).toEqual(await countRows(organization.id));
    expect(await totals(organization)).toEqual({ users: 2, teams: 0 });
  });

  it('belong to one organization', async () => {
    const [one, other] = [await server().organization(), await server().organization()];
    await one.scim.post('/Users', { userName: 'somebody' });
    expect(await totals(other)).toEqual({ users: 1, teams: 0 });
  });
});
