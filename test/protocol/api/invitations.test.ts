import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { LIMITS } from '../../../src/kernel/limits.js';
import type { ApiClient } from '../../support/api-client.js';
import { startSmtpSink, type SmtpSink } from '../../support/fakes/smtp-sink.js';
import type { Reply } from '../../support/scim-client.js';
import { startServer, type TestOrganization, type TestServer } from '../../support/server.js';
import { testClock } from '../../support/clock.js';
import { createPerson, createTeam } from './support/people.js';

interface InvitationItem {
  readonly email: string;
}
interface IssuedItem {
  readonly invitation: InvitationItem;
}

const WEEK = 7 * 86_400_000;
const clock = testClock();
let server: TestServer;
let organization: TestOrganization;
let api: ApiClient;
let serial = 0;

beforeAll(async () => {
  server = await startServer({ clock });
  organization = await server.organization();
  api = await organization.api();
});
afterAll(() => server.close());

const someone = (): string => `invited-${(serial += 1)}@example.com`;

/** Invites one address. @returns the answer's only item */
async function invite(email: string, more: object = {}) {
  const reply = await api.post('/invitations', { emails: [email], ...more });
  expect(reply.status).toBe(201);
  return reply.body.items[0];
}

const secretOf = (link: string): string => link.slice(link.lastIndexOf('/') + 1);

/** Accepts with the link, as its page does. */
const accept = (link: string, password: string | undefined = 'correct horse battery') =>
  server.services.acceptance.accept(
    { requestId: 'test', sourceAddress: undefined },
    { secret: secretOf(link), password, displayName: 'Invited Person' },
    () => Promise.resolve('opened'),
  );

const read = async (id: string) => (await api.get(`/invitations/${id}`)).body;

function expectProblem(reply: Reply, status: number, code: string, field?: string): void {
  expect(reply).toMatchObject({ status, body: { code } });
  if (field !== undefined) expect(reply.body.errors).toMatchObject([{ field }]);
}

