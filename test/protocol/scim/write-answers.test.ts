import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ENTERPRISE_USER_URN, ROLLCALL_USER_URN } from '../../../src/directory/schema/index.js';
import type { Reply, ScimClient } from '../../support/scim-client.js';
import { startServer, type TestServer } from '../../support/server.js';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

/** Somebody of whom everything lies in other tables that can: a manager, a team and a role in it. */
async function setUp() {
  const organization = await server.organization();
  const { scim } = organization;
  const { body: manager } = await scim.post('/Users', { userName: 'boss', displayName: 'The "Boss"' });
  const person = (more: object = {}) => ({
    userName: 'ada',
    externalId: 'first',
    [ENTERPRISE_USER_URN]: { department: 'D', manager: { value: manager.id } },
    ...more,
  });
  const created = await scim.post('/Users', person());
  const { id } = created.body;
  await scim.post('/Groups', { displayName: 'Engines', members: [{ value: id }] });
  return { organization, scim, manager, created, id, person };
}

const expectWhole = (user: Reply['body'], managerId: string): void => {
  expect(user[ENTERPRISE_USER_URN].manager).toMatchObject({ value: managerId, displayName: 'The "Boss"' });
  expect(user.groups).toMatchObject([{ display: 'Engines' }]);
  expect(user[ROLLCALL_USER_URN].teamRoles).toMatchObject([{ teamName: 'Engines', roleName: 'member' }]);
};

describe('what a write answers is what is read next (RFC 7644 3.3, 3.5.1, 3.5.2)', () => {
  it('of a user with a manager, created', async () => {
    const { scim, created, manager } = await setUp();
    expect(created.body[ENTERPRISE_USER_URN].manager.displayName).toBe(manager.displayName);
    const again = await scim.post('/Users', {
      userName: 'grace',
      [ENTERPRISE_USER_URN]: { manager: { value: manager.id } },
    });
    expect(again.body).toEqual((await scim.get(`/Users/${again.body.id}`)).body);
  });

  describe.each([
    ['replaced', (scim: ScimClient, id: string, body: object) => scim.put(`/Users/${id}`, body)],
    [
      'deactivated',
      (scim: ScimClient, id: string) =>
        scim.operations(`/Users/${id}`, { op: 'replace', path: 'active', value: false }),
    ],
    [
      'patched',
      (scim: ScimClient, id: string) =>
        scim.operations(`/Users/${id}`, { op: 'replace', path: 'title', value: 'T' }),
    ],
  ])('of a user with a manager and a team, %s', (_, write) => {
    it('by the connection that made the user', async () => {
      const { scim, manager, id, person } = await setUp();
      const written = await write(scim, id, person({ displayName: 'Another' }));
      expect(written.status).toBe(200);
      expect(written.body).toEqual((await scim.get(`/Users/${id}`)).body);
      expectWhole(written.body, manager.id);
    });

    it('by two connections, each with an externalId of its own', async () => {
      const { organization, scim, manager, id, person } = await setUp();
      const second = await organization.connection();
      await second.scim.operations(`/Users/${id}`, { op: 'add', path: 'externalId', value: 'second' });
      for (const [client, externalId] of [
        [scim, 'first'],
        [second.scim, 'second'],
      ] as const) {
        const written = await write(client, id, person({ externalId, displayName: `by ${externalId}` }));
        expect(written.status).toBe(200);
        expect(written.body).toEqual((await client.get(`/Users/${id}`)).body);
        expect(written.body.externalId).toBe(externalId);
        expectWhole(written.body, manager.id);
      }
    });
  });
});
