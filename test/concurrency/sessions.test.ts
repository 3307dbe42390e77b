import { expect, it } from '@jest/globals';
import { sql } from 'kysely';
import type { RequestContext } from '../../src/directory/request-context.js';
import { expectStatus } from '../conformance/rfc/support/assertions.js';
import { LockHolder } from '../support/lock-holder.js';
import { describeOnPostgres } from '../support/real-postgres.js';
import type { TestServer } from '../support/server.js';
import { range, repeat, useReplicas } from './support/replicas.js';

const URN = 'urn:ietf:params:scim:schemas:extension:rollcall:2.0:User';
const DEACTIVATION = { op: 'replace', path: 'active', value: false };
const ACTIVATION = { op: 'replace', path: 'active', value: true };

describeOnPostgres('sessions across replicas', () => {
  const replicas = useReplicas();

  async function seed() {
    const organization = await replicas().organization();
    const { body } = await organization.scim.post('/Users', { userName: 'ada' });
    const userId = String(body.id);
    const context: RequestContext = {
      organizationId: organization.id,
      actor: { kind: 'user', id: userId },
      requestId: 'test',
      sourceAddress: undefined,
    };
    const signIn = ({ services }: TestServer) =>
      services.sessions.open(context, userId, {
        origin: { method: 'password' },
        userAgent: undefined,
        replaces: undefined,
      });
    return { ...organization, userId, signIn };
  }

  it('a session of somebody deactivated through one replica is refused by the next request at the other (product decision)', async () => {
    const { clients, userId, signIn } = await seed();
    const [first, second] = replicas().servers;
    await repeat(10, async () => {
      const { secret } = await signIn(second);
      expect(await second.services.sessions.verify(secret)).toBeDefined();
      expectStatus(await clients[0].operations(`/Users/${userId}`, DEACTIVATION), 200);
      expect(await second.services.sessions.verify(secret)).toBeUndefined();
      expect(await first.services.sessions.verify(secret)).toBeUndefined();
      expectStatus(await clients[0].operations(`/Users/${userId}`, ACTIVATION), 200);
    });
  });

  it('a sign-in racing a deactivation never leaves a live session (product decision)', async () => {
    const { clients, id, userId, signIn } = await seed();
    const [first, second] = replicas().servers;
    await repeat(20, async (round) => {
      const signIns = range(6).map((index) => signIn(index % 2 === 0 ? first : second));
      const deactivation = clients[round % 2 === 0 ? 0 : 1].operations(`/Users/${userId}`, DEACTIVATION);
      const outcomes = await Promise.allSettled(signIns);
      expectStatus(await deactivation, 200);
      expect(await first.services.sessions.list(id, userId)).toEqual([]);
      // Reactivation shows whether a row had only been hidden by the account's state.
      expectStatus(await clients[0].operations(`/Users/${userId}`, ACTIVATION), 200);
      expect(await first.services.sessions.list(id, userId)).toEqual([]);
      for (const outcome of outcomes) {
        if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'user.inactive' });
        else expect(await second.services.sessions.verify(outcome.value.secret)).toBeUndefined();
      }
    });
  });

  it('a sign-in racing a removal never leaves a live session (product decision)', async () => {
    const { clients, id, userId, signIn } = await seed();
    const [first, second] = replicas().servers;
    await repeat(10, async () => {
      const signIns = range(6).map((index) => signIn(index % 2 === 0 ? first : second));
      expectStatus(await clients[1].delete(`/Users/${userId}`), 204);
      await Promise.allSettled(signIns);
      const restored = await clients[0].post('/Users', { userName: 'ada' });
      expect(restored.body.id).toBe(userId);
      expect(await first.services.sessions.list(id, userId)).toEqual([]);
    });
  });

  it('attempts with a password are counted together by all replicas (product decision)', async () => {
    const organization = await replicas().organization();
    const email = 'counted@example.com';
    const password = 'correct horse battery staple';
    const { servers } = replicas();
    await servers[0].services.setup.createAdmin(organization.context, {
      email,
      password,
      isProtected: false,
    });
    const outcomes = await Promise.all(
      range(14).map((index) =>
        servers[index % 2 === 0 ? 0 : 1].services.localSignIn.signIn({
          userName: email,
          password: 'wrong',
          organizationId: undefined,
          request: { requestId: 'test', sourceAddress: '192.0.2.1' },
          userAgent: undefined,
          replaces: undefined,
        }),
      ),
    );
    expect(outcomes.filter(({ kind }) => kind === 'throttled')).toHaveLength(4);
    expect(outcomes.filter(({ kind }) => kind === 'refused')).toHaveLength(10);
  });

  it('people who are seen by both replicas at once were active on one day (product decision)', async () => {
    const organization = await replicas().organization();
    const { servers } = replicas();
    const people = await Promise.all(
      range(20).map(async (index) => {
        const { body } = await organization.scim.post('/Users', { userName: `seen ${index}` });
        return { organizationId: organization.id, userId: String(body.id) };
      }),
    );
    const orders = [people, people.toReversed()] as const;
    servers.forEach(({ services }, index) => {
      for (const person of orders[index] ?? []) services.activity.note(person);
    });
    await Promise.all(servers.map(({ services }) => services.activity.flush()));
    // What one skipped because the other held it was noted there.
    const { body } = await organization.scim.get('/Users?filter=userName sw "seen"');
    const counts = body.Resources.map((user: { [URN]: { daysActive: number } }) => user[URN].daysActive);
    expect(counts).toEqual(range(20).map(() => 1));
  });

  it('a use of somebody whose row is held is not waited for, and recorded at the next (product decision)', async () => {
    const { id, userId, signIn, scim } = await seed();
    const [{ services, database }, other] = replicas().servers;
    const { secret } = await signIn(other);
    await other.services.activity.flush();
    await sql`update users set last_active_at = last_active_at - interval '1 day'
      where org_id = ${id}::uuid and id = ${userId}::uuid`.execute(database.connection.db);
    const daysActive = async () => (await scim.get(`/Users/${userId}`)).body[URN].daysActive;
    const holder = await LockHolder.connect(database);
    await holder.holding(
      `select 1 from users where org_id = '${id}' and id = '${userId}' for no key update`,
      async () => {
        await services.sessions.verify(secret);
        await services.activity.flush();
      },
    );
    await holder.close();
    expect(await daysActive()).toBe(1);
    await services.sessions.verify(secret);
    await services.activity.flush();
    expect(await daysActive()).toBe(2);
  });
});

