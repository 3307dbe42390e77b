import { beforeEach, describe, expect, it } from '@jest/globals';
import { ROLLCALL_USER_URN } from '../../../src/directory/schema/index.js';
import type { JsonObject } from '../../../src/kernel/json.js';
import { LIMITS } from '../../../src/kernel/limits.js';
import type { TestOrganization } from '../../support/server.js';
import { IdentityProvider } from '../support/sign-on.js';
import { useServer } from '../support/use-server.js';

const server = useServer();
const closed = useServer({ env: { DISABLE_SSO_PROVISIONING: 'true' } });
const full = useServer({ env: { SEAT_LIMIT: '2' } });
let organization: TestOrganization;

beforeEach(async () => {
  organization = await server().organization();
  await server().database.connection.db.deleteFrom('sso_domains').execute();
});

const idp = (options: Parameters<typeof IdentityProvider.create>[2] = {}) =>
  IdentityProvider.create(server(), organization, options);

const refused = (reason: string) => ({ kind: 'refused', reason });

async function provision(user: object, { scim } = organization): Promise<string> {
  const { status, body, text } = await scim.post('/Users', user);
  if (status !== 201) throw new Error(text);
  return String(body.id);
}

async function accountOf(outcome: Awaited<ReturnType<IdentityProvider['signIn']>>): Promise<JsonObject> {
  if (outcome.kind !== 'signed_in') throw new Error(outcome.reason);
  return (await organization.scim.get(`/Users/${outcome.userId}`)).body as JsonObject;
}

describe('a person without an account (product decision)', () => {
  it('gets one with the default role of the connection, a full seat, and a live session', async () => {
    const provider = await idp({ defaultRole: 'viewer' });
    const outcome = await provider.signIn({ userName: 'ada', email: 'ada@example.com' });
    expect(outcome).toMatchObject({ kind: 'signed_in', isNew: true });
    expect(await accountOf(outcome)).toMatchObject({
      userName: 'ada',
      active: true,
      emails: [{ value: 'ada@example.com', primary: true }],
      [ROLLCALL_USER_URN]: { organizationRole: 'viewer', seat: 'full', accountType: 'USER' },
    });
    if (outcome.kind !== 'signed_in') return;
    const principal = await server().services.sessions.verify(outcome.opened.secret);
    expect(principal).toMatchObject({ userId: outcome.userId, organizationRole: 'viewer' });
  });

  it('is called by the e-mail when the identity provider sends no userName', async () => {
    const provider = await idp();
    expect(await accountOf(await provider.signIn({ email: 'ada@example.com' }))).toMatchObject({
      userName: 'ada@example.com',
    });
  });

  it('gets none at a connection that does not provision', async () => {
    const provider = await idp({ provisions: false });
    expect(await provider.signIn({ userName: 'ada' })).toEqual(refused('provisioning_disabled'));
  });

  it.each([
    ['no name at all', {}],
    ['an empty name', { userName: '  ', email: '' }],
    ['an empty subject', { subject: '', userName: 'ada' }],
    ['a subject that is too long', { subject: 's'.repeat(LIMITS.subjectLength + 1), userName: 'ada' }],
    ['a name that is too long', { userName: 'a'.repeat(LIMITS.nameLength + 1) }],
    ['an invisible character in the name', { userName: 'ad\u200Ba' }],
    ['a right-to-left override in the name', { userName: 'ad\u202Ea' }],
    ['a line break in the name', { userName: 'ada\nadmin' }],
    ['U+0000 in the name', { userName: 'ada\u0000' }],
    ['half a surrogate pair in the name', { userName: 'ada\uD800' }],
    ['an address that is none', { userName: 'ada', email: 'ada at example.com' }],
    ['two @ in the address', { userName: 'ada', email: 'ada@evil.example@example.com' }],
    ['an address without a domain', { userName: 'ada', email: 'ada@' }],
  ])('gets none with %s', async (_, claims) => {
    const provider = await idp();
    expect(await provider.signIn(claims)).toEqual(refused('invalid_identity'));
  });
});

