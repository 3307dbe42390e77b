import { expect, it } from '@jest/globals';
import { expectError } from '../conformance/rfc/support/assertions.js';
import { createUser, query } from '../conformance/rfc/support/resources.js';
import { ROLLCALL } from '../conformance/rfc/support/urns.js';
import { LockHolder } from '../support/lock-holder.js';
import { describeOnPostgres } from '../support/real-postgres.js';
import type { Reply, ScimClient } from '../support/scim-client.js';
import { atOnce, range, repeat, useReplicas } from './support/replicas.js';

const LIMIT = 3;

/** Seats taken; the admin of a fresh organization takes one. */
const taken = async (scim: ScimClient): Promise<number> =>
  (await query(scim, '/Users', { filter: `${ROLLCALL}:seat eq "full" and active eq true` })).length;

function expectOneMore(replies: readonly Reply[], status: number): void {
  expect(replies.filter((reply) => reply.status === status)).toHaveLength(1);
  for (const reply of replies) if (reply.status !== status) expectError(reply, 403);
}

describeOnPostgres('the last seat, wanted at once (product decision)', () => {
  const replicas = useReplicas({ SEAT_LIMIT: String(LIMIT) });

  it('by new users: exactly one gets it', async () => {
    const { clients } = await replicas().organization();
    await createUser(clients[0]);
    const replies = await atOnce(clients, range(8), (scim, n) =>
      scim.post('/Users', { userName: `new-${n}` }),
    );
    expectOneMore(replies, 201);
    expect(await taken(clients[1])).toBe(LIMIT);
  });

  it('by users who come back: exactly one gets it', async () => {
    const { clients } = await replicas().organization();
    await createUser(clients[0]);
    const waiting = await Promise.all(range(6).map(() => createUser(clients[0], { active: false })));
    const replies = await atOnce(clients, waiting, (scim, { id }) =>
      scim.operations(`/Users/${id}`, { op: 'replace', path: 'active', value: true }),
    );
    expectOneMore(replies, 200);
    expect(await taken(clients[1])).toBe(LIMIT);
  });

  it('by users of another seat: exactly one gets it', async () => {
    const { clients } = await replicas().organization();
    await createUser(clients[0]);
    const viewers = await Promise.all(
      range(6).map(() => createUser(clients[0], { [ROLLCALL]: { seat: 'viewer' } })),
    );
    const replies = await atOnce(clients, viewers, (scim, { id }) =>
      scim.operations(`/Users/${id}`, { op: 'replace', path: `${ROLLCALL}:seat`, value: 'full' }),
    );
    expectOneMore(replies, 200);
    expect(await taken(clients[1])).toBe(LIMIT);
  });

  it('by one user whose reactivation meets a change of seat: one of the two is refused', async () => {
    const { clients } = await replicas().organization();
    for (let seats = 1; seats < LIMIT; seats += 1) await createUser(clients[0]);
    const { id } = await createUser(clients[0], { active: false, [ROLLCALL]: { seat: 'viewer' } });
    const locks = await LockHolder.connect(replicas().servers[0].database);
    let reactivation: Promise<Reply> | undefined;
    let seatChange: Promise<Reply> | undefined;
    try {
      // The reactivation has read that the seat is a viewer's, and waits, its transaction open, for the roles.
      await locks.holding('lock table roles in access exclusive mode', async () => {
        reactivation = clients[0].operations(`/Users/${id}`, { op: 'replace', path: 'active', value: true });
        await locks.untilBlocked(1);
        seatChange = clients[1].operations(`/Users/${id}`, {
          op: 'replace',
          path: `${ROLLCALL}:seat`,
          value: 'full',
        });
        await Promise.race([seatChange, locks.untilBlocked(2)]);
      });
    } finally {
      await locks.close();
    }
    const statuses = [(await reactivation)?.status, (await seatChange)?.status];
    expect(statuses.sort()).toEqual([200, 403]);
    expect(await taken(clients[1])).toBe(LIMIT);
  });

  it('by new, returning, restored and changed users together: never more than there are', async () => {
    const { clients } = await replicas().organization();
    const removed = await createUser(clients[0]);
    await clients[0].delete(`/Users/${removed.id}`);
    const inactive = await createUser(clients[0], { active: false });
    const viewer = await createUser(clients[0], { [ROLLCALL]: { seat: 'viewer' } });
    await createUser(clients[0]);
    const replies = await Promise.all([
      clients[0].post('/Users', { userName: 'brand new' }),
      clients[1].post('/Users', { userName: removed.userName }),
      clients[0].put(`/Users/${inactive.id}`, { userName: inactive.userName, active: true }),
      clients[1].operations(`/Users/${viewer.id}`, {
        op: 'replace',
        path: `${ROLLCALL}:seat`,
        value: 'full',
      }),
    ]);
    expect(replies.filter(({ status }) => status < 300)).toHaveLength(1);
    expect(await taken(clients[1])).toBe(LIMIT);
  });

  it('by somebody who accepts an invitation and by new users: exactly one gets it', () =>
    repeat(3, async () => {
      const { clients, ...organization } = await replicas().organization();
      await createUser(clients[0]);
      const { services } = replicas().servers[1];
      const [issued] = await services.invitations.invite(organization.context, {
        emails: ['guest@example.com'],
        organizationRole: undefined,
        seat: undefined,
        teamRoles: [],
        sendEmail: false,
      });
      const secret = issued?.link?.slice(issued.link.lastIndexOf('/') + 1) ?? '';
      const accept = (): Promise<number> =>
        services.acceptance
          .accept(
            { requestId: 'test', sourceAddress: undefined },
            { secret, password: 'correct horse battery staple', displayName: undefined },
            () => Promise.resolve(undefined),
          )
          .then(
            () => 201,
            (error: unknown) => {
              expect(error).toMatchObject({ code: 'user.seat_limit_reached' });
              return 403;
            },
          );
      const locks = await LockHolder.connect(replicas().servers[0].database);
      let statuses: Promise<readonly number[]> | undefined;
      try {
        // All of them stand at the organization's lock when it opens.
        const lock = `select 1 from organizations where id = '${organization.id}' for update`;
        await locks.holding(lock, async () => {
          const created = range(3).map((n) => clients[0].post('/Users', { userName: `new-${n}` }));
          statuses = Promise.all([accept(), ...created.map(async (reply) => (await reply).status)]);
          await locks.untilBlocked(4);
        });
      } finally {
        await locks.close();
      }
      expect([...((await statuses) ?? [])].sort()).toEqual([201, 403, 403, 403]);
      expect(await taken(clients[1])).toBe(LIMIT);
    }));
});
