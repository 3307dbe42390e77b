import { describe, expect, it } from '@jest/globals';
import { expectStatus } from '../../conformance/rfc/support/assertions.js';
import { withQuery, type QueryParameters } from '../../conformance/rfc/support/resources.js';
import { testClock } from '../../support/clock.js';
import type { Reply } from '../../support/scim-client.js';
import type { TestOrganization } from '../../support/server.js';
import { createPerson, createTeam } from './support/people.js';
import { useServer } from './support/use-server.js';

const HOUR = 3_600_000;
const ADA = {
  userName: 'ada@example.com',
  externalId: 'ada-4711',
  name: { givenName: 'Ada', familyName: 'Lovelace', formatted: 'Countess Lovelace' },
  emails: [{ value: 'ada.private@example.com', primary: true }],
  phoneNumbers: [{ value: '+44 20 7946 0000' }],
};

const clock = testClock();
const server = useServer({ clock });

/** An audit event as the API shows it. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests read arbitrary JSON and assert on it
type Event = Record<string, any>;

async function eventsOf(organization: TestOrganization, parameters: QueryParameters = {}): Promise<Event[]> {
  const reply = await (await organization.api()).get(withQuery('/audit-events', { ...parameters }));
  expectStatus(reply, 200);
  return reply.body.items;
}

const actionsOf = (events: readonly Event[]): unknown[] => events.map(({ action }) => action);

const linesOf = ({ text }: Reply): Event[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Event);

describe('the audit trail (product decision)', () => {
  it('tells who did what to whom, with what was before and after', async () => {
    const organization = await server().organization();
    const created = await organization.scim.post('/Users', ADA, { 'X-Request-Id': 'request-1' });
    const userId = String(created.body.id);
    await organization.scim.operations(`/Users/${userId}`, { op: 'replace', path: 'active', value: false });
    const [deactivated, event, ...others] = await eventsOf(organization, { targetId: userId });
    expect(others).toEqual([]);
    expect(deactivated).toMatchObject({ action: 'user:deactivate' });
    expect(event).toEqual({
      id: expect.any(String),
      occurredAt: new Date(clock.now()).toISOString(),
      actorKind: 'connection',
      actorId: organization.connectionId,
      action: 'user:create',
      targetType: 'User',
      targetId: userId,
      before: null,
      after: expect.objectContaining({ profile: expect.objectContaining({ userName: ADA.userName }) }),
      requestId: 'request-1',
      sourceAddress: expect.stringContaining('127.0.0.1'),
    });
  });

  it('is filtered by action, actor and target', async () => {
    const organization = await server().organization();
    const userId = await createPerson(organization);
    const teamId = await createTeam(organization, [userId]);
    const { connectionId } = organization;
    expect(await eventsOf(organization, { action: 'team:create' })).toMatchObject([{ targetId: teamId }]);
    expect(await eventsOf(organization, { targetType: 'Team' })).toMatchObject([{ targetId: teamId }]);
    expect(actionsOf(await eventsOf(organization, { actorKind: 'connection' }))).toEqual([
      'team:create',
      'user:create',
    ]);
    expect(await eventsOf(organization, { actorId: connectionId, action: 'user:create' })).toMatchObject([
      { targetId: userId },
    ]);
    expect(await eventsOf(organization, { actorKind: 'user', actorId: connectionId })).toEqual([]);
  });

  it('is filtered by time: from a moment on, and before another, in any offset (RFC 3339)', async () => {
    const organization = await server().organization();
    const ids: string[] = [];
    const start = clock.now();
    for (let hour = 0; hour < 3; hour += 1) {
      ids.push(await createPerson(organization));
      clock.advance(HOUR);
    }
    const at = (hours: number): string => new Date(start + hours * HOUR).toISOString();
    const created = async (parameters: QueryParameters): Promise<unknown[]> =>
      (await eventsOf(organization, { action: 'user:create', actorKind: 'connection', ...parameters })).map(
        ({ targetId }) => targetId,
      );
    expect(await created({ from: at(1) })).toEqual([ids[2], ids[1]]);
    expect(await created({ to: at(1) })).toEqual([ids[0]]);
    expect(await created({ from: at(1), to: at(2) })).toEqual([ids[1]]);
    const elsewhere = new Date(start + 3 * HOUR).toISOString().replace('Z', '+02:00');
    expect(await created({ from: elsewhere })).toEqual([ids[2], ids[1]]);
  });

  it('is read page by page, and each event once', async () => {
    const organization = await server().organization();
    for (let count = 0; count < 5; count += 1) await createPerson(organization);
    const api = await organization.api();
    const expected = await eventsOf(organization, { actorKind: 'connection' });
    const found: Event[] = [];
    let cursor: string | null = null;
    do {
      const parameters = { limit: 2, actorKind: 'connection', ...(cursor === null ? {} : { cursor }) };
      const reply = await api.get(withQuery('/audit-events', parameters));
      expectStatus(reply, 200);
      expect(reply.body.total).toBe(5);
      found.push(...reply.body.items);
      cursor = reply.body.next;
    } while (cursor !== null);
    expect(found).toEqual(expected);
  });

  it('is that of one organization, and for admins only', async () => {
    const [mine, theirs] = [await server().organization(), await server().organization()];
    const userId = await createPerson(theirs);
    expect(await eventsOf(mine, { targetId: userId })).toEqual([]);
    const exported = await (await mine.api()).get('/audit-events/export');
    expect(linesOf(exported).map(({ targetId }) => targetId)).not.toContain(userId);
    const member = await theirs.api(userId);
    for (const path of ['/audit-events', '/audit-events/export']) expectStatus(await member.get(path), 403);
  });

  it.each([
    ['action', 'user:vanish'],
    ['actorKind', 'ghost'],
    ['targetType', 'Ghost'],
    ['targetId', 'no-id'],
    ['from', 'yesterday'],
    ['to', '2026-01-15'],
    ['anonymize', 'maybe'],
  ])('refuses a %s that cannot be, and names it', async (field, value) => {
    const api = await (await server().organization()).api();
    for (const path of ['/audit-events', '/audit-events/export']) {
      const reply = await api.get(withQuery(path, { [field]: value }));
      expectStatus(reply, 400);
      expect(reply.body.errors).toMatchObject([{ field }]);
    }
  });

  it('says anonymized nothing of who a person is, and still what was done', async () => {
    const organization = await server().organization();
    const { scim } = organization;
    const { body } = await scim.post('/Users', { ...ADA, organizationRole: 'viewer' });
    const userId = String(body.id);
    await scim.operations(`/Users/${userId}`, { op: 'replace', path: 'name.familyName', value: 'Byron' });
    await createTeam(organization, [userId], 'Friends of Ada');
    await scim.delete(`/Users/${userId}`);
    const full = JSON.stringify(await eventsOf(organization));
    const events = await eventsOf(organization, { anonymize: 'true' });
    const exported = await (await organization.api()).get('/audit-events/export?anonymize=true');
    for (const secret of ['@example.com', 'Lovelace', 'Byron', '7946', 'Friends', '4711', '127.0.0.1']) {
      expect(full).toContain(secret);
      expect(JSON.stringify(events)).not.toContain(secret);
      expect(exported.text).not.toContain(secret);
    }
    expect(
      events.find(({ action, targetId }) => action === 'user:create' && targetId === userId),
    ).toMatchObject({
      actorId: organization.connectionId,
      after: { organizationRole: 'viewer' },
      sourceAddress: null,
    });
  });
});

describe('the export of the audit trail (product decision)', () => {
  it('equals the list, one event per line, over more than one piece', async () => {
    const organization = await server().organization();
    const many = Array.from({ length: 450 }, (_, index) => ({
      method: 'POST',
      path: '/Users',
      bulkId: `b${index}`,
      data: { schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], userName: `person-${index}` },
    }));
    const schemas = ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'];
    expectStatus(await organization.scim.post('/Bulk', { schemas, Operations: many }), 200);
    const parameters = { actorKind: 'connection' };
    const reply = await (await organization.api()).get(withQuery('/audit-events/export', parameters));
    expectStatus(reply, 200);
    expect(reply.headers.get('content-type')).toBe('application/x-ndjson');
    const lines = linesOf(reply);
    expect(lines).toHaveLength(450);
    expect(lines).toEqual(await eventsOf(organization, { ...parameters, limit: 1_000 }));
  });

  it('is empty when nothing is selected', async () => {
    const api = await (await server().organization()).api();
    const reply = await api.get('/audit-events/export?action=role:delete');
    expectStatus(reply, 200);
    expect(reply.text).toBe('');
  });
});
