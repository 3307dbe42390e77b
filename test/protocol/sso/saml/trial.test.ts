import { beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { Browser, type Page } from '../../../support/browser.js';
import { postForm } from '../../../support/saml/saml-identity-provider.js';
import type { TestOrganization } from '../../../support/server.js';
import { ADA, connect, useWorld, whoIs, type Connected } from './support/world.js';

const world = useWorld();
const { server, idp } = world;
let organization: TestOrganization;
let connected: Connected;

beforeAll(async () => {
  organization = await server().organization();
  connected = await connect(world, organization, { isEnabled: false });
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

async function tryIt(browser: Browser): Promise<Page> {
  const page = await browser.visit(`${connected.address}/test`);
  return page.status === 200 ? postForm(browser, page) : page;
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

describe('the trial of a SAML connection by an admin (product decision)', () => {
  it('shows what came and what would happen, at a connection that is not on yet, and stores nothing', async () => {
    const browser = await browserOf(organization.adminId);
    const before = await contents();
    const page = await tryIt(browser);
    expect(page.text).toContain('an account would be made');
    for (const shown of ['ada@example.com', 'firstName', 'Lovelace']) expect(page.text).toContain(shown);
    expect(await contents()).toEqual(before);
    expect(await whoIs(world, browser)).toMatchObject({ userId: organization.adminId });
  });

  it('says why somebody would be refused, and how to mend it', async () => {
    await organization.scim.post('/Users', { userName: ADA.nameId });
    const page = await tryIt(await browserOf(organization.adminId));
    expect(page.text).toContain('This person would be refused');
    expect(page.text).toContain('link_refused');
    expect(page.text).toContain('What to do');
  });

  it('says which check failed when the answer is not believed', async () => {
    idp().behaviour = { options: { audience: 'https://another.example' } };
    const page = await tryIt(await browserOf(organization.adminId));
    expect(page.text).toContain('The assertion was made for another service provider.');
    expect(page.text).toContain('Nobody would be signed in');
  });

  it('escapes what the identity provider says', async () => {
    idp().signedIn = { nameId: 'x', attributes: { '<img src=x>': '<script>alert(1)</script>' } };
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

  it('ends in nothing when the admin has signed out meanwhile', async () => {
    const browser = await browserOf(organization.adminId);
    const page = await browser.visit(`${connected.address}/test`);
    await server().services.sessions.endAll(organization.context, organization.adminId);
    const end = await postForm(browser, page);
    expect(end.status).toBe(404);
    expect(end.text).not.toContain('ada@example.com');
  });

  it('is no sign-in for another browser that brings its answer', async () => {
    const page = await (await browserOf(organization.adminId)).visit(`${connected.address}/test`);
    const other = new Browser();
    expect((await postForm(other, page)).status).toBe(403);
    expect(await whoIs(world, other)).toBeUndefined();
  });
});
