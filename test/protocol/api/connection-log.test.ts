import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { FRESH_FOR } from '../../../src/directory/connections/token-verifier.js';
import { expectStatus } from '../../conformance/rfc/support/assertions.js';
import { bulk, postUser } from '../../conformance/rfc/support/bulk.js';
import { createUser, withQuery, type QueryParameters } from '../../conformance/rfc/support/resources.js';
import { ENTERPRISE, PATCH_OP, SEARCH_REQUEST, USER } from '../../conformance/rfc/support/urns.js';
import { useServer } from '../../persistence/support/use-server.js';
import { testClock } from '../../support/clock.js';
import { ScimClient, type Reply } from '../../support/scim-client.js';
import {
  startServer,
  type TestOrganization,
  type TestServer,
  type TestServerOptions,
} from '../../support/server.js';

const DAY = 86_400_000;
const OKTA = { 'User-Agent': 'Okta SCIM Client 1.0.0' };

const clock = testClock();
const server = useServer({ clock, env: { SCIM_RATE_LIMIT: '1000' } });

/** A log entry as the API shows it. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests read arbitrary JSON and assert on it
type Entry = Record<string, any>;

const pathOf = ({ connectionId }: TestOrganization): string => `/connections/${connectionId}/log`;

/** The log of an organization's first connection, oldest first unless asked otherwise. */
async function logOf(organization: TestOrganization, parameters: QueryParameters = {}): Promise<Entry[]> {
  const api = await organization.api();
  const reply = await api.get(withQuery(pathOf(organization), { sort: 'id', ...parameters }));
  expectStatus(reply, 200);
  return reply.body.items;
}

