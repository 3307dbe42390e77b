import { setTimeout as pause } from 'node:timers/promises';
import { it } from '@jest/globals';
import { FRESH_FOR } from '../../src/directory/connections/token-verifier.js';
import { expectError, expectStatus } from '../conformance/rfc/support/assertions.js';
import { describeOnPostgres } from '../support/real-postgres.js';
import { ScimClient } from '../support/scim-client.js';
import { range, repeat, useReplicas } from './support/replicas.js';

describeOnPostgres('a token that ends', () => {
  const replicas = useReplicas();

  it('on one replica is refused on every replica at the latest FRESH_FOR later, however often it was used (RFC 6750 3.1)', async () => {
    const organization = await replicas().organization();
    const [first, second] = replicas().servers;
    await repeat(5, async () => {
      const connection = await organization.connection();
      const elsewhere = new ScimClient(`${second.baseUrl}/scim/v2`, connection.token);
      for (const reply of await Promise.all(range(6).map(() => elsewhere.get('/Users'))))
        expectStatus(reply, 200);
      await first.services.connections.revokeToken(organization.context, connection.tokenId);
      await pause(FRESH_FOR + 10);
      expectError(await elsewhere.get('/Users'), 401);
      expectError(await connection.scim.get('/Users'), 401);
    });
  });

  it('under load is refused by every request sent FRESH_FOR afterwards (RFC 6750 3.1)', async () => {
    const organization = await replicas().organization();
    const [first, second] = replicas().servers;
    const connection = await organization.connection();
    const elsewhere = new ScimClient(`${second.baseUrl}/scim/v2`, connection.token);
    const before = range(30).map(() => elsewhere.get('/Users?count=1'));
    await first.services.connections.revokeToken(organization.context, connection.tokenId);
    await pause(FRESH_FOR + 10);
    const after = await Promise.all(range(30).map(() => elsewhere.get('/Users?count=1')));
    for (const reply of await Promise.all(before)) expectStatus(reply, 200, 401);
    for (const reply of after) expectError(reply, 401);
  });
});