describe('invitations (product model 3.2)', () => {
  it('are for a member with a full seat, pending for seven days, with a link to hand over where there is no mail server', async () => {
    const email = someone();
    const { invitation, link } = await invite(email);
    expect(invitation).toMatchObject({
      email,
      origin: 'organization',
      organizationRole: 'member',
      seat: 'full',
      teams: [],
      state: 'pending',
      mail: { state: 'not_configured', attempts: 0, lastError: null },
      invitedBy: { userId: organization.adminId },
      userId: null,
      settledAt: null,
    });
    expect(Date.parse(invitation.expiresAt)).toBe(clock.now() + WEEK);
    expect(link).toMatch(new RegExp(`^${server.baseUrl}/invitations/ri_[\\w-]{43}$`));
    expect(await read(invitation.id)).toEqual(invitation);
  });

  it('take lists as people paste them, and an address once, whatever its case', async () => {
    const [a, b, c] = [someone(), someone(), someone()];
    const reply = await api.post('/invitations', { emails: [`${a}, ${b};`, `${a.toUpperCase()}\n${c}`] });
    expect(reply.status).toBe(201);
    expect(reply.body.items.map((item: IssuedItem) => item.invitation.email)).toEqual([a, b, c]);
  });

  it.each([
    ['no address', { emails: [] }, 'emails'],
    ['nothing but separators', { emails: [' , ;'] }, 'emails'],
    ['what is no address', { emails: ['ada@example.com', 'ada'] }, 'emails[1]'],
    ['a line break in an address', { emails: ['ada@example.com\r\nBcc:x'] }, 'emails[0]'],
    ['an unknown role', { emails: ['a@b.c'], organizationRole: 'owner' }, 'organizationRole'],
    [
      'an unknown team',
      { emails: ['a@b.c'], teamRoles: [{ teamId: '019aa004-2b10-7f41-8e22-5d6c7b8a9f06' }] },
      'teamRoles',
    ],
  ])('with %s are 400 and name the field', async (_case, body, field) => {
    expectProblem(await api.post('/invitations', body), 400, expect.any(String) as never, field);
  });

  it(`of more than ${LIMITS.invitationsPerRequest} addresses are 400`, async () => {
    const list = Array.from({ length: LIMITS.invitationsPerRequest + 1 }, (_, n) => `p${n}@example.com`);
    expectProblem(
      await api.post('/invitations', { emails: [list.join(',')] }),
      400,
      'invitation.invalid',
      'emails',
    );
  });

  it('of an address that has an account are 409, and nobody of the request is invited', async () => {
    const [newcomer, holder] = [someone(), someone()];
    await createPerson(organization, { userName: 'holder', emails: [{ value: holder.toUpperCase() }] });
    expectProblem(
      await api.post('/invitations', { emails: [newcomer, holder] }),
      409,
      'invitation.already_member',
      'emails',
    );
    const { body } = await api.get(`/invitations?search=${newcomer}`);
    expect(body.items).toEqual([]);
  });

  it('of a deactivated account, or of one that the identity provider removed, are 409', async () => {
    const [deactivated, removed] = [someone(), someone()];
    await createPerson(organization, { userName: deactivated, active: false });
    const id = await createPerson(organization, { userName: removed });
    await organization.scim.delete(`/Users/${id}`);
    expectProblem(
      await api.post('/invitations', { emails: [deactivated] }),
      409,
      'invitation.user_deactivated',
    );
    expectProblem(await api.post('/invitations', { emails: [removed] }), 409, 'invitation.user_removed');
  });

  it('of an address with an open invitation are 409; of one whose invitation expired they are not', async () => {
    const email = someone();
    const first = await invite(email);
    expectProblem(
      await api.post('/invitations', { emails: [email] }),
      409,
      'invitation.already_invited',
      'emails',
    );
    clock.advance(WEEK);
    expect((await read(first.invitation.id)).state).toBe('expired');
    const second = await invite(email);
    expect(second.invitation.state).toBe('pending');
    expect((await read(first.invitation.id)).state).toBe('expired');
  });

  it('are listed by state, team and part of the address, page by page', async () => {
    const other = await server.organization();
    const client = await other.api();
    const teamId = await createTeam(other);
    const emails = ['ann@x.example', 'bob@x.example', 'cy@y.example'];
    const { body } = await client.post('/invitations', { emails, teamRoles: [{ teamId }] });
    await client.delete(`/invitations/${body.items[1].invitation.id}`);
    const found = async (query: string) =>
      (await client.get(`/invitations?${query}`)).body.items.map(({ email }: InvitationItem) => email);
    expect(await found('')).toEqual(emails);
    expect(await found('sort=-id')).toEqual(emails.toReversed());
    expect(await found('state=pending')).toEqual(['ann@x.example', 'cy@y.example']);
    expect(await found('state=revoked')).toEqual(['bob@x.example']);
    expect(await found('search=X.EXAMPLE')).toEqual(['ann@x.example', 'bob@x.example']);
    expect(await found(`teamId=${teamId}&state=pending`)).toEqual(['ann@x.example', 'cy@y.example']);
    const first = await client.get('/invitations?limit=2');
    expect(first.body).toMatchObject({ total: 3 });
    expect(await found(`limit=2&cursor=${first.body.next}`)).toEqual(['cy@y.example']);
  });

  it('belong to one organization: those of another are 404', async () => {
    const { invitation } = await invite(someone());
    const stranger = await (await server.organization()).api();
    const path = `/invitations/${invitation.id}`;
    for (const reply of [
      await stranger.get(path),
      await stranger.post(`${path}/resend`, {}),
      await stranger.delete(path),
    ])
      expectProblem(reply, 404, 'invitation.not_found');
  });
});

