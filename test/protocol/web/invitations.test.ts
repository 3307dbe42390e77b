import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PageBrowser } from '../../support/page-browser.js';
import { startServer, type TestOrganization, type TestServer } from '../../support/server.js';
import { createPerson, createTeam } from '../api/support/people.js';

const PASSWORD = 'correct horse battery staple';
const FIELDS = { displayName: 'Ada Lovelace', password: PASSWORD, passwordAgain: PASSWORD };
let server: TestServer;
let organization: TestOrganization;
let serial = 0;

beforeAll(async () => {
  server = await startServer();
  organization = await server.organization();
});
afterAll(() => server.close());

const someone = (): string => `guest-${(serial += 1)}@example.com`;

/** Invites somebody. @returns the path of the link */
async function invite(email = someone(), more: object = {}): Promise<string> {
  const api = await organization.api();
  const { body } = await api.post('/invitations', { emails: [email], sendEmail: false, ...more });
  return new URL(body.items[0].link).pathname;
}

const browser = (): PageBrowser => new PageBrowser(server.baseUrl);

describe('the page of an invitation (product decision)', () => {
  it('takes a password, makes the account and signs it in', async () => {
    const email = someone();
    const person = browser();
    const page = await person.open(await invite(email, { organizationRole: 'admin' }));
    expect(page.status).toBe(200);
    expect(page.html).toContain(email);
    const account = await person.submit('', FIELDS);
    expect(account.url.pathname).toBe('/account');
    expect(account.status).toBe(200);
    expect(account.html).toContain('Ada Lovelace');
    const { body } = await organization.scim.get(`/Users?filter=userName eq "${email}"`);
    expect(body.totalResults).toBe(1);
  });

  it('lets the person sign in with that password afterwards', async () => {
    const email = someone();
    const first = browser();
    await first.open(await invite(email));
    await first.submit('', FIELDS);
    const later = browser();
    await later.open('/login/password');
    const account = await later.submit('/login/password', { email, password: PASSWORD });
    expect(account.url.pathname).toBe('/account');
  });

  it('does nothing when it is opened, as mail scanners do', async () => {
    const path = await invite();
    for (let time = 0; time < 3; time += 1) expect((await browser().open(path)).status).toBe(200);
    const head = await fetch(server.baseUrl + path, { method: 'HEAD' });
    expect(head.status).toBe(200);
    expect((await browser().open(path)).status).toBe(200);
  });

  it('gives its address to nobody: no referrer, nothing from elsewhere, not stored', async () => {
    const { headers, html } = await browser().open(await invite());
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(html).not.toMatch(/(?:src|href|action)="https?:/);
  });

  it.each([
    ['two passwords that differ', { ...FIELDS, passwordAgain: 'something else entirely' }],
    ['a short password', { ...FIELDS, password: 'short', passwordAgain: 'short' }],
    ['a name that is too long', { ...FIELDS, displayName: 'x'.repeat(101) }],
  ])('is shown again for %s, and the link stays good', async (_case, fields) => {
    const person = browser();
    await person.open(await invite());
    const again = await person.submit('', fields);
    expect(again.status).toBe(422);
    expect(again.html).toContain('role="alert"');
    expect((await person.submit('', FIELDS)).url.pathname).toBe('/account');
  });

  it('is one neutral page for links that are wrong, used or revoked', async () => {
    const used = await invite();
    const person = browser();
    await person.open(used);
    await person.submit('', FIELDS);
    const api = await organization.api();
    const { body } = await api.post('/invitations', { emails: [someone()] });
    const { invitation, link } = body.items[0];
    await api.delete(`/invitations/${invitation.id}`);
    for (const path of [used, new URL(link).pathname, '/invitations/ri_wrong', '/invitations/%ff']) {
      const page = await browser().open(path);
      if (path.endsWith('%ff')) expect(page.status).toBeGreaterThanOrEqual(400);
      else {
        expect(page.status).toBe(403);
        expect(page.html).toContain('This link cannot be used');
      }
    }
  });

  it('takes no form that another site made: nobody is signed in as somebody else', async () => {
    const path = await invite();
    const attacked = browser();
    expect((await attacked.post(path, FIELDS)).status).toBe(403);
    await attacked.open(path);
    const crossSite = { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' };
    expect((await attacked.submit('', FIELDS, crossSite)).status).toBe(403);
    await attacked.open(path);
    const opaque = { origin: 'null' };
    expect((await browser().post(path, { ...FIELDS, formToken: 'guessed' }, opaque)).status).toBe(403);
    expect((await attacked.submit('', FIELDS, opaque)).url.pathname).toBe('/account');
  });

  it('adds an account that is there already to the teams, and signs nobody in', async () => {
    const email = someone();
    const userId = await createPerson(organization, { userName: email });
    const teamId = await createTeam(organization);
    const api = await organization.api();
    const { body } = await api.post(`/teams/${teamId}/invitations`, { emails: [email] });
    const person = browser();
    await person.open(new URL(body.items[0].link).pathname);
    const joined = await person.submit('');
    expect(joined.status).toBe(200);
    expect(person.cookie('rollcall')).toBeUndefined();
    const user = await organization.scim.get(`/Users/${userId}`);
    expect(user.body.groups).toMatchObject([{ value: teamId }]);
  });
});
