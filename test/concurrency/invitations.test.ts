import { expect, it } from '@jest/globals';
import { describeOnPostgres } from '../support/real-postgres.js';
import { range, repeat, tally, useReplicas } from './support/replicas.js';

const PASSWORD = 'correct horse battery staple';

describeOnPostgres('one invitation, accepted at once (product decision)', () => {
  const replicas = useReplicas();

  /** Invites somebody. @returns how to accept on either server, and the address */
  async function invite(email: string) {
    const { servers } = replicas();
    const organization = await replicas().organization();
    const [issued] = await servers[0].services.invitations.invite(organization.context, {
      emails: [email],
      organizationRole: undefined,
      seat: undefined,
      teamRoles: [],
      sendEmail: false,
    });
    const secret = issued?.link?.slice(issued.link.lastIndexOf('/') + 1) ?? '';
    const accept = (n: number): Promise<string> =>
      servers[n % 2 === 0 ? 0 : 1].services.acceptance
        .accept(
          { requestId: 'test', sourceAddress: undefined },
          { secret, password: PASSWORD, displayName: undefined },
          (_stores, _context, userId) => Promise.resolve(userId),
        )
        .then(({ userId }) => userId);
    return { organization, accept };
  }

  it('with its link from several places: one gets in, the others are told that it is used', () =>
    repeat(3, async (round) => {
      const { organization, accept } = await invite(`guest-${round}@example.com`);
      const outcomes = await Promise.allSettled(range(6).map(accept));
      const fulfilled = outcomes.filter(({ status }) => status === 'fulfilled');
      expect(fulfilled).toHaveLength(1);
      for (const outcome of outcomes)
        if (outcome.status === 'rejected')
          expect(outcome.reason).toMatchObject({ code: 'invitation.link_invalid' });
      const found = await organization.scim.get(`/Users?filter=userName eq "guest-${round}@example.com"`);
      expect(found.body.totalResults).toBe(1);
    }));

  it('with its link while the identity provider provisions the person: one account', () =>
    repeat(3, async (round) => {
      const email = `both-${round}@example.com`;
      const { organization, accept } = await invite(email);
      const [accepted, ...created] = await Promise.all([
        accept(0).catch((error: unknown) => error),
        ...organization.clients.map((scim) => scim.post('/Users', { userName: email })),
      ]);
      const made = (tally(created)[201] ?? 0) + (typeof accepted === 'string' ? 1 : 0);
      // With the link one joins the account that was there first, or finds the invitation settled.
      expect(made).toBeGreaterThanOrEqual(1);
      if (typeof accepted !== 'string')
        expect(accepted).toMatchObject({ code: expect.stringMatching(/^invitation\.|user_name_taken/) });
      const found = await organization.scim.get(`/Users?filter=userName eq "${email}"`);
      expect(found.body.totalResults).toBe(1);
    }));
});
