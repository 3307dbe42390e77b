import { beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { createPerson, createTeam } from '../api/support/people.js';
import { useSignInWorld } from '../sso/support/sign-in-world.js';

const world = useSignInWorld();
let person: string;
let userName: string;
let teamName: string;
let teamId: string;
let cookie: string;

const open = async (userId: string): Promise<string> => {
  const { server, organization } = world();
  const { secret } = await server.services.sessions.open(organization.context, userId, {
    origin: { method: 'password' },
    userAgent: undefined,
    replaces: undefined,
  });
  return `rollcall=${secret}`;
};

const verify = (headers: Record<string, string> = {}, query = '', method = 'GET'): Promise<Response> =>
  fetch(`${world().server.baseUrl}/auth/verify${query}`, { headers, method, redirect: 'manual' });

const issueKey = (userId: string, scope: 'access' | 'admin' | 'scim' = 'access') =>
  world().server.services.apiKeys.issue(world().organization.context, userId, {
    name: 'application',
    scopes: [scope],
    expiresAt: undefined,
  });

beforeAll(async () => {
  const { organization } = world();
  userName = `ada-${randomUUID()}@example.com`;
  person = await createPerson(organization, {
    userName,
    displayName: 'Ada Byron',
    emails: [{ value: 'other@example.com' }, { value: 'ada@example.org', primary: true }],
  });
  teamName = `Research ${randomUUID()}`;
  teamId = await createTeam(organization, [person], teamName);
  cookie = await open(person);
});

describe('GET /auth/verify (decisions: forward authentication)', () => {
  it('tells by headers whose session it is, without a body', async () => {
    const reply = await verify({ cookie });
    expect([reply.status, await reply.text()]).toEqual([200, '']);
    expect(Object.fromEntries([...reply.headers].filter(([name]) => name.startsWith('x-auth-')))).toEqual({
      'x-auth-user-id': person,
      'x-auth-user-name': userName,
      'x-auth-email': 'ada@example.org',
      'x-auth-display-name': 'Ada Byron',
      'x-auth-account-type': 'USER',
      'x-auth-organization-id': world().organization.id,
      'x-auth-organization-role': 'member',
      'x-auth-teams': teamName,
      'x-auth-team-count': '1',
    });
    expect(reply.headers.get('cache-control')).toBe('no-store');
  });

  it('answers HEAD alike, and no other method', async () => {
    const reply = await verify({ cookie }, '', 'HEAD');
    expect([reply.status, reply.headers.get('x-auth-user-id')]).toEqual([200, person]);
    expect((await verify({ cookie }, '', 'POST')).status).toBe(405);
  });

  it('takes an API key with the scope access, and says 403 to one without (RFC 6750 section 3.1)', async () => {
    const { secret } = await issueKey(person);
    const reply = await verify({ authorization: `Bearer ${secret}` });
    expect([reply.status, reply.headers.get('x-auth-user-id')]).toEqual([200, person]);
    for (const scope of ['admin', 'scim'] as const) {
      const refused = await verify({ authorization: `Bearer ${(await issueKey(person, scope)).secret}` });
      expect(refused.status).toBe(403);
      expect(refused.headers.get('www-authenticate')).toContain('insufficient_scope');
      expect(refused.headers.get('x-auth-user-id')).toBeNull();
    }
  });

  it.each(['Bearer rk_unknown', 'Basic eDp5', 'Bearer', ''])(
    'does not take the session of a request with the credential "%s"',
    async (authorization) => {
      expect((await verify({ cookie, authorization })).status).toBe(401);
    },
  );

  it('is 401 without a credential, and does not believe what the request says of itself', async () => {
    const claims = { 'x-auth-user-id': person, 'x-auth-organization-role': 'admin' };
    const reply = await verify(claims);
    expect([reply.status, await reply.text()]).toEqual([401, '']);
    expect(reply.headers.get('x-auth-user-id')).toBeNull();
    expect(reply.headers.get('www-authenticate')).toBe('Bearer realm="Rollcall"');
    const other = await verify({ ...claims, cookie: await open(await createPerson(world().organization)) });
    expect(other.headers.get('x-auth-user-id')).not.toBe(person);
    expect(other.headers.get('x-auth-organization-role')).toBe('member');
  });
});

describe('an end is felt by the next request', () => {
  it.each(['session', 'key'])('of the account: its %s is 401', async (kind) => {
    const { organization } = world();
    const id = await createPerson(organization);
    const headers: Record<string, string> =
      kind === 'session'
        ? { cookie: await open(id) }
        : { authorization: `Bearer ${(await issueKey(id)).secret}` };
    expect((await verify(headers)).status).toBe(200);
    await organization.scim.operations(`/Users/${id}`, { op: 'replace', path: 'active', value: false });
    expect((await verify(headers)).status).toBe(401);
  });

  it('of the session and of the key', async () => {
    const { server, organization } = world();
    const session = await open(person);
    const { key, secret } = await issueKey(person);
    const bearer = { authorization: `Bearer ${secret}` };
    await server.services.sessions.endAll(organization.context, person);
    expect((await verify({ cookie: session })).status).toBe(401);
    cookie = await open(person);
    expect((await verify(bearer)).status).toBe(200);
    await (await organization.api()).request('DELETE', `/api-keys/${key.id}`);
    expect((await verify(bearer)).status).toBe(401);
  });
});

describe('a required team', () => {
  const required = (...names: readonly string[]): string =>
    `?${new URLSearchParams(names.map((name) => ['team', name]))}`;

  it('lets in who is in one of those named, whatever the case, and is 403 for others', async () => {
    expect((await verify({ cookie }, required(teamName.toUpperCase()))).status).toBe(200);
    expect((await verify({ cookie }, required('Another', teamName))).status).toBe(200);
    expect((await verify({ cookie }, required('Another'))).status).toBe(403);
    expect((await verify({}, required(teamName))).status).toBe(401);
    const stranger = { cookie: await open(await createPerson(world().organization)) };
    expect((await verify(stranger, required(teamName))).status).toBe(403);
  });

  it('sees the end of a membership at once', async () => {
    const { organization } = world();
    const id = await createPerson(organization);
    await organization.scim.operations(`/Groups/${teamId}`, {
      op: 'add',
      path: 'members',
      value: [{ value: id }],
    });
    const headers = { cookie: await open(id) };
    expect((await verify(headers, required(teamName))).status).toBe(200);
    const removal = { op: 'remove', path: `members[value eq "${id}"]` };
    await organization.scim.operations(`/Groups/${teamId}`, removal);
    expect((await verify(headers, required(teamName))).status).toBe(403);
  });

  it.each(['?teams=Research', '?team=', '?role=admin', '?signIn=no', '?signIn=redirect&signIn=redirect'])(
    'that is mistyped lets nobody in: %s is 400',
    async (query) => {
      expect((await verify({ cookie }, query)).status).toBe(400);
    },
  );
});

describe('names become headers', () => {
  it.each([
    'Zoë 💎 Čapek',
    '100 % sure, %0d%0aX-Auth-Organization-Role: admin',
    'a\r\nX-Auth-Organization-Role: admin',
    'a,b',
  ])('that give the name back and nothing else: %j', async (displayName) => {
    const { organization } = world();
    const created = await organization.scim.post('/Users', {
      userName: `${randomUUID()}@example.com`,
      displayName,
    });
    const name = `${displayName} ${randomUUID()}`;
    await createTeam(organization, [created.body.id], name);
    const { headers, status } = await verify({ cookie: await open(created.body.id) });
    expect(status).toBe(200);
    expect(headers.get('x-auth-organization-role')).toBe('member');
    expect(decodeURIComponent(headers.get('x-auth-display-name') ?? '')).toBe(created.body.displayName);
    const teams = (headers.get('x-auth-teams') ?? '').split(',').map(decodeURIComponent);
    expect(teams).toHaveLength(1);
    expect(headers.get('x-auth-teams')).toMatch(/^[\x20-\x7e]*$/);
  });

  it('of which many do not fit: those that do are whole, and the count is of all', async () => {
    const { organization } = world();
    const id = await createPerson(organization);
    const names = Array.from({ length: 12 }, (_, index) => `${'é'.repeat(40)} ${index} ${randomUUID()}`);
    for (const name of names) await createTeam(organization, [id], name);
    const headers = { cookie: await open(id) };
    const reply = await verify(headers);
    const listed = (reply.headers.get('x-auth-teams') ?? '').split(',').map(decodeURIComponent);
    expect(listed.length).toBeLessThan(names.length);
    for (const name of listed) expect(names).toContain(name);
    expect(reply.headers.get('x-auth-team-count')).toBe('12');
    const missing = names.find((name) => !listed.includes(name)) ?? '';
    expect((await verify(headers, `?${new URLSearchParams({ team: missing })}`)).status).toBe(200);
  });
});

describe('who is not signed in is led to the sign-in page', () => {
  const asked = { 'x-forwarded-uri': '/app/reports?from=1&to=2', accept: 'text/html' };
  const address = () => `${world().server.baseUrl}/login?returnTo=%2Fapp%2Freports%3Ffrom%3D1%26to%3D2`;

  it('by a header of the 401, for the proxy to use', async () => {
    const reply = await verify(asked);
    expect([reply.status, reply.headers.get('x-auth-sign-in')]).toEqual([401, address()]);
    for (const uri of ['//evil.example.com/', 'https://evil.example.com/'])
      expect((await verify({ 'x-forwarded-uri': uri })).headers.get('x-auth-sign-in')).toBe(
        `${world().server.baseUrl}/login`,
      );
  });

  it('by 302 where the proxy asks for it, and only a browser that asks for a page', async () => {
    const redirect = await verify(asked, '?signIn=redirect');
    expect([redirect.status, redirect.headers.get('location')]).toEqual([302, address()]);
    for (const headers of [
      { ...asked, accept: 'application/json' },
      { ...asked, 'x-forwarded-method': 'POST' },
      { ...asked, authorization: 'Bearer rk_unknown' },
    ])
      expect((await verify(headers, '?signIn=redirect')).status).toBe(401);
  });
});
