import { describe, expect, it } from '@jest/globals';
import { expectStatus } from '../conformance/rfc/support/assertions.js';
import { createUser, query } from '../conformance/rfc/support/resources.js';
import { ROLLCALL } from '../conformance/rfc/support/urns.js';
import { describeOnPostgres } from '../support/real-postgres.js';
import type { Reply, ScimClient } from '../support/scim-client.js';
import { atOnce, range, repeat, tally, useReplicas } from './support/replicas.js';

type Way = (scim: ScimClient, id: string) => Promise<Reply>;

const demote: Way = (scim, id) =>
  scim.operations(`/Users/${id}`, { op: 'replace', path: `${ROLLCALL}:organizationRole`, value: 'member' });
const deactivate: Way = (scim, id) =>
  scim.operations(`/Users/${id}`, { op: 'replace', path: 'active', value: false });
const remove: Way = (scim, id) => scim.delete(`/Users/${id}`);

const WAYS = { demote, deactivate, remove };
const PAIRS = Object.keys(WAYS).flatMap((first) =>
  Object.keys(WAYS).map((second) => [first, second] as const),
);

const admin = async (scim: ScimClient): Promise<string> =>
  (await createUser(scim, { [ROLLCALL]: { organizationRole: 'admin' } })).id;

const admins = (scim: ScimClient) =>
  query(scim, '/Users', { filter: `${ROLLCALL}:organizationRole eq "admin" and active eq true` });

describeOnPostgres('the last active admin, attacked at once (Grafana CVE-2026-22640)', () => {
  const replicas = useReplicas();

  describe('two admins against each other', () => {
    it.each(PAIRS)('one wants to %s, the other to %s: exactly one succeeds', async (first, second) => {
      await repeat(4, async () => {
        const { clients, adminId } = await replicas().organization();
        const other = await admin(clients[0]);
        const [one, two] = await Promise.all([
          WAYS[first as keyof typeof WAYS](clients[0], other),
          WAYS[second as keyof typeof WAYS](clients[1], adminId),
        ]);
        const refused = [one, two].filter(({ status }) => status === 403);
        expect(refused).toHaveLength(1);
        expectStatus(one, 200, 204, 403);
        expectStatus(two, 200, 204, 403);
        expect(await admins(clients[0])).toHaveLength(1);
      });
    });
  });

  it('many demotions leave one', async () => {
    const { clients, adminId } = await replicas().organization();
    const ids = [adminId, ...(await Promise.all(range(9).map(() => admin(clients[0]))))];
    const replies = await atOnce(clients, ids, demote);
    expect(tally(replies)).toEqual({ 200: 9, 403: 1 });
    expect(await admins(clients[0])).toHaveLength(1);
  });

  it('a promotion at the same time never lets the last one go', async () => {
    await repeat(6, async () => {
      const { clients, adminId } = await replicas().organization();
      const { id } = await createUser(clients[0]);
      const promoted = clients[0].operations(`/Users/${id}`, {
        op: 'replace',
        path: `${ROLLCALL}:organizationRole`,
        value: 'admin',
      });
      const replies = await Promise.all([promoted, demote(clients[1], adminId), deactivate(clients[0], id)]);
      for (const reply of replies) expectStatus(reply, 200, 403);
      expect((await admins(clients[0])).length).toBeGreaterThanOrEqual(1);
    });
  });
});
