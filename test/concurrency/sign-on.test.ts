import { describe, expect, it } from '@jest/globals';
import { IdentityProvider } from '../persistence/support/sign-on.js';
import { describeOnPostgres } from '../support/real-postgres.js';
import { range, repeat, useReplicas, type Replicas } from './support/replicas.js';

describeOnPostgres('sign-ins at the same moment, on two replicas', () => {
  const replicas = useReplicas();
  const two = useReplicas({ SEAT_LIMIT: '3' });

  /** The same identity provider, as each replica knows it. */
  async function providers(replicas: Replicas, options = {}) {
    const { servers } = replicas;
    const organization = await replicas.organization();
    const first = await IdentityProvider.create(servers[0], organization, options);
    const second = IdentityProvider.of(servers[1], organization, first.connection);
    const at = (index: number): IdentityProvider => (index % 2 === 0 ? first : second);
    return { organization, at };
  }

  it('two first sign-ins of one person make one account', async () => {
    await repeat(5, async () => {
      const { organization, at } = await providers(replicas());
      const claims = { subject: 'ada', userName: 'ada', email: 'ada@example.com' };
      const outcomes = await Promise.all(range(6).map((index) => at(index).signIn(claims)));
      expect(outcomes.filter(({ kind }) => kind !== 'signed_in')).toEqual([]);
      const ids = outcomes.map((outcome) => (outcome.kind === 'signed_in' ? outcome.userId : ''));
      expect(new Set(ids).size).toBe(1);
      expect(outcomes.filter((outcome) => outcome.kind === 'signed_in' && outcome.isNew)).toHaveLength(1);
      const { body } = await organization.scim.get('/Users?filter=userName%20eq%20%22ada%22');
      expect(body.totalResults).toBe(1);
    });
  });

  it('two subjects that claim one account: one gets it', async () => {
    await repeat(5, async () => {
      const { organization, at } = await providers(replicas());
      const { body } = await organization.scim.post('/Users', { userName: 'ada' });
      const { id, connectionId, context } = organization;
      const { ssoConnections } = replicas().servers[0].services;
      await ssoConnections.update(context, at(0).connection.id, {
        options: { pairedConnectionId: connectionId },
      });
      const outcomes = await Promise.all(
        range(4).map((index) => at(index).signIn({ subject: `s${index}`, userName: 'ada' })),
      );
      expect(outcomes.filter(({ kind }) => kind === 'signed_in')).toHaveLength(1);
      const refusals = outcomes.flatMap((outcome) => (outcome.kind === 'refused' ? [outcome.reason] : []));
      expect(refusals).toEqual(['link_refused', 'link_refused', 'link_refused']);
      const { identities } = replicas().servers[0].services.unitOfWork.stores;
      expect(await identities.listOfUser(id, String(body.id))).toHaveLength(1);
    });
  });

  it('a sign-in and a first provisioning over SCIM never make two accounts', async () => {
    await repeat(5, async () => {
      const { organization, at } = await providers(replicas());
      await Promise.all([
        at(1).signIn({ subject: 'ada', userName: 'ada' }),
        organization.scim.post('/Users', { userName: 'ada' }),
      ]);
      const { body } = await organization.scim.get('/Users?filter=userName%20eq%20%22ada%22');
      expect(body.totalResults).toBe(1);
    });
  });

  it('a sign-in that races a deactivation never leaves a live session', async () => {
    await repeat(10, async (round) => {
      const { organization, at } = await providers(replicas());
      const claims = { subject: 'ada', userName: 'ada' };
      const first = await at(0).signIn(claims);
      if (first.kind !== 'signed_in') throw new Error(first.reason);
      const [outcomes] = await Promise.all([
        Promise.all(range(4).map((index) => at(index + round).signIn(claims))),
        organization.scim.operations(`/Users/${first.userId}`, {
          op: 'replace',
          path: 'active',
          value: false,
        }),
      ]);
      const { sessions } = replicas().servers[round % 2 === 0 ? 0 : 1].services;
      for (const outcome of outcomes)
        if (outcome.kind === 'signed_in')
          expect(await sessions.verify(outcome.opened.secret)).toBeUndefined();
        else expect(outcome.reason).toBe('deactivated');
    });
  });

  it('the last seat is taken once', async () => {
    await repeat(3, async () => {
      // The admin has one of three seats.
      const { at } = await providers(two());
      const outcomes = await Promise.all(
        range(5).map((index) => at(index).signIn({ subject: `s${index}`, userName: `p${index}` })),
      );
      expect(outcomes.filter(({ kind }) => kind === 'signed_in')).toHaveLength(2);
      for (const outcome of outcomes)
        if (outcome.kind === 'refused') expect(outcome.reason).toBe('seat_limit_reached');
    });
  });

  describe('group claims', () => {
    it('of two admins that would demote each other leave one (last admin)', async () => {
      await repeat(5, async () => {
        const { organization, at } = await providers(replicas());
        const { services } = replicas().servers[0];
        const { context, adminId, id: organizationId } = organization;
        const ssoConnectionId = at(0).connection.id;
        const rule = {
          groupName: 'staff',
          match: 'exact',
          organizationRole: 'member',
          team: undefined,
        } as const;
        await services.mappingRules.create(context, {
          ...rule,
          source: { kind: 'sso_connection', id: ssoConnectionId },
        });
        const { identities } = services.unitOfWork.stores;
        await identities.link(context, { ssoConnectionId, subject: 'one', userId: adminId });
        const other = await at(0).signIn({ subject: 'two', userName: 'two' });
        if (other.kind !== 'signed_in') throw new Error(other.reason);
        await organization.scim.operations(`/Users/${other.userId}`, {
          op: 'replace',
          path: 'urn:ietf:params:scim:schemas:extension:rollcall:2.0:User:organizationRole',
          value: 'admin',
        });
        await Promise.all([
          at(0).signIn({ subject: 'one', groups: ['staff'] }),
          at(1).signIn({ subject: 'two', groups: ['staff'] }),
        ]);
        expect(await services.unitOfWork.stores.users.countActiveAdmins(organizationId, organizationId)).toBe(
          1,
        );
      });
    });
  });
});
