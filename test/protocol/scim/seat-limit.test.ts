import { describe, expect, it } from '@jest/globals';
import type { Reply } from '../../support/scim-client.js';
import { expectError, expectStatus } from '../../conformance/rfc/support/assertions.js';
import { bulkResults, postUser, statusesOf } from '../../conformance/rfc/support/bulk.js';
import { createGroup, createUser, matching, read } from '../../conformance/rfc/support/resources.js';
import { ROLLCALL, USER } from '../../conformance/rfc/support/urns.js';
import { useServer } from '../../conformance/rfc/support/use-server.js';

// One full seat is the first admin's, so two are left in every organization.
const server = useServer({ env: { SEAT_LIMIT: '3', VIEWER_SEAT_LIMIT: '1' } });

/** The refusal of a product rule. */
function expectSeatLimit(reply: Reply): void {
  expectError(reply, 403);
  expect(reply.body.detail).toContain('Seat limit reached');
}

async function seedFull(): Promise<{
  scim: Awaited<ReturnType<typeof server.organization>>['scim'];
  first: string;
}> {
  const { scim } = await server.organization();
  const { id } = await createUser(scim, { userName: 'first' });
  await createUser(scim, { userName: 'second' });
  return { scim, first: id };
}

describe('the seat limit (product decision)', () => {
  it('a user over it is 403 "Seat limit reached" and not stored (product decision)', async () => {
    const { scim } = await seedFull();
    expectSeatLimit(await scim.post('/Users', { schemas: [USER], userName: 'third' }));
    expect(await matching(scim, '/Users', 'userName eq "third"')).toEqual([]);
  });

  it('a user occupies a seat only while active (product decision)', async () => {
    const { scim, first } = await seedFull();
    const set = (active: boolean): Promise<Reply> =>
      scim.operations(`/Users/${first}`, { op: 'replace', path: 'active', value: active });
    expectStatus(await set(false), 200);
    await createUser(scim, { userName: 'third' });
    expectSeatLimit(await set(true));
    expect((await read(scim, `/Users/${first}`)).active).toBe(false);
  });

  it('DELETE frees the seat; restoring needs one again (product decision)', async () => {
    const { scim, first } = await seedFull();
    expectStatus(await scim.delete(`/Users/${first}`), 204);
    await createUser(scim, { userName: 'third' });
    expectSeatLimit(await scim.post('/Users', { schemas: [USER], userName: 'first' }));
    expectError(await scim.get(`/Users/${first}`), 404);
  });

  it('users without a seat, inactive users and service accounts need none (product decision)', async () => {
    const { scim } = await seedFull();
    await createGroup(scim, { displayName: 'ml-platform' });
    await createUser(scim, { seat: 'none' });
    await createUser(scim, { active: false });
    await createUser(scim, { accountType: 'SERVICE', defaultTeam: 'ml-platform' });
    await createUser(scim, { accountType: 'ORG_SERVICE', defaultTeam: 'ml-platform' });
  });

  it('raising a seat counts, and nothing of the refused request is applied (product decision)', async () => {
    const { scim } = await seedFull();
    const user = await createUser(scim, { seat: 'none' });
    const reply = await scim.operations(
      `/Users/${user.id}`,
      { op: 'replace', path: 'title', value: 'x' },
      { op: 'replace', path: 'seat', value: 'full' },
    );
    expectSeatLimit(reply);
    expect(await read(scim, `/Users/${user.id}`)).toEqual(user);
  });

  it('viewer seats are counted apart (product decision)', async () => {
    const { scim } = await seedFull();
    const viewer = await createUser(scim, { seat: 'viewer' });
    expect(viewer[ROLLCALL].seat).toBe('viewer');
    expectSeatLimit(await scim.post('/Users', { schemas: [USER], userName: 'late', seat: 'viewer' }));
    expectStatus(
      await scim.operations(`/Users/${viewer.id}`, { op: 'replace', path: 'seat', value: 'none' }),
      200,
    );
    await createUser(scim, { userName: 'late', seat: 'viewer' });
  });

  it('PUT cannot take a seat that is not there (product decision)', async () => {
    const { scim, first } = await seedFull();
    expectStatus(
      await scim.operations(`/Users/${first}`, { op: 'replace', path: 'active', value: false }),
      200,
    );
    await createUser(scim, { userName: 'third' });
    const own = await read(scim, `/Users/${first}`);
    expectSeatLimit(await scim.put(`/Users/${first}`, { ...own, active: true, title: 'x' }));
    expect(await read(scim, `/Users/${first}`)).toEqual(own);
  });

  it('Bulk is refused operation by operation (product decision)', async () => {
    const { scim } = await server.organization();
    const results = await bulkResults(
      scim,
      ['a', 'b', 'c', 'd'].map((name) => postUser(name, name)),
    );
    expect(statusesOf(results)).toEqual(['201', '201', '403', '403']);
    expect(results[2].response.detail).toContain('Seat limit reached');
  });

  it('parallel creates never take more seats than there are (product decision)', async () => {
    const { scim } = await server.organization();
    const replies = await Promise.all(
      ['a', 'b', 'c', 'd', 'e'].map((userName) => scim.post('/Users', { schemas: [USER], userName })),
    );
    expect(replies.map((reply) => reply.status).sort()).toEqual([201, 201, 403, 403, 403]);
  });
});