describeOnPostgres('passwords across replicas', () => {
  const replicas = useReplicas();
  const request = { requestId: 'test', sourceAddress: undefined };
  const password = 'correct horse battery staple';
  let serial = 0;

  async function seed() {
    const { id: organizationId, context, clients } = await replicas().organization();
    const [first, second] = replicas().servers;
    const email = `ada-${(serial += 1)}@example.com`;
    const userId = await first.services.setup.createAdmin(context, { email, password, isProtected: false });
    const link = () => first.services.passwordResets.issue(context, userId, { sendEmail: false });
    const secretOf = ({ link: text = '' }: { readonly link: string | undefined }) =>
      text.split('/').at(-1) ?? '';
    const signIn = () =>
      second.services.localSignIn.signIn({
        userName: email,
        password,
        organizationId,
        request,
        userAgent: undefined,
        replaces: undefined,
      });
    return { organizationId, clients, first, second, userId, link, secretOf, signIn };
  }

  it('a sign-in with the old password racing a new one never leaves a live session', async () => {
    await repeat(3, async () => {
      const { organizationId, first, userId, link, secretOf, signIn } = await seed();
      const secret = secretOf(await link());
      const change = first.services.passwordResets.complete(
        { secret, password: 'a new and long password' },
        request,
      );
      await Promise.all([change, ...range(5).map(signIn)]);
      expect(await first.services.sessions.list(organizationId, userId)).toEqual([]);
    });
  });

  it('of two who change it at once, knowing the old one, one does', async () => {
    const { organizationId, first, second, userId } = await seed();
    const context = {
      organizationId,
      actor: { kind: 'user', id: userId },
      ...request,
      principal: {
        organizationId,
        userId,
        organizationRole: 'admin',
        accountType: 'USER',
        seat: 'full',
        credential: { kind: 'session', id: userId },
      },
    } as const;
    const outcomes = await Promise.allSettled(
      [first, second].map(({ services }, index) =>
        services.account.changePassword(context, {
          current: password,
          next: `a long password, number ${index}`,
        }),
      ),
    );
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('of many who use one link at once, one changes the password', async () => {
    const { first, second, link, secretOf } = await seed();
    const secret = secretOf(await link());
    const outcomes = await Promise.allSettled(
      range(6).map((index) =>
        (index % 2 === 0 ? first : second).services.passwordResets.complete(
          { secret, password: `a long password, number ${index}` },
          request,
        ),
      ),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const outcome of outcomes)
      if (outcome.status === 'rejected')
        expect(outcome.reason).toMatchObject({ code: 'account.reset_link_invalid' });
  });

  it('a link made while its owner is deactivated is worthless after the reactivation', async () => {
    const { clients, first, userId, link, secretOf } = await seed();
    await repeat(5, async () => {
      const links = range(4).map(link);
      const deactivation = clients[0].operations(`/Users/${userId}`, DEACTIVATION);
      const outcomes = await Promise.allSettled(links);
      expectStatus(await deactivation, 200);
      expectStatus(await clients[0].operations(`/Users/${userId}`, ACTIVATION), 200);
      for (const outcome of outcomes)
        if (outcome.status === 'fulfilled')
          await expect(first.services.passwordResets.find(secretOf(outcome.value))).rejects.toMatchObject({
            code: 'account.reset_link_invalid',
          });
        else expect(outcome.reason).toMatchObject({ code: 'account.no_password' });
    });
  });
});