describe('accepting an invitation (product decision)', () => {
  it('makes the account with the role, seat and teams that were chosen, once', async () => {
    const email = someone();
    const teamId = await createTeam(organization);
    const { invitation, link } = await invite(email, {
      organizationRole: 'admin',
      teamRoles: [{ teamId, roleName: 'admin' }],
    });
    const { userId } = await accept(link);
    const { body } = await organization.scim.get(`/Users/${userId}`);
    expect(body).toMatchObject({ userName: email, displayName: 'Invited Person', active: true });
    const extension = body['urn:ietf:params:scim:schemas:extension:rollcall:2.0:User'];
    expect(extension).toMatchObject({
      organizationRole: 'admin',
      seat: 'full',
      teamRoles: [{ teamId, roleName: 'admin' }],
    });
    expect(await read(invitation.id)).toMatchObject({ state: 'accepted', userId });
    await expect(accept(link)).rejects.toMatchObject({ code: 'invitation.link_invalid' });
  });

  it('is refused with a link that expired, was revoked, or was sent again', async () => {
    const refused = { code: 'invitation.link_invalid' };
    const expired = await invite(someone());
    clock.advance(WEEK);
    await expect(accept(expired.link)).rejects.toMatchObject(refused);
    const revoked = await invite(someone());
    expect((await api.delete(`/invitations/${revoked.invitation.id}`)).status).toBe(204);
    await expect(accept(revoked.link)).rejects.toMatchObject(refused);
    const old = await invite(someone());
    const again = await api.post(`/invitations/${old.invitation.id}/resend`, {});
    expect(again.status).toBe(200);
    await expect(accept(old.link)).rejects.toMatchObject(refused);
    expect((await accept(again.body.link)).opened).toBe('opened');
    await expect(accept('https://x/invitations/ri_wrong')).rejects.toMatchObject(refused);
  });

  it('is refused to an account that was deactivated or removed meanwhile', async () => {
    const [a, b] = [someone(), someone()];
    const first = await invite(a);
    const second = await invite(b);
    await createPerson(organization, { userName: 'a-later', emails: [{ value: a }], active: false });
    const id = await createPerson(organization, { userName: b });
    await organization.scim.delete(`/Users/${id}`);
    await expect(accept(first.link)).rejects.toMatchObject({ code: 'invitation.link_invalid' });
    await expect(accept(second.link)).rejects.toMatchObject({ code: 'invitation.link_invalid' });
  });

  it('needs a password of twelve characters, and nothing happens without one', async () => {
    const { invitation, link } = await invite(someone());
    await expect(accept(link, 'short')).rejects.toMatchObject({
      code: 'invitation.invalid',
      field: 'password',
    });
    expect((await read(invitation.id)).state).toBe('pending');
  });

  it('joins with the role that a custom role inherited from, when that is deleted meanwhile', async () => {
    const teamId = await createTeam(organization);
    const role = await organization.scim.post('/Roles', { name: 'Operator', inheritedFrom: 'viewer' });
    const { link, invitation } = await invite(someone(), { teamRoles: [{ teamId, roleName: 'Operator' }] });
    expect(invitation.teams).toMatchObject([{ roleName: 'Operator' }]);
    await organization.scim.delete(`/Roles/${role.body.id}`);
    const { userId } = await accept(link);
    const { body } = await organization.scim.get(`/Users/${userId}`);
    const extension = body['urn:ietf:params:scim:schemas:extension:rollcall:2.0:User'];
    expect(extension.teamRoles).toMatchObject([{ teamId, roleName: 'viewer' }]);
  });

  it('leaves out teams that were archived meanwhile', async () => {
    const teamId = await createTeam(organization);
    const { link } = await invite(someone(), { teamRoles: [{ teamId }] });
    await organization.scim.delete(`/Groups/${teamId}`);
    const { userId } = await accept(link);
    const { body } = await organization.scim.get(`/Users/${userId}`);
    expect(body.groups).toBeUndefined();
  });

  it('revoking and sending again are 409 afterwards', async () => {
    const { invitation, link } = await invite(someone());
    await accept(link);
    const path = `/invitations/${invitation.id}`;
    expectProblem(await api.delete(path), 409, 'invitation.not_open');
    expectProblem(await api.post(`${path}/resend`, {}), 409, 'invitation.not_open');
  });
});

describe('an invited person whom the identity provider provisions meanwhile (product decision)', () => {
  it('is one account: the POST is 201, has what was chosen, and settles the invitation', async () => {
    const email = someone();
    const teamId = await createTeam(organization);
    const { invitation, link } = await invite(email, {
      organizationRole: 'admin',
      teamRoles: [{ teamId, roleName: 'admin' }],
    });
    const created = await organization.scim.post('/Users', {
      userName: email.toUpperCase(),
      externalId: 'from-idp',
      name: { givenName: 'Ada' },
    });
    expect(created.status).toBe(201);
    const extension = created.body['urn:ietf:params:scim:schemas:extension:rollcall:2.0:User'];
    expect(extension).toMatchObject({
      organizationRole: 'admin',
      teamRoles: [{ teamId, roleName: 'admin' }],
    });
    expect(await read(invitation.id)).toMatchObject({ state: 'accepted', userId: created.body.id });
    await expect(accept(link)).rejects.toMatchObject({ code: 'invitation.link_invalid' });
    const found = await organization.scim.get(`/Users?filter=userName eq "${email}"`);
    expect(found.body.totalResults).toBe(1);
  });

  it('is found by any of its addresses', async () => {
    const email = someone();
    const { invitation } = await invite(email, { organizationRole: 'viewer', seat: 'viewer' });
    const id = await createPerson(organization, {
      emails: [{ value: 'else@example.com' }, { value: email }],
    });
    expect(await read(invitation.id)).toMatchObject({ state: 'accepted', userId: id });
  });

  it('keeps what the identity provider says before what was chosen', async () => {
    const email = someone();
    await invite(email, { organizationRole: 'viewer', seat: 'viewer' });
    const created = await organization.scim.post('/Users', {
      userName: email,
      organizationRole: 'member',
      seat: 'full',
    });
    const extension = created.body['urn:ietf:params:scim:schemas:extension:rollcall:2.0:User'];
    expect(extension).toMatchObject({ organizationRole: 'member', seat: 'full' });
  });

  it('is no admin by it where the connection may make none', async () => {
    const email = someone();
    await invite(email, { organizationRole: 'admin' });
    const { scim } = await organization.connection({ mayGrantAdmin: false });
    const created = await scim.post('/Users', { userName: email });
    expect(created.status).toBe(201);
    const extension = created.body['urn:ietf:params:scim:schemas:extension:rollcall:2.0:User'];
    expect(extension.organizationRole).toBe('member');
  });

  it('leaves an invitation that has expired, and one of another organization', async () => {
    const email = someone();
    const { invitation } = await invite(email);
    const other = await server.organization();
    await createPerson(other, { userName: email });
    expect((await read(invitation.id)).state).toBe('pending');
    clock.advance(WEEK);
    await createPerson(organization, { userName: email });
    expect((await read(invitation.id)).state).toBe('expired');
  });
});

