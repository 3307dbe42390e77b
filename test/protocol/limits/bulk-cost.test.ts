import { describe, expect, it } from '@jest/globals';
import { expectError, expectStatus } from '../../conformance/rfc/support/assertions.js';
import { bulk, bulkResults, postUser, statusesOf } from '../../conformance/rfc/support/bulk.js';
import { createUser } from '../../conformance/rfc/support/resources.js';
import { GROUP, PATCH_OP } from '../../conformance/rfc/support/urns.js';
import { useServer } from '../../persistence/support/use-server.js';
import { testClock } from '../../support/clock.js';

const RATE = 10;

const users = (count: number, prefix: string): object[] =>
  Array.from({ length: count }, (_, index) => postUser(`b${index}`, `${prefix}-${index}@example.com`));

describe('what a Bulk request costs (RFC 7644 3.7, RFC 6585 4)', () => {
  // Time stands still unless a test moves it, so that nothing is allowed again by itself.
  const clock = testClock();
  const server = useServer({ clock, env: { SCIM_RATE_LIMIT: String(RATE) } });

  it('is one request for each operation', async () => {
    const { scim } = await server().organization();
    await bulkResults(scim, users(RATE, 'a'));
    for (let request = 0; request < RATE; request += 1) expectStatus(await scim.get('/Me'), 501);
    expectError(await scim.get('/Me'), 429);
  });

  it('may be more than the burst: it is done whole, and the connection then waits until it is paid', async () => {
    const { scim } = await server().organization();
    const results = await bulkResults(scim, users(6 * RATE, 'b'));
    expect(new Set(statusesOf(results))).toEqual(new Set(['201']));
    const refused = await scim.get('/Me');
    expectError(refused, 429);
    // A burst of 2 seconds was there, 6 seconds' worth was taken; one more request needs a tenth of a second.
    expect(refused.headers.get('retry-after')).toBe('5');
    clock.advance(4_000);
    expectError(await scim.get('/Me'), 429);
    clock.advance(1_000);
    expectStatus(await scim.get('/Me'), 501);
  });

  it('is asked for before anything is done, and only one Bulk at a time may run up a debt', async () => {
    const { scim } = await server().organization();
    const names = ['c', 'd', 'e', 'f'];
    const replies = await Promise.all(names.map((name) => bulk(scim, users(6 * RATE, name))));
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 429, 429, 429]);
    clock.advance(60_000);
    const { totalResults } = (await scim.get('/Users?count=0')).body;
    expect(totalResults).toBe(6 * RATE + 1);
  });

  it('holds up no other connection', async () => {
    const organization = await server().organization();
    const other = await organization.connection();
    const { scim } = organization;
    await bulkResults(scim, users(6 * RATE, 'g'));
    expectError(await scim.get('/Me'), 429);
    expectStatus(await other.scim.get('/Me'), 501);
  });
});

describe('the work of the PATCHes in one Bulk request', () => {
  const server = useServer();

  /** Each looks at about half of what a request may look at: 500 values of 400 characters, 200 terms, twice. */
  const heavyPatch = (id: string): object => {
    const terms = Array.from({ length: 200 }, (_, index) => `value eq "${index}@example.com"`).join(' or ');
    const remove = { op: 'remove', path: `emails[${terms}]` };
    return {
      method: 'PATCH',
      path: `/Users/${id}`,
      data: { schemas: [PATCH_OP], Operations: [remove] },
    };
  };

  it('is limited together, as that of one PATCH is: 413 for those that go beyond', async () => {
    const { scim } = await server().organization();
    const emails = Array.from({ length: 450 }, (_, index) => ({
      value: `${'x'.repeat(200)}${index}@${'y'.repeat(20)}.example.com`,
    }));
    const { id } = await createUser(scim, { emails });
    expect(statusesOf(await bulkResults(scim, [heavyPatch(id)]))).toEqual(['200']);
    const results = await bulkResults(
      scim,
      Array.from({ length: 20 }, () => heavyPatch(id)),
    );
    const statuses = statusesOf(results);
    expect(statuses[0]).toBe('200');
    expect(statuses.at(-1)).toBe('413');
    expect([...statuses].sort()).toEqual(statuses);
  });

  it('selects members by a filter only so often', async () => {
    const { scim } = await server().organization();
    const group = await scim.post('/Groups', {
      schemas: [GROUP],
      displayName: 'selected from',
    });
    const select = {
      method: 'PATCH',
      path: `/Groups/${group.body.id}`,
      data: {
        schemas: [PATCH_OP],
        Operations: [{ op: 'remove', path: 'members[display eq "nobody"]' }],
      },
    };
    const statuses = statusesOf(
      await bulkResults(
        scim,
        Array.from({ length: 12 }, () => select),
      ),
    );
    expect(statuses).toEqual([...Array.from({ length: 10 }, () => '204'), '413', '413']);
  });

  it('a single PATCH may select members by a filter only so often', async () => {
    const { scim } = await server().organization();
    const group = await scim.post('/Groups', {
      schemas: [GROUP],
      displayName: 'selected from',
    });
    const select = { op: 'remove', path: 'members[display eq "nobody"]' };
    const path = `/Groups/${group.body.id}`;
    expectStatus(await scim.operations(path, ...Array.from({ length: 10 }, () => select)), 204);
    expectError(await scim.operations(path, ...Array.from({ length: 11 }, () => select)), 413);
  });
});