describe('the provisioning log of a connection (product decision)', () => {
  it('has each write, with what it was, by whom and how it ended', async () => {
    const organization = await server().organization();
    const { scim } = organization;
    const created = await scim.post(
      '/Users',
      { userName: 'ada@example.com' },
      { ...OKTA, 'X-Request-Id': 'r-1' },
    );
    await scim.request('PATCH', `/Users/${created.body.id}`, {
      headers: OKTA,
      json: { schemas: [PATCH_OP], Operations: [{ op: 'replace', value: { active: false } }] },
    });
    const [create, patch, ...others] = await logOf(organization);
    expect(others).toEqual([]);
    expect(create).toEqual({
      id: expect.any(String),
      occurredAt: new Date(clock.now()).toISOString(),
      requestId: 'r-1',
      client: 'okta',
      operation: 'users.create',
      method: 'POST',
      targetId: null,
      status: 201,
      outcome: 'success',
      code: null,
      detail: null,
      cause: null,
      setting: null,
      request: null,
      duration: expect.any(Number),
      count: 1,
      sourceAddress: expect.stringContaining('127.0.0.1'),
    });
    expect(patch).toMatchObject({ operation: 'users.patch', targetId: created.body.id, status: 200 });
  });

  it('has each failure, with its cause and the setting to change in the client it came from', async () => {
    const organization = await server().organization();
    const user = await createUser(organization.scim);
    const again = { schemas: [USER], userName: user.userName };
    expectStatus(await organization.scim.post('/Users', again, OKTA), 409);
    const [failure] = await logOf(organization, { outcome: 'failure' });
    expect(failure).toMatchObject({
      client: 'okta',
      status: 409,
      outcome: 'failure',
      code: 'user.user_name_taken',
      detail: 'Another user already has this userName.',
      cause: expect.stringContaining('already has this userName'),
      setting: expect.stringContaining('in Okta under Sign On'),
    });
  });

  it('shows of a failed body what was sent, and no value of it', async () => {
    const organization = await server().organization();
    const body = {
      schemas: [PATCH_OP],
      Operations: [
        {
          op: 'Replace',
          path: 'emails[value eq "ada.secret@example.com"].value',
          value: 'new.secret@example.com',
        },
        {
          op: 'add',
          value: { password: 'Tr0ub4dor&3', active: 'maybe', [`${ENTERPRISE}:employeeNumber`]: 4711 },
        },
      ],
    };
    const { id } = await createUser(organization.scim, { userName: 'secret name' });
    expectStatus(await organization.scim.patch(`/Users/${id}`, body), 400);
    const [failure] = await logOf(organization, { outcome: 'failure' });
    expect(failure?.['code']).toBe('invalidValue');
    expect(JSON.parse(failure?.['request'])).toEqual({
      schemas: [PATCH_OP],
      Operations: [
        { op: 'Replace', path: 'emails[value eq "…"].value', value: '<text of 22>' },
        {
          op: 'add',
          value: {
            password: '<text of 11>',
            active: '<text of 5>',
            [`${ENTERPRISE}:employeeNumber`]: '<number>',
          },
        },
      ],
    });
    const { rows } = await sql<{ row: string }>`
      select l::text as row from provisioning_log l where connection_id = ${organization.connectionId}::uuid`.execute(
      server().database.connection.db,
    );
    expect(rows.length).toBeGreaterThan(0);
    for (const { row } of rows) {
      expect(row).not.toMatch(/secret|Tr0ub|4711/);
      expect(row).not.toContain(organization.token);
    }
  });

  it('counts reads that succeed instead of listing them', async () => {
    const organization = await server().organization();
    const { scim, adminId } = organization;
    const reads = 40;
    for (let read = 0; read < reads; read += 1) await scim.get(`/Users/${adminId}`);
    for (let read = 0; read < reads; read += 1)
      await scim.post('/Users/.search', { schemas: [SEARCH_REQUEST] });
    for (let read = 0; read < 5; read += 1) await scim.get('/Users/none');
    const entries = await logOf(organization);
    const countsOf = (operation: string, status: number): number[] =>
      entries
        .filter((entry) => entry['operation'] === operation && entry['status'] === status)
        .map((entry) => entry['count']);
    const sumOf = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0);
    for (const operation of ['users.get', 'users.search']) {
      expect(sumOf(countsOf(operation, 200))).toBe(reads);
      expect(countsOf(operation, 200).length).toBeLessThan(reads);
    }
    expect(countsOf('users.get', 404)).toEqual([1, 1, 1, 1, 1]);
  });

  it('has requests that never reached a resource', async () => {
    const organization = await server().organization();
    const { scim } = organization;
    await scim.get('/Nowhere');
    await scim.put('/Users', {});
    await scim.get('/Schemas');
    await scim.request('POST', '/Users', { raw: '{', headers: { 'content-type': 'application/json' } });
    await scim.request('POST', '/Users', { raw: '{}', headers: { 'content-type': 'text/plain' } });
    expect(
      (await logOf(organization)).map(({ operation, code, status }) => [operation, code, status]),
    ).toEqual([
      ['unknown_address', 'request.unknown_address', 404],
      ['unknown_method', 'request.unknown_method', 405],
      ['discovery', null, 200],
      ['users.create', 'invalidSyntax', 400],
      ['users.create', 'request.unsupported_media_type', 415],
    ]);
  });

  it('has a Bulk request of which a part was refused as a failure', async () => {
    const organization = await server().organization();
    await bulk(organization.scim, [postUser('a', 'twice'), postUser('b', 'twice'), postUser('c', 'once')]);
    const [entry] = await logOf(organization);
    expect(entry).toMatchObject({
      operation: 'bulk',
      status: 200,
      outcome: 'failure',
      code: 'uniqueness',
      detail: '1 of 3 operations failed, the first with 409: Another user already has this userName.',
    });
  });

  it('knows Entra by its writes, and remembers it for its reads', async () => {
    const organization = await server().organization();
    const { scim, adminId } = organization;
    await scim.get(`/Users/${adminId}`);
    await scim.operations(`/Users/${adminId}`, { op: 'Replace', path: 'title', value: 'T' });
    await scim.get('/Users?filter=userName+eq+%22x%22');
    const clients = (await logOf(organization)).map(({ operation, client }) => [operation, client]);
    expect(clients).toEqual([
      ['users.get', 'unknown'],
      ['users.patch', 'entra'],
      ['users.list', 'entra'],
    ]);
  });

  it('is read by outcome, by request id, in both orders and page by page', async () => {
    const organization = await server().organization();
    const { scim } = organization;
    for (const n of [1, 2, 3])
      await scim.post('/Users', { userName: `user-${n}` }, { 'X-Request-Id': `request-${n}` });
    await scim.post('/Users', {}, { 'X-Request-Id': 'request-4' });
    const ids = (entries: readonly Entry[]) => entries.map(({ requestId }) => requestId);
    expect(ids(await logOf(organization, { outcome: 'failure' }))).toEqual(['request-4']);
    expect(ids(await logOf(organization, { outcome: 'success', requestId: 'request-2' }))).toEqual([
      'request-2',
    ]);
    const api = await organization.api();
    const pages: string[][] = [];
    let reply: Reply = await api.get(`${pathOf(organization)}?limit=3`);
    for (;;) {
      expect(reply.body.total).toBe(4);
      pages.push(ids(reply.body.items));
      if (reply.body.next === null) break;
      reply = await api.get(withQuery(pathOf(organization), { limit: 3, cursor: reply.body.next }));
    }
    expect(pages).toEqual([['request-4', 'request-3', 'request-2'], ['request-1']]);
  });

  it('is that of one connection', async () => {
    const organization = await server().organization();
    const other = await organization.connection();
    await other.scim.post('/Users', { userName: 'somebody' });
    expect(await logOf(organization)).toEqual([]);
    expect(await logOf({ ...organization, connectionId: other.id })).toHaveLength(1);
  });
});

