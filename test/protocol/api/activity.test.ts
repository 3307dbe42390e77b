import { describe, expect, it } from '@jest/globals';
import { expectStatus } from '../../conformance/rfc/support/assertions.js';
import { LIMITS } from '../../../src/kernel/limits.js';
import { testClock } from '../../support/clock.js';
import { createPerson } from './support/people.js';
import { useServer } from './support/use-server.js';

const DAY = 86_400_000;
const dateOf = (milliseconds: number): string => new Date(milliseconds).toISOString().slice(0, 10);

describe('the activity of an organization (product decision)', () => {
  const clock = testClock();
  const server = useServer({ clock });

  it('counts what was done on each day in UTC, and what of it came over SCIM', async () => {
    const organization = await server().organization();
    const api = await organization.api();
    const tomorrow = clock.now() - (clock.now() % DAY) + DAY;
    clock.advance(tomorrow - clock.now());
    const [first] = [await createPerson(organization), await createPerson(organization)];
    clock.advance(DAY - 1);
    await organization.scim.operations(`/Users/${first}`, { op: 'replace', path: 'active', value: false });
    clock.advance(1 + DAY);
    expectStatus(await api.patch('/organization', { displayName: 'Example Labs' }), 200);
    const range = `from=${dateOf(tomorrow)}&to=${dateOf(tomorrow + 2 * DAY)}`;
    const reply = await api.get(`/activity?${range}`);
    expectStatus(reply, 200);
    expect(reply.body.items).toEqual([
      {
        date: dateOf(tomorrow),
        total: 3,
        provisioned: 3,
        actions: { 'user:create': 2, 'user:deactivate': 1 },
      },
      { date: dateOf(tomorrow + DAY), total: 0, provisioned: 0, actions: {} },
      { date: dateOf(tomorrow + 2 * DAY), total: 1, provisioned: 0, actions: { 'organization:update': 1 } },
    ]);
    const elsewhere = await (await server().organization()).api();
    const [day] = (await elsewhere.get(`/activity?${range}`)).body.items;
    expect(day).toMatchObject({ total: 0 });
  });

  it('takes a range of at most as many days as it says', async () => {
    const organization = await server().organization();
    const api = await organization.api();
    const path = (days: number): string => `/activity?from=2026-01-01&to=${dateOf(days * DAY)}`;
    const first = Date.parse('2026-01-01') / DAY;
    const longest = await api.get(path(first + LIMITS.activityDays - 1));
    expectStatus(longest, 200);
    expect(longest.body.items).toHaveLength(LIMITS.activityDays);
    for (const days of [first + LIMITS.activityDays, first - 1]) {
      const reply = await api.get(path(days));
      expectStatus(reply, 400);
      expect(reply.body.errors).toMatchObject([{ field: 'to' }]);
    }
    expectStatus(await api.get('/activity?from=2026-01-01'), 400);
    expectStatus(await api.get('/activity?from=2026-02-30&to=2026-03-01'), 400);
  });
});

describe('the seats of an organization (product decision)', () => {
  const server = useServer({ env: { SEAT_LIMIT: '3' } });

  it('are taken by active people, and by nobody else', async () => {
    const organization = await server().organization();
    const api = await organization.api();
    const person = await createPerson(organization);
    await createPerson(organization, { seat: 'viewer' });
    await createPerson(organization, { seat: 'none' });
    await createPerson(organization, { active: false });
    const usage = async () => (await api.get('/seats')).body.items;
    const viewer = { kind: 'viewer', limit: null, used: 1, free: null };
    expect(await usage()).toEqual([{ kind: 'full', limit: 3, used: 2, free: 1 }, viewer]);
    await organization.scim.operations(`/Users/${person}`, { op: 'replace', path: 'active', value: false });
    expect(await usage()).toEqual([{ kind: 'full', limit: 3, used: 1, free: 2 }, viewer]);
  });
});