describe('invitations and seats (product decision)', () => {
  let limited: TestServer;
  beforeAll(async () => {
    limited = await startServer({ env: { SEAT_LIMIT: '2', VIEWER_SEAT_LIMIT: '1' } });
  });
  afterAll(() => limited.close());

  it('are refused when more are asked for than are free, with the words used everywhere', async () => {
    const client = await (await limited.organization()).api();
    const refused = await client.post('/invitations', { emails: ['a@x.example', 'b@x.example'] });
    expect(refused).toMatchObject({
      status: 409,
      body: { code: 'user.seat_limit_reached', detail: 'Seat limit reached' },
    });
    expect((await client.get('/invitations')).body.total).toBe(0);
    expect((await client.post('/invitations', { emails: ['a@x.example'] })).status).toBe(201);
    const viewer = { emails: ['b@x.example'], organizationRole: 'viewer', seat: 'viewer' };
    expect((await client.post('/invitations', viewer)).status).toBe(201);
  });

  it('take no seat before they are accepted: the last one goes to who comes first', async () => {
    const some = await limited.organization();
    const client = await some.api();
    const { body } = await client.post('/invitations', { emails: ['late@x.example'] });
    await createPerson(some);
    const late = limited.services.acceptance.accept(
      { requestId: 'test', sourceAddress: undefined },
      { secret: secretOf(body.items[0].link), password: 'correct horse battery', displayName: undefined },
      () => Promise.resolve(),
    );
    await expect(late).rejects.toMatchObject({ code: 'user.seat_limit_reached' });
    const { items } = (await client.get('/invitations')).body;
    expect(items).toMatchObject([{ state: 'pending' }]);
  });
});

describe('invitations by mail (product decision)', () => {
  let sink: SmtpSink;
  let mailing: TestServer;
  beforeAll(async () => {
    sink = await startSmtpSink();
    mailing = await startServer({ env: { SMTP_URL: sink.url, EMAIL_FROM: 'rollcall@example.com' } });
  });
  afterAll(async () => {
    await mailing.close();
    await sink.close();
  });

  it('carry the link, which the answer does not show', async () => {
    const some = await mailing.organization();
    const client = await some.api();
    const reply = await client.post('/invitations', { emails: ['ada@example.com'] });
    expect(reply.body.items[0]).toMatchObject({ link: null });
    expect(reply.text).not.toContain('ri_');
    const mail = await sink.take();
    expect(mail.to).toEqual(['ada@example.com']);
    const link = /https?:\/\/\S+\/invitations\/ri_[\w-]{43}/.exec(mail.text)?.[0] ?? '';
    const accepted = await mailing.services.acceptance.accept(
      { requestId: 'test', sourceAddress: undefined },
      { secret: secretOf(link), password: 'correct horse battery', displayName: undefined },
      () => Promise.resolve(),
    );
    const { id } = reply.body.items[0].invitation;
    expect((await client.get(`/invitations/${id}`)).body).toMatchObject({
      state: 'accepted',
      userId: accepted.userId,
    });
  });

  it('are there although the mail fails, and say so', async () => {
    const client = await (await mailing.organization()).api();
    sink.refuse({ code: 550, text: '5.1.1 unknown' });
    const reply = await client.post('/invitations', { emails: ['nobody@example.com'] });
    expect(reply.status).toBe(201);
    const path = `/invitations/${reply.body.items[0].invitation.id}`;
    let mail = (await client.get(path)).body.mail;
    while (mail.state === 'pending') ({ mail } = (await client.get(path)).body);
    expect(mail).toEqual({ state: 'failed', attempts: 1, lastError: 'EENVELOPE RCPT TO 550 5.1.1' });
    sink.refuse(undefined);
    expect((await client.post(`${path}/resend`, {})).body).toMatchObject({
      link: null,
      invitation: { state: 'pending', mail: { state: 'pending' } },
    });
    expect((await sink.take()).to).toEqual(['nobody@example.com']);
  });

  it('can be handed over instead', async () => {
    const client = await (await mailing.organization()).api();
    const reply = await client.post('/invitations', { emails: ['by-hand@example.com'], sendEmail: false });
    expect(reply.body.items[0]).toMatchObject({
      link: expect.stringContaining('/invitations/ri_'),
      invitation: { mail: { state: 'not_requested' } },
    });
  });
});