describe('refused credentials in the provisioning log (product decision)', () => {
  const ask = (token: string): Promise<Reply> =>
    new ScimClient(`${server().baseUrl}/scim/v2`, token).get('/Users', OKTA);

  const issue = (
    { context, connectionId }: TestOrganization,
    kind: 'bearer' | 'client_secret',
    days?: number,
  ) =>
    server().services.connections.issueToken(context, connectionId, {
      kind,
      name: 'okta 2026',
      expiresInDays: days,
    });

  /** The log once it has an entry: a refused credential is looked up after the answer. */
  async function soonIn(organization: TestOrganization): Promise<Entry[]> {
    for (let tries = 0; tries < 100; tries += 1) {
      const entries = await logOf(organization, { outcome: 'failure' });
      if (entries.length > 0) return entries;
      await pause(20);
    }
    throw new Error('the log stayed empty');
  }

  let organization: TestOrganization;
  beforeAll(async () => {
    organization = await server().organization();
  });

  it.each([
    [
      'has expired',
      'credential.expired',
      async (target: TestOrganization) => {
        const { secret } = await issue(target, 'bearer', 1);
        clock.advance(DAY);
        return secret;
      },
    ],
    [
      'was revoked',
      'credential.revoked',
      async (target: TestOrganization) => {
        const { id, secret } = await issue(target, 'bearer');
        await server().services.connections.revokeToken(target.context, id);
        return secret;
      },
    ],
    [
      'is a client secret',
      'credential.wrong_kind',
      async (target: TestOrganization) => (await issue(target, 'client_secret')).secret,
    ],
  ])('one that %s is told to the admins of its connection', async (_what, code, makeSecret) => {
    const target = await server().organization();
    const secret = await makeSecret(target);
    await pause(FRESH_FOR);
    expectStatus(await ask(secret), 401);
    const [entry] = await soonIn(target);
    expect(entry).toMatchObject({
      client: 'okta',
      operation: 'unauthenticated',
      status: 401,
      code,
      detail: 'The credential "okta 2026" was refused.',
      setting: expect.stringContaining('in Okta under Provisioning → Integration'),
    });
  });

  it('one that nobody ever had is told to nobody', async () => {
    expectStatus(await ask('never-issued'), 401);
    expect(await logOf(organization)).toEqual([]);
    const { rows } = await sql<{ count: number }>`
      select count(*)::int as count from provisioning_log where client = 'okta' and status = 401
        and code = 'credential.invalid'`.execute(server().database.connection.db);
    expect(rows[0]?.count).toBe(0);
  });
});

describe('how long the provisioning log is kept (product decision)', () => {
  const open: TestServer[] = [];
  afterEach(async () => {
    for (const opened of open.splice(0)) await opened.close();
  });

  async function start(options: TestServerOptions): Promise<TestServer> {
    const started = await startServer(options);
    open.unshift(started);
    return started;
  }

  const timesOf = async (organization: TestOrganization): Promise<string[]> => {
    const reply = await (await organization.api()).get(pathOf(organization));
    return reply.body.items.map(({ occurredAt }: Entry) => occurredAt);
  };

  it('PROVISIONING_LOG_DAYS, counted from each request', async () => {
    const kept = testClock();
    const env = { PROVISIONING_LOG_DAYS: '10' };
    const first = await start({ clock: kept, env });
    const { database } = first;
    const target = await first.organization();
    await target.scim.post('/Users', { userName: 'first' });
    kept.advance(9 * DAY);
    await target.scim.post('/Users', { userName: 'second' });
    kept.advance(2 * DAY);
    expect(await timesOf(target)).toHaveLength(2);
    // Every process looks for what is too old when it starts, and is done with that before it ends.
    const second = await startServer({ clock: kept, database, env });
    await second.close();
    expect(await timesOf(target)).toEqual([new Date(kept.now() - 2 * DAY).toISOString()]);
  });

  it('not at all with 0', async () => {
    const off = await start({ env: { PROVISIONING_LOG_DAYS: '0' } });
    const target = await off.organization();
    await target.scim.post('/Users', { userName: 'somebody' });
    expect(await timesOf(target)).toEqual([]);
  });

  it('is written when the process ends', async () => {
    const ending = await start({});
    await (await ending.organization()).scim.post('/Users', { userName: 'somebody' });
    await ending.services.provisioningLog.stop();
    const { rows } = await sql<{ count: number }>`
      select count(*)::int as count from provisioning_log`.execute(ending.database.connection.db);
    expect(rows[0]?.count).toBe(1);
  });
});
