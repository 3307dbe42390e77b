import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { Browser, type Page } from '../../../support/browser.js';
import { person } from '../../../support/openid-provider.js';
import type { TestOrganization } from '../../../support/server.js';
import { connect, useWorld, whoIs, type Connected } from './support/world.js';

const ADA = person({ id: 'ada', groups: ['Research', 'Nobody'] });
const { server, provider } = useWorld([ADA]);
let organization: TestOrganization;
let connected: Connected;

beforeAll(async () => {
  organization = await server().organization();
  connected = await connect(server(), provider(), organization, { isEnabled: false });
});
afterEach(() => {
  provider().misbehave({});
});

async function browserOf(userId: string, where = organization): Promise<Browser> {
  const { secret } = await server().services.sessions.open(where.context, userId, {
    origin: { method: 'password' },
    userAgent: undefined,
    replaces: undefined,
  });
  const browser = new Browser();
  browser.setCookie(server().baseUrl, 'rollcall', secret);
  return browser;
}

async function tryIt(browser: Browser, { address } = connected): Promise<Page> {
  const choose = await browser.visit(`${address}/test`);
  return choose.text.includes('Who are you?') ? browser.submit(choose, { person: ADA.id }) : choose;
}

async function contents(): Promise<unknown> {
  const tables = ['users', 'identities', 'sessions', 'audit_events', 'sign_on_reviews', 'team_members'];
  const counts = tables.map(async (table) => {
    const query = sql<{ count: number }>`select count(*)::int as count from ${sql.table(table)}`;
    const { rows } = await query.execute(server().database.connection.db);
    return [table, rows[0]?.count];
  });
  return Promise.all(counts);
}

describe('the trial of a connection by an admin (product decision)', () => {
  it('shows what came and what would happen, at a connection that is not on yet, and stores nothing', async () => {
    const browser = await browserOf(organization.adminId);
    const before = await contents();
    const page = await tryIt(browser);
    expect(page.status).toBe(200);
    expect(page.text).toContain('an account would be made');
    for (const shown of ['ada@example.com', 'preferred_username', 'Research'])
      expect(page.text).toContain(shown);
    expect(await contents()).toEqual(before);
    expect(await whoIs(server(), browser)).toMatchObject({ userId: organization.adminId });
  });

  it('says why somebody would be refused, and how to mend it', async () => {
    await organization.scim.post('/Users', { userName: ADA.userName });
    const page = await tryIt(await browserOf(organization.adminId));
    expect(page.text).toContain('This person would be refused');
    expect(page.text).toContain('link_refused');
    expect(page.text).toContain('What to do');
  });

  it('says which check failed when the answer is not believed', async () => {
    provider().misbehave({ claims: (claims) => ({ ...claims, aud: 'somebody-else' }) });
    const page = await tryIt(await browserOf(organization.adminId));
    expect(page.text).toContain('Nobody would be signed in');
    expect(page.text).toContain('<dd>aud</dd>');
  });

  it('says what is wrong when the provider cannot be asked', async () => {
    provider().misbehave({
      discovery: (document) => ({ ...document, token_endpoint: 'http://example.com/' }),
    });
    const page = await tryIt(await browserOf(organization.adminId));
    expect(page.text).toContain('token_endpoint');
  });

  it('escapes what the provider says', async () => {
    provider().misbehave({ claims: (claims) => ({ ...claims, '<img src=x>': '<script>alert(1)</script>' }) });
    const page = await tryIt(await browserOf(organization.adminId));
    expect(page.text).not.toMatch(/<img src=x>|<script>/);
  });

  it('is there for admins of the organization alone', async () => {
    const { body } = await organization.scim.post('/Users', { userName: 'member-of-this' });
    const elsewhere = await server().organization();
    for (const browser of [
      new Browser(),
      await browserOf(String(body.id)),
      await browserOf(elsewhere.adminId, elsewhere),
    ])
      expect((await tryIt(browser)).status).toBe(404);
  });

  it('ends in nothing when the admin has signed out meanwhile, or somebody else answers', async () => {
    const browser = await browserOf(organization.adminId);
    const choose = await browser.visit(`${connected.address}/test`);
    browser.setCookie(server().baseUrl, 'rollcall', 'rs_gone');
    const page = await browser.submit(choose, { person: ADA.id });
    expect(page.status).toBe(404);
    expect(page.text).not.toContain('ada@example.com');
  });
});
