import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startServer, type TestServer } from '../../support/server.js';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

const eventsOf = (organizationId: string, action: string) =>
  server.database.connection.db
    .selectFrom('audit_events')
    .select(['action', 'before', 'after'])
    .where('org_id', '=', organizationId)
    .where('action', '=', action as never)
    .execute();

describe('externalId of a connection that did not make the user (product decision)', () => {
  it('is not kept when the write it came with is refused', async () => {
    const organization = await server.organization();
    const other = await organization.connection();
    const refused = await other.scim.put(`/Users/${organization.adminId}`, {
      userName: 'root-admin@example.com',
      active: false,
      externalId: 'evil',
    });
    expect(refused.status).toBe(403);
    const read = await other.scim.get(`/Users/${organization.adminId}`);
    expect(read.body).not.toHaveProperty('externalId');
  });

  it('is kept, shown to that connection only, and audited', async () => {
    const organization = await server.organization();
    const other = await organization.connection();
    const { body: user } = await organization.scim.post('/Users', { userName: 'ada', externalId: 'first' });
    const changed = await other.scim.operations(`/Users/${user.id}`, {
      op: 'add',
      path: 'externalId',
      value: 'second',
    });
    expect(changed.body.externalId).toBe('second');
    expect((await organization.scim.get(`/Users/${user.id}`)).body.externalId).toBe('first');
    const found = await other.scim.get('/Users?filter=externalId%20eq%20%22second%22');
    expect(found.body.Resources).toHaveLength(1);
    const [event] = await eventsOf(organization.id, 'user:update');
    expect(JSON.parse(event?.after ?? '{}')).toEqual({ externalId: 'second' });
  });

  it('that must be unique is refused a second time: 409 (RFC 7643 3.1, connection setting)', async () => {
    const organization = await server.organization({ hasUniqueExternalIds: true });
    const { scim } = organization;
    expect((await scim.post('/Users', { userName: 'a', externalId: 'x' })).status).toBe(201);
    expect((await scim.post('/Users', { userName: 'b', externalId: 'x' })).status).toBe(409);
    const { body: second } = await scim.post('/Users', { userName: 'b', externalId: 'y' });
    const taken = await scim.operations(`/Users/${second.id}`, {
      op: 'replace',
      path: 'externalId',
      value: 'x',
    });
    expect(taken.status).toBe(409);
    expect((await scim.get(`/Users/${second.id}`)).body).toMatchObject({
      externalId: 'y',
      meta: second.meta,
    });
  });

  it('of a restored user can be changed and cleared', async () => {
    const { scim } = await server.organization();
    const { body: user } = await scim.post('/Users', { userName: 'ada', externalId: 'e1' });
    await scim.delete(`/Users/${user.id}`);
    expect((await scim.post('/Users', { userName: 'ada', externalId: 'e2' })).body.id).toBe(user.id);
    await scim.operations(`/Users/${user.id}`, { op: 'replace', path: 'externalId', value: 'e3' });
    expect((await scim.get('/Users?filter=externalId%20eq%20%22e2%22')).body.totalResults).toBe(0);
    expect((await scim.get('/Users?filter=externalId%20eq%20%22e3%22')).body.totalResults).toBe(1);
    await scim.operations(`/Users/${user.id}`, { op: 'remove', path: 'externalId' });
    expect((await scim.get(`/Users/${user.id}`)).body).not.toHaveProperty('externalId');
  });
});

describe('what a write must not do in passing (product decision)', () => {
  it('replace members without a value empties no group: 400 (langwatch #7131)', async () => {
    const { scim } = await server.organization();
    const { body: user } = await scim.post('/Users', { userName: 'ada' });
    const { body: group } = await scim.post('/Groups', {
      displayName: 'Sales',
      members: [{ value: user.id }],
    });
    const reply = await scim.operations(`/Groups/${group.id}`, { op: 'replace', path: 'members' });
    expect(reply.status).toBe(400);
    expect((await scim.get(`/Groups/${group.id}`)).body.members).toHaveLength(1);
  });

  it('a user whose teams may have changed is never 304 (RFC 7644 3.14)', async () => {
    const { scim } = await server.organization();
    const { body: user, headers } = await scim.post('/Users', { userName: 'ada' });
    const seen = { 'if-none-match': headers.get('etag') ?? '' };
    expect((await scim.get(`/Users/${user.id}`, seen)).status).toBe(304);
    await scim.post('/Groups', { displayName: 'Sales', members: [{ value: user.id }] });
    const again = await scim.get(`/Users/${user.id}`, seen);
    expect(again.status).toBe(200);
    expect(again.body.groups).toHaveLength(1);
  });

  it('a later teamRoles operation sees the earlier one (RFC 7644 3.5.2)', async () => {
    const { scim } = await server.organization();
    await scim.post('/Groups', { displayName: 'Sales' });
    const { body: user } = await scim.post('/Users', { userName: 'ada' });
    const reply = await scim.operations(
      `/Users/${user.id}`,
      { op: 'add', path: 'teamRoles', value: [{ teamName: 'Sales', roleName: 'admin' }] },
      { op: 'remove', path: 'teamRoles[teamName eq "sales"]' },
    );
    const extension = reply.body['urn:ietf:params:scim:schemas:extension:rollcall:2.0:User'];
    expect(extension.teamRoles).toMatchObject([{ teamName: 'Sales', roleName: 'member' }]);
  });

  it('a PUT of what was read keeps the membership of a removed user for the restore (decision on restore)', async () => {
    const { scim } = await server.organization();
    const { body: user } = await scim.post('/Users', { userName: 'ada' });
    const { body: group } = await scim.post('/Groups', {
      displayName: 'Sales',
      members: [{ value: user.id }],
    });
    await scim.delete(`/Users/${user.id}`);
    const { body: read } = await scim.get(`/Groups/${group.id}`);
    expect((await scim.put(`/Groups/${group.id}`, read)).body.meta).toEqual(read.meta);
    const { body: restored } = await scim.post('/Users', { userName: 'ada' });
    expect(restored.groups).toHaveLength(1);
  });

  it('the attributes of one user stay under the cap: 400 (limits)', async () => {
    const { scim } = await server.organization();
    const emails = Array.from({ length: 400 }, (_, at) => ({ value: `${'x'.repeat(400)}${at}@example.com` }));
    expect((await scim.post('/Users', { userName: 'ada', emails })).status).toBe(400);
  });
});
