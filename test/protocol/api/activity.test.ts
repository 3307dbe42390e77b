import { describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { expectStatus } from '../../conformance/rfc/support/assertions.js';
import { INACTIVE_AFTER } from '../../../src/directory/users/user-account.js';
import { LIMITS } from '../../../src/kernel/limits.js';
import { ApiClient } from '../../support/api-client.js';
import { testClock } from '../../support/clock.js';
import { actionsOf } from './support/audit.js';
import { createPerson, createTeam } from './support/people.js';
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
    await server().services.activity.flush();
    const range = `from=${dateOf(tomorrow)}&to=${dateOf(tomorrow + 2 * DAY)}`;
    const reply = await api.get(`/activity?${range}`);
    expectStatus(reply, 200);
    expect(reply.body.items).toEqual([
      {
        date: dateOf(tomorrow),
        activeUsers: 0,
        total: 3,
        provisioned: 3,
        actions: { 'user:create': 2, 'user:deactivate': 1 },
      },
      { date: dateOf(tomorrow + DAY), activeUsers: 0, total: 0, provisioned: 0, actions: {} },
      {
        date: dateOf(tomorrow + 2 * DAY),
        activeUsers: 1,
        total: 1,
        provisioned: 0,
        actions: { 'organization:update': 1 },
      },
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

describe('the use of accounts (product decision)', () => {
  const clock = testClock(Date.parse('2026-01-30T23:00:00Z'));
  const server = useServer({ clock });
  const URN = 'urn:ietf:params:scim:schemas:extension:rollcall:2.0:User';
  const HOUR = 3_600_000;

  async function setUp() {
    const organization = await server().organization();
    const userId = await createPerson(organization);
    const signIn = async (): Promise<string> => {
      const { secret } = await server().services.sessions.open(organization.context, userId, {
        origin: { method: 'password' },
        userAgent: undefined,
        replaces: undefined,
      });
      return secret;
    };
    /** What the person's account says after everything is written. */
    const recorded = async () => {
      await server().services.activity.flush();
      const { body } = await organization.scim.get(`/Users/${userId}`);
      return { days: body[URN].daysActive, at: body[URN].lastActiveAt, meta: body.meta };
    };
    return { organization, userId, signIn, recorded };
  }

  it.each([
    ['a sign-in', (secret: () => Promise<string>) => secret()],
    [
      'a session at the admin API',
      async (secret: () => Promise<string>) =>
        fetch(`${server().baseUrl}/api/v1/me`, { headers: { cookie: `rollcall=${await secret()}` } }),
    ],
    [
      'a session at a proxy that asks',
      async (secret: () => Promise<string>) =>
        fetch(`${server().baseUrl}/auth/verify`, { headers: { cookie: `rollcall=${await secret()}` } }),
    ],
  ])('%s counts once a day, and from midnight UTC on again', async (_case, use) => {
    const { signIn, recorded } = await setUp();
    expect(await recorded()).toMatchObject({ days: 0, at: undefined });
    const secret = await signIn();
    const first = new Date(clock.now()).toISOString();
    expect(await recorded()).toMatchObject({ days: 1, at: first });
    await use(() => Promise.resolve(secret));
    expect(await recorded()).toMatchObject({ days: 1, at: first });
    clock.advance(DAY);
    await use(_case === 'a sign-in' ? signIn : () => Promise.resolve(secret));
    expect(await recorded()).toMatchObject({ days: 2, at: new Date(clock.now()).toISOString() });
  });

  it('by an API key counts; being asked about does not', async () => {
    const { organization, userId, recorded } = await setUp();
    const application = await organization.api();
    const key = await organization.api(userId);
    await application.get(`/users/${userId}`);
    const answer = await new ApiClient(`${server().baseUrl}/access/v1`, application.token).post(
      '/evaluation',
      {
        subject: { type: 'user', id: userId },
        action: { name: 'organization:read_users' },
        resource: { type: 'organization', id: organization.id },
      },
    );
    expect(answer).toMatchObject({ status: 200, body: { decision: true } });
    expect(await recorded()).toMatchObject({ days: 0 });
    expectStatus(await key.get('/me'), 200);
    expect(await recorded()).toMatchObject({ days: 1 });
    const { body } = await application.get(`/users/${userId}`);
    expect(body).toMatchObject({ daysActive: 1, lastActiveAt: new Date(clock.now()).toISOString() });
  });

  it('is no mutation: version, ETag, lastModified and audit stay', async () => {
    const { organization, userId, signIn, recorded } = await setUp();
    const api = await organization.api();
    const before = await api.get(`/users/${userId}`);
    const { meta } = await recorded();
    await signIn();
    clock.advance(HOUR);
    expect(await recorded()).toMatchObject({ days: 1, meta });
    const after = await api.get(`/users/${userId}`);
    expect(after.headers.get('etag')).toBe(before.headers.get('etag'));
    expect(after.body).toEqual({
      ...before.body,
      daysActive: 1,
      lastActiveAt: new Date(clock.now() - HOUR).toISOString(),
    });
    expect(await actionsOf(server(), userId)).toEqual(['user:create', 'user:login']);
    expectStatus(
      await organization.scim.request('PATCH', `/Users/${userId}`, {
        headers: { 'if-match': meta.version },
        json: {
          schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
          Operations: [{ op: 'replace', path: 'title', value: 'T' }],
        },
      }),
      200,
    );
    expect(await recorded()).toMatchObject({ days: 1 });
  });

  it('ends after six months: the account is inactive until its next use', async () => {
    const { organization, userId, signIn } = await setUp();
    await signIn();
    await server().services.activity.flush();
    const status = async () => {
      const api = await organization.api();
      const listed = async (name: string) =>
        (await api.get(`/users?status=${name}`)).body.items.some(({ id }: { id: string }) => id === userId);
      return { active: await listed('active'), inactive: await listed('inactive') };
    };
    clock.advance(INACTIVE_AFTER);
    expect(await status()).toEqual({ active: true, inactive: false });
    clock.advance(1);
    expect(await status()).toEqual({ active: false, inactive: true });
    await signIn();
    await server().services.activity.flush();
    expect(await status()).toEqual({ active: true, inactive: false });
  });

  it('is written without anybody waiting for it, and at the latest when the server stops', async () => {
    const { organization, userId, signIn, recorded } = await setUp();
    const { activity } = server().services;
    await signIn();
    const api = await organization.api();
    const daysActive = async () => (await api.get(`/users/${userId}`)).body.daysActive;
    while ((await daysActive()) === 0) await api.get('/me');
    clock.advance(DAY);
    await signIn();
    await activity.stop();
    expect(await daysActive()).toBe(2);
    activity.start(() => undefined);
    expect(await recorded()).toMatchObject({ days: 2 });
  });

  it('is counted by day, by month and in all, without service accounts and those who were erased', async () => {
    const organization = await server().organization();
    const { services } = server();
    const everyday = await createPerson(organization);
    const once = await createPerson(organization);
    const erased = await createPerson(organization);
    await createTeam(organization, [], 'robots');
    const robot = await organization.scim.post('/Users', {
      userName: 'robot',
      accountType: 'SERVICE',
      defaultTeam: 'robots',
    });
    const use = async (userId: string) => {
      await (await organization.api(userId)).get('/me');
      await services.activity.flush();
    };
    // The last day of a month with 31 days and the first of the next.
    const lastDay = Date.UTC(2027, 11, 31);
    clock.advance(lastDay + 23 * HOUR - clock.now());
    await use(everyday);
    await use(erased);
    await use(String(robot.body.id));
    clock.advance(HOUR);
    await use(everyday);
    await use(once);
    clock.advance(DAY);
    const api = await organization.api();
    expectStatus(await api.delete(`/users/${erased}`), 204);
    const read = async (from: string, to: string) => {
      const { body } = await api.get(`/activity?from=${from}&to=${to}`);
      return {
        total: body.activeUsers,
        months: body.months.map((month: { month: string; activeUsers: number }) => [
          month.month,
          month.activeUsers,
        ]),
        days: body.items.map((day: { date: string; activeUsers: number }) => [
          day.date.slice(5),
          day.activeUsers,
        ]),
      };
    };
    expect(await read('2027-12-30', '2028-01-01')).toEqual({
      total: 2,
      months: [
        ['2027-12', 1],
        ['2028-01', 2],
      ],
      days: [
        ['12-30', 0],
        ['12-31', 1],
        ['01-01', 2],
      ],
    });
    expect(await read('2027-12-31', '2027-12-31')).toMatchObject({ total: 1, months: [['2027-12', 1]] });
    expect(await read('2027-11-15', '2027-12-30')).toMatchObject({
      total: 0,
      months: [
        ['2027-11', 0],
        ['2027-12', 0],
      ],
    });
  });

  it('is forgotten after the months that the limits name', async () => {
    const organization = await server().organization();
    const months = async () => {
      const { rows } = await sql<{ month: string }>`
        select to_char(month, 'YYYY-MM') as month from user_activity_months
         where org_id = ${organization.id}::uuid order by 1`.execute(server().database.connection.db);
      return rows.map(({ month }) => month);
    };
    const use = async (moment: number) => {
      clock.advance(moment - clock.now());
      await (await organization.api()).get('/me');
      await server().services.activity.flush();
    };
    await use(Date.UTC(2030, 0, 31));
    await use(Date.UTC(2030, 1, 1));
    await use(Date.UTC(2030, LIMITS.activityMonths, 31));
    expect(await months()).toEqual(['2030-01', '2030-02', '2032-01']);
    await use(Date.UTC(2030, LIMITS.activityMonths + 1, 1));
    expect(await months()).toEqual(['2030-02', '2032-01', '2032-02']);
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
