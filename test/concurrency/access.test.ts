import { expect, it } from '@jest/globals';
import { expectStatus } from '../conformance/rfc/support/assertions.js';
import { createPerson, createTeam } from '../protocol/api/support/people.js';
import { ScimClient } from '../support/scim-client.js';
import { describeOnPostgres } from '../support/real-postgres.js';
import { repeat, useReplicas } from './support/replicas.js';

describeOnPostgres('access decisions on another replica', () => {
  const replicas = useReplicas();

  /** An application that asks the second replica whether a member may create runs. */
  async function scene() {
    const organization = await replicas().organization();
    const [first, second] = replicas().servers;
    const member = await createPerson(organization);
    const teamId = await createTeam(organization, [member]);
    const { services } = first;
    const input = { name: 'application', scopes: ['access'], expiresAt: undefined } as const;
    const { key, secret } = await services.apiKeys.issue(organization.context, organization.adminId, input);
    const application = new ScimClient(second.baseUrl, secret);
    const ask = () =>
      application.request('POST', '/access/v1/evaluation', {
        json: {
          subject: { type: 'user', id: member },
          action: { name: 'project:create' },
          resource: { type: 'team', id: teamId },
        },
        headers: { 'content-type': 'application/json' },
      });
    return { organization, services, member, teamId, keyId: key.id, ask };
  }

  it('never say a stale yes: the next evaluation after a revoked membership is a no', async () => {
    const { organization, member, teamId, ask } = await scene();
    await repeat(20, async () => {
      expect((await ask()).body.decision).toBe(true);
      const removal = { op: 'remove', path: `members[value eq "${member}"]` };
      expectStatus(await organization.scim.operations(`/Groups/${teamId}`, removal), 204);
      expect((await ask()).body.decision).toBe(false);
      const addition = { op: 'add', path: 'members', value: [{ value: member }] };
      expectStatus(await organization.scim.operations(`/Groups/${teamId}`, addition), 204);
    });
  });

  it('are refused from the very next request on when the key is revoked', async () => {
    const { organization, services, keyId, ask } = await scene();
    expectStatus(await ask(), 200);
    await services.unitOfWork.stores.apiKeys.revoke(organization.context, keyId);
    expectStatus(await ask(), 401);
  });
});