describe('verified domains (product decision)', () => {
  it.each([
    ['an e-mail outside them', { userName: 'ada', email: 'ada@evil.example' }],
    ['a userName outside them', { userName: 'ada@evil.example' }],
    ['a subdomain of one', { email: 'ada@sub.example.com' }],
    ['one in the local part', { email: 'example.com@evil.example' }],
    ['a look-alike in Cyrillic', { email: 'ada@ехample.com' }],
  ])('refuse %s', async (_, claims) => {
    const provider = await idp({ domains: ['example.com'] });
    expect(await provider.signIn(claims)).toEqual(refused('domain_not_verified'));
  });

  it.each([
    ['an e-mail in them', { email: 'ada@example.com' }, 'ada@example.com'],
    ['one in another case', { email: 'ada@EXAMPLE.com' }, 'ada@EXAMPLE.com'],
    ['a userName without a domain', { userName: 'ada' }, 'ada'],
    [
      'an e-mail in them beside a userName outside, which is not taken',
      { userName: 'ada@tenant.onmicrosoft.example', email: 'ada@example.com' },
      'ada@example.com',
    ],
  ])('allow %s', async (_, claims, userName) => {
    const provider = await idp({ domains: ['example.com'] });
    expect(await accountOf(await provider.signIn(claims))).toMatchObject({ userName });
  });

  it("of one connection are not another's to give: no account is made that would be linked to its owner later", async () => {
    await idp({ domains: ['example.com'] });
    const other = await idp();
    expect(await other.signIn({ userName: 'ceo@example.com' })).toEqual(refused('domain_not_verified'));
    const stranger = await IdentityProvider.create(server(), await server().organization());
    expect(await stranger.signIn({ userName: 'ceo@example.com' })).toEqual(refused('domain_not_verified'));
    expect(await other.signIn({ userName: 'guest', email: 'ceo@example.com' })).toEqual(
      refused('domain_not_verified'),
    );
  });
});

describe('a person whom the identity provider removed over SCIM (product decision)', () => {
  const ada = { userName: 'ada@example.com', displayName: 'Ada' };

  async function removed(user: object = ada): Promise<string> {
    const id = await provision(user);
    await organization.scim.delete(`/Users/${id}`);
    return id;
  }

  it('gets the same account back, with its teams, at a sign-in that vouches for the name', async () => {
    const id = await provision(ada);
    const { body: team } = await organization.scim.post('/Groups', {
      displayName: 'T',
      members: [{ value: id }],
    });
    await organization.scim.delete(`/Users/${id}`);
    const provider = await idp({ domains: ['example.com'] });
    const outcome = await provider.signIn({ subject: 'a', userName: 'ada@example.com' });
    expect(outcome).toMatchObject({ kind: 'signed_in', userId: id, isNew: false });
    expect(await accountOf(outcome)).toMatchObject({ active: true, groups: [{ value: team.id }] });
    expect(await provider.signIn({ subject: 'a' })).toMatchObject({ userId: id });
  });

  it('does not get it back where signing in provisions nobody', async () => {
    await removed();
    const provider = await idp({ domains: ['example.com'], provisions: false });
    expect(await provider.signIn({ userName: 'ada@example.com' })).toEqual(refused('removed'));
  });

  it('does not get it back by the name alone', async () => {
    const id = await removed({ userName: 'ada' });
    const provider = await idp();
    expect(await provider.signIn({ userName: 'ada' })).toEqual(refused('link_refused'));
    const { signOnReviews } = server().services.unitOfWork.stores;
    const { items: list } = await signOnReviews.page(organization.id, 'open', {
      after: undefined,
      limit: 5,
      descending: true,
    });
    expect(list).toMatchObject([{ candidateUserId: id }]);
  });

  it('gets a role of admin back only when it is the same subject', async () => {
    const admin = { ...ada, [ROLLCALL_USER_URN]: { organizationRole: 'admin' } };
    const id = await removed(admin);
    const provider = await idp({ domains: ['example.com'] });
    const first = await provider.signIn({ subject: 'new person', userName: ada.userName });
    expect(await accountOf(first)).toMatchObject({ id, [ROLLCALL_USER_URN]: { organizationRole: 'member' } });
    await organization.scim.operations(`/Users/${id}`, {
      op: 'replace',
      path: `${ROLLCALL_USER_URN}:organizationRole`,
      value: 'admin',
    });
    await organization.scim.delete(`/Users/${id}`);
    const second = await provider.signIn({ subject: 'new person' });
    expect(await accountOf(second)).toMatchObject({ id, [ROLLCALL_USER_URN]: { organizationRole: 'admin' } });
  });

  it('is another person when another subject comes with the name', async () => {
    const id = await provision(ada);
    const provider = await idp({ domains: ['example.com'] });
    await provider.signIn({ subject: 'first', userName: ada.userName });
    await organization.scim.delete(`/Users/${id}`);
    expect(await provider.signIn({ subject: 'second', userName: ada.userName })).toEqual(
      refused('link_refused'),
    );
  });

  it('has left nothing to come back to once the account is removed for good', async () => {
    const removing = await organization.connection({ onUserDelete: 'remove' });
    const id = await provision(ada);
    const provider = await idp({ domains: ['example.com'] });
    await provider.signIn({ subject: 'a', userName: ada.userName });
    await removing.scim.delete(`/Users/${id}`);
    const outcome = await provider.signIn({ subject: 'a', userName: ada.userName });
    expect(outcome).toMatchObject({ kind: 'signed_in', isNew: true });
    expect((outcome as { userId: string }).userId).not.toBe(id);
  });
});

describe('with DISABLE_SSO_PROVISIONING=true (product decision)', () => {
  it('nobody gets an account, whatever the connection says; who is provisioned signs in', async () => {
    const strict = await closed().organization();
    const provider = await IdentityProvider.create(closed(), strict, {
      provisions: true,
      pairedConnectionId: strict.connectionId,
    });
    expect(await provider.signIn({ userName: 'ada' })).toEqual(refused('provisioning_disabled'));
    const id = await provision({ userName: 'ada' }, strict);
    expect(await provider.signIn({ userName: 'ada' })).toMatchObject({ userId: id });
    await strict.scim.delete(`/Users/${id}`);
    expect(await provider.signIn({ subject: 'x', userName: 'ada' })).toEqual(refused('removed'));
  });
});

describe('a person who was invited (product decision)', () => {
  const invite = (context: TestOrganization['context']) =>
    closed().services.invitations.invite(context, {
      emails: ['Ada@example.com'],
      organizationRole: 'admin',
      seat: undefined,
      teamRoles: [],
      sendEmail: false,
    });

  it('gets the account and what was promised, also with DISABLE_SSO_PROVISIONING=true', async () => {
    const strict = await closed().organization();
    const provider = await IdentityProvider.create(closed(), strict, { provisions: false });
    await invite(strict.context);
    const claims = { subject: 'a', userName: 'ada', email: 'ada@EXAMPLE.com' };
    expect(await closed().services.signOn.preview(provider.assert(claims))).toMatchObject({
      outcome: 'create',
      because: 'invited',
    });
    const outcome = await provider.signIn(claims);
    if (outcome.kind !== 'signed_in') throw new Error(outcome.reason);
    const { body } = await strict.scim.get(`/Users/${outcome.userId}`);
    expect(body[ROLLCALL_USER_URN]).toMatchObject({ organizationRole: 'admin' });
    expect(
      await closed().services.unitOfWork.stores.invitations.hasOpen(strict.id, ['ada@example.com']),
    ).toBe(false);
    expect(await provider.signIn({ subject: 'b', email: 'eve@example.com' })).toEqual(
      refused('provisioning_disabled'),
    );
  });

  it('is not believed where another connection speaks for the domain of the address', async () => {
    const strict = await closed().organization();
    await invite(strict.context);
    await IdentityProvider.create(closed(), strict, { domains: ['example.com'] });
    const other = await IdentityProvider.create(closed(), strict);
    expect(await other.signIn({ email: 'ada@example.com' })).toEqual(refused('provisioning_disabled'));
  });
});

describe('with a limit of seats (product decision)', () => {
  it('refuses who would need one more, and keeps nothing of the attempt', async () => {
    const small = await full().organization();
    const provider = await IdentityProvider.create(full(), small);
    const first = await provider.signIn({ subject: 'a', userName: 'ada' });
    expect(first).toMatchObject({ kind: 'signed_in' });
    const claims = { subject: 'b', userName: 'bob' };
    expect(await full().services.signOn.preview(provider.assert(claims))).toMatchObject({
      outcome: 'refuse',
      reason: 'seat_limit_reached',
    });
    expect(await provider.signIn(claims)).toEqual(refused('seat_limit_reached'));
    const { body } = await small.scim.get('/Users?filter=userName%20eq%20%22bob%22');
    expect(body.totalResults).toBe(0);
    if (first.kind !== 'signed_in') return;
    await small.scim.operations(`/Users/${first.userId}`, { op: 'replace', path: 'active', value: false });
    expect(await provider.signIn(claims)).toMatchObject({ kind: 'signed_in', isNew: true });
  });
});

describe('trying a connection (product decision)', () => {
  it.each([
    ['create', { userName: 'new' }, { newUserName: 'new', organizationRole: 'member' }],
    ['link', { userName: 'ada' }, { because: 'paired_connection' }],
    ['refuse', { userName: 'root-admin@example.com' }, { reason: 'link_refused' }],
    ['refuse', { userName: '' }, { reason: 'invalid_identity' }],
    ['refuse', { userName: 'x\u0000' }, { reason: 'invalid_identity', invalidMember: 'userName' }],
  ])('says %s for %o, and stores nothing', async (outcome, claims, more) => {
    await provision({ userName: 'ada' });
    const provider = await idp({ pairedConnectionId: organization.connectionId, isEnabled: false });
    const { db } = server().database.connection;
    const count = async () =>
      Promise.all(
        (['users', 'identities', 'sign_on_reviews', 'audit_events', 'sessions'] as const).map((table) =>
          db
            .selectFrom(table)
            .select((expression) => expression.fn.countAll().as('count'))
            .execute(),
        ),
      );
    const before = await count();
    const preview = await server().services.signOn.preview(provider.assert(claims));
    expect(preview).toMatchObject({ outcome, ...more });
    expect(preview.advice === undefined).toBe(outcome !== 'refuse');
    expect(await count()).toEqual(before);
  });
});
