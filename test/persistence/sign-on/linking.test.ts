import { beforeEach, describe, expect, it } from '@jest/globals';
import { ROLLCALL_USER_URN } from '../../../src/directory/schema/index.js';
import type { TestOrganization } from '../../support/server.js';
import { AuditTrail } from '../support/audit-trail.js';
import { IdentityProvider } from '../support/sign-on.js';
import { useServer } from '../support/use-server.js';

const server = useServer();
let organization: TestOrganization;

beforeEach(async () => {
  organization = await server().organization();
  // A domain is verified for one connection in the world; here, in a test.
  await server().database.connection.db.deleteFrom('sso_domains').execute();
});

const idp = (options: Parameters<typeof IdentityProvider.create>[2] = {}) =>
  IdentityProvider.create(server(), organization, options);

/** An account that the organization's SCIM connection makes. */
async function provision(user: object): Promise<string> {
  const { status, body, text } = await organization.scim.post('/Users', user);
  if (status !== 201) throw new Error(text);
  return String(body.id);
}

const reviews = () =>
  server()
    .services.unitOfWork.stores.signOnReviews.page(organization.id, undefined, {
      after: undefined,
      limit: 10,
      descending: true,
    })
    .then(({ items }) => items);
const identities = (userId: string) =>
  server().services.unitOfWork.stores.identities.listOfUser(organization.id, userId);
const read = async (id: string) => (await organization.scim.get(`/Users/${id}`)).body;

const refused = (reason: string) => ({ kind: 'refused', reason });
const signedIn = (userId: string) => ({ kind: 'signed_in', userId, isNew: false });

describe('an account that SCIM made, at the first sign-in of its person (product decision)', () => {
  const ada = {
    userName: 'ada',
    emails: [
      { value: 'private@home.example', type: 'home' },
      { value: 'ada@example.com', primary: true },
    ],
  };

  it.each([
    ['the userName, at the paired connection', true, [], { userName: 'ada' }],
    ['the userName in another case', true, [], { userName: 'ADA' }],
    ['the userName in full-width letters, which NFKC makes the same', true, [], { userName: 'ａｄａ' }],
    ['the primary e-mail, at the paired connection', true, [], { email: 'Ada@Example.com' }],
    ['the primary e-mail as userName', true, [], { userName: 'ada@example.com' }],
    ['the primary e-mail, of a verified domain', false, ['example.com'], { email: 'ada@example.com' }],
    [
      'the primary e-mail beside a new userName',
      false,
      ['example.com'],
      { userName: 'al', email: 'ada@example.com' },
    ],
  ] as const)('is linked by %s', async (_, isPaired, domains, claims) => {
    const id = await provision(ada);
    const provider = await idp({
      domains,
      pairedConnectionId: isPaired ? organization.connectionId : undefined,
    });
    const subject = 'ada-at-the-idp';
    expect(await provider.signIn({ subject, ...claims })).toMatchObject(signedIn(id));
    expect(await identities(id)).toMatchObject([{ subject, ssoConnectionId: provider.connection.id }]);
    expect(await provider.signIn({ subject, userName: 'renamed' })).toMatchObject(signedIn(id));
  });

  it.each([
    ['the userName, with nothing that vouches for it', {}, { userName: 'ada' }],
    [
      'the primary e-mail of a domain that is not verified',
      { domains: ['other.example'] },
      { email: 'ada@example.com' },
    ],
    [
      'the userName at a connection with another verified domain',
      { domains: ['other.example'] },
      { userName: 'ada' },
    ],
    [
      'the userName without a domain, beside a foreign e-mail of a verified one',
      { domains: ['other.example'] },
      { userName: 'ada', email: 'eve@other.example' },
    ],
  ])('is not linked by %s; an admin decides', async (_, options, claims) => {
    const id = await provision(ada);
    const provider = await idp(options);
    expect(await provider.signIn(claims)).toEqual(refused('link_refused'));
    expect(await identities(id)).toEqual([]);
    expect(await reviews()).toMatchObject([{ candidateUserId: id, state: 'open', claims, attempts: 1 }]);
  });

  it('is not linked by a domain that the connection has registered and not verified', async () => {
    const id = await provision(ada);
    const provider = await idp();
    const { ssoDomains } = server().services;
    await ssoDomains.create(organization.context, provider.connection.id, 'example.com');
    expect(await provider.signIn({ email: 'ada@example.com' })).toEqual(refused('link_refused'));
    expect(await identities(id)).toEqual([]);
  });

  it.each([
    ['an e-mail that is not the primary one', { email: 'private@home.example' }],
    ['a Cyrillic look-alike of the userName', { userName: 'аdа' }],
    ['a name that only contains it', { userName: 'ada2' }],
  ])('is somebody else than %s', async (_, claims) => {
    const id = await provision(ada);
    const provider = await idp({ pairedConnectionId: organization.connectionId });
    expect(await provider.signIn(claims)).toMatchObject({ kind: 'signed_in', isNew: true });
    expect(await identities(id)).toEqual([]);
  });

  it('is not linked to a second subject of the connection (a subject that changes)', async () => {
    const id = await provision(ada);
    const provider = await idp({ pairedConnectionId: organization.connectionId });
    await provider.signIn({ subject: 'first', userName: 'ada' });
    expect(await provider.signIn({ subject: 'second', userName: 'ada' })).toEqual(refused('link_refused'));
    expect(await identities(id)).toMatchObject([{ subject: 'first' }]);
    expect(await reviews()).toMatchObject([{ subject: 'second', candidateUserId: id }]);
  });

  it('takes subjects byte by byte: case and spaces make another one (OpenID Connect Core 1.0 5.7)', async () => {
    const id = await provision(ada);
    const provider = await idp({ pairedConnectionId: organization.connectionId });
    await provider.signIn({ subject: 'Ada', userName: 'ada' });
    for (const subject of ['ada', 'Ada ', 'Ａda'])
      expect(await provider.signIn({ subject, userName: 'ada' })).toEqual(refused('link_refused'));
    expect(await identities(id)).toMatchObject([{ subject: 'Ada' }]);
  });

  it("is the subject's, whatever else is asserted", async () => {
    const [id, boss] = [await provision(ada), await provision({ userName: 'boss' })];
    const provider = await idp({ pairedConnectionId: organization.connectionId });
    await provider.signIn({ subject: 'ada', userName: 'ada' });
    const asserted = { subject: 'ada', userName: 'boss', email: 'boss@example.com' };
    expect(await provider.signIn(asserted)).toMatchObject(signedIn(id));
    expect(await identities(boss)).toEqual([]);
  });

  it('is linked at each connection by itself', async () => {
    const id = await provision(ada);
    const pairedConnectionId = organization.connectionId;
    const [one, two] = [await idp({ pairedConnectionId }), await idp({ pairedConnectionId })];
    expect(await one.signIn({ subject: 'a', userName: 'ada' })).toMatchObject(signedIn(id));
    expect(await two.signIn({ subject: 'a', userName: 'ada' })).toMatchObject(signedIn(id));
    expect(await identities(id)).toHaveLength(2);
  });

  it('is not linked when several accounts have the e-mail', async () => {
    await provision(ada);
    await provision({ ...ada, userName: 'ada-admin' });
    const provider = await idp({ domains: ['example.com'] });
    expect(await provider.signIn({ email: 'ada@example.com' })).toEqual(refused('link_refused'));
  });

  it('is linked by its userName although another account has the e-mail', async () => {
    const id = await provision(ada);
    await provision({ ...ada, userName: 'ada-admin' });
    const provider = await idp({ pairedConnectionId: organization.connectionId });
    expect(await provider.signIn({ userName: 'ada', email: 'ada@example.com' })).toMatchObject(signedIn(id));
  });

  it('of another connection than the paired one is not linked', async () => {
    const other = await organization.connection();
    await other.scim.post('/Users', ada);
    const provider = await idp({ pairedConnectionId: organization.connectionId });
    expect(await provider.signIn({ userName: 'ada' })).toEqual(refused('link_refused'));
  });

  it('keeps what SCIM says of it (docker/docs#19334)', async () => {
    const id = await provision({ ...ada, displayName: 'Ada (SCIM)' });
    const before = await read(id);
    const provider = await idp({ pairedConnectionId: organization.connectionId });
    const claims = {
      subject: 'a',
      userName: 'ada',
      displayName: 'Ada (SSO)',
      givenName: 'Augusta',
      email: 'new@example.com',
    };
    await provider.signIn(claims);
    await provider.signIn(claims);
    expect(await read(id)).toEqual(before);
  });
});

describe('accounts that are never linked silently (product decision)', () => {
  it('a deactivated one, which a sign-in does not revive', async () => {
    const id = await provision({ userName: 'ada', active: false });
    const provider = await idp({ pairedConnectionId: organization.connectionId });
    expect(await provider.signIn({ userName: 'ada' })).toEqual(refused('deactivated'));
    expect((await read(id)).active).toBe(false);
  });

  it('a service account, which signs in nowhere', async () => {
    await organization.scim.post('/Groups', { displayName: 'robots' });
    await provision({
      userName: 'robot',
      [ROLLCALL_USER_URN]: { accountType: 'SERVICE', defaultTeam: 'robots' },
    });
    const provider = await idp({ pairedConnectionId: organization.connectionId });
    expect(await provider.signIn({ userName: 'robot' })).toEqual(refused('service_account'));
  });

  it('a protected one', async () => {
    const { services } = server();
    const email = 'break-glass@example.com';
    await services.setup.createAdmin(organization.context, {
      email,
      password: 'correct horse battery',
      isProtected: true,
    });
    const provider = await idp({ domains: ['example.com'] });
    expect(await provider.signIn({ email })).toEqual(refused('link_refused'));
    expect(await reviews()).toHaveLength(1);
  });
});

describe('an account that signs in (product decision)', () => {
  it('is refused once it is deactivated, and its sessions have ended', async () => {
    const id = await provision({ userName: 'ada' });
    const provider = await idp({ pairedConnectionId: organization.connectionId });
    const outcome = await provider.signIn({ subject: 'a', userName: 'ada' });
    if (outcome.kind !== 'signed_in') throw new Error(outcome.reason);
    await organization.scim.operations(`/Users/${id}`, { op: 'replace', path: 'active', value: false });
    expect(await server().services.sessions.verify(outcome.opened.secret)).toBeUndefined();
    expect(await provider.signIn({ subject: 'a', userName: 'ada' })).toEqual(refused('deactivated'));
  });

  it('is refused at a connection that is disabled', async () => {
    const provider = await idp();
    await provider.signIn({ subject: 'a', userName: 'ada' });
    await server().services.ssoConnections.setEnabled(organization.context, provider.connection.id, false);
    expect(await provider.signIn({ subject: 'a' })).toEqual(refused('connection_disabled'));
  });

  it('takes names and e-mail from the identity provider when no SCIM connection manages it', async () => {
    const provider = await idp();
    const claims = {
      subject: 'a',
      userName: 'ada',
      email: 'ada@example.com',
      givenName: 'Ada',
      familyName: 'Byron',
    };
    const outcome = await provider.signIn(claims);
    if (outcome.kind !== 'signed_in') throw new Error(outcome.reason);
    expect(await read(outcome.userId)).toMatchObject({
      userName: 'ada',
      displayName: 'Ada Byron',
      name: { givenName: 'Ada', familyName: 'Byron' },
      emails: [{ value: 'ada@example.com', type: 'work', primary: true }],
    });
    await provider.signIn({
      ...claims,
      familyName: 'Lovelace',
      displayName: 'Ada Lovelace',
      email: 'ada@lovelace.example',
    });
    expect(await read(outcome.userId)).toMatchObject({
      userName: 'ada',
      displayName: 'Ada Lovelace',
      name: { givenName: 'Ada', familyName: 'Lovelace' },
      emails: [{ value: 'ada@lovelace.example', primary: true }],
    });
  });

  it('does not take the e-mail of somebody else, nor one outside the verified domains', async () => {
    await provision({ userName: 'boss@example.com' });
    const provider = await idp({ domains: ['example.com'] });
    const claims = { subject: 'a', userName: 'ada', email: 'ada@example.com' };
    const outcome = await provider.signIn(claims);
    if (outcome.kind !== 'signed_in') throw new Error(outcome.reason);
    for (const email of ['boss@example.com', 'ada@evil.example'])
      expect(await provider.signIn({ ...claims, email })).toMatchObject(signedIn(outcome.userId));
    expect(await read(outcome.userId)).toMatchObject({ emails: [{ value: 'ada@example.com' }] });
  });

  it('writes nothing but its session when nothing has changed', async () => {
    const provider = await idp();
    const claims = {
      subject: 'a',
      userName: 'ada',
      email: 'ada@example.com',
      displayName: 'Ada',
      groups: ['x'],
    };
    await provider.signIn(claims);
    const trail = await AuditTrail.start(server(), organization.id);
    await provider.signIn(claims);
    expect((await trail.news()).map(({ action }) => action)).toEqual(['user:login']);
  });
});

describe('audit of sign-ins (product decision)', () => {
  it('tells of the account that was made, its link and its session, each once', async () => {
    const provider = await idp();
    const trail = await AuditTrail.start(server(), organization.id);
    await provider.signIn({ subject: 'a', userName: 'ada' });
    const events = await trail.news();
    expect(events.map(({ action }) => action)).toEqual(['user:create', 'identity:link', 'user:login']);
    for (const event of events)
      expect(event).toMatchObject({ actorKind: 'sso_connection', actorId: provider.connection.id });
  });

  it('tells of a refusal once, with its reason, and leaves nothing else', async () => {
    const id = await provision({ userName: 'ada' });
    const provider = await idp();
    const trail = await AuditTrail.start(server(), organization.id);
    await provider.signIn({ subject: 'a', userName: 'ada' });
    expect(await trail.news()).toMatchObject([
      {
        action: 'user:login_refused',
        targetType: 'User',
        targetId: id,
        after: {
          reason: 'link_refused',
          subject: 'a',
          userName: 'ada',
          ssoConnectionId: provider.connection.id,
        },
      },
    ]);
  });
});

describe('the list of refused sign-ins (product decision)', () => {
  const service = () => server().services.signOnReviews;

  async function refusedOnce(claims: object = { subject: 'a', userName: 'ada' }) {
    const id = await provision({ userName: 'ada' });
    const provider = await idp();
    const again = () => provider.signIn(claims);
    expect(await again()).toEqual(refused('link_refused'));
    const [review] = await reviews();
    if (!review) throw new Error('there is no review');
    return { id, provider, again, review };
  }

  it('counts attempts in one review', async () => {
    const { again } = await refusedOnce();
    await again();
    expect(await reviews()).toMatchObject([{ attempts: 2, state: 'open' }]);
  });

  it('lets an admin confirm that it is the same person, who then signs in', async () => {
    const { id, again, review } = await refusedOnce();
    const trail = await AuditTrail.start(server(), organization.id);
    expect(await service().link(organization.context, review.id)).toMatchObject({ state: 'linked' });
    expect(await trail.news()).toMatchObject([
      { action: 'sign_on_review:link', after: { subject: 'a', userId: id } },
    ]);
    expect(await again()).toMatchObject(signedIn(id));
    await expect(service().dismiss(organization.context, review.id)).rejects.toMatchObject({
      code: 'sign_on_review.resolved',
    });
  });

  it('is not asked again what was dismissed, but can think better of it', async () => {
    const { id, again, review } = await refusedOnce();
    await service().dismiss(organization.context, review.id);
    expect(await again()).toEqual(refused('link_refused'));
    expect(await reviews()).toMatchObject([{ attempts: 2, state: 'dismissed' }]);
    await service().link(organization.context, review.id);
    expect(await again()).toMatchObject(signedIn(id));
  });

  it('moves an account from the subject it had, when an admin says so', async () => {
    const id = await provision({ userName: 'ada' });
    const provider = await idp({ pairedConnectionId: organization.connectionId });
    await provider.signIn({ subject: 'old', userName: 'ada' });
    await provider.signIn({ subject: 'new', userName: 'ada' });
    const [review] = await reviews();
    await service().link(organization.context, review?.id ?? '');
    expect(await identities(id)).toMatchObject([{ subject: 'new' }]);
    expect(await provider.signIn({ subject: 'new' })).toMatchObject(signedIn(id));
    expect(await provider.signIn({ subject: 'old', userName: 'ada' })).toEqual(refused('link_refused'));
  });

  it('of another organization is not found', async () => {
    const { review } = await refusedOnce();
    const { context } = await server().organization();
    for (const decide of ['link', 'dismiss'] as const)
      await expect(service()[decide](context, review.id)).rejects.toMatchObject({
        code: 'sign_on_review.not_found',
      });
  });

  it('forgets what it knew of an account that is removed for good', async () => {
    const { id } = await refusedOnce();
    const removing = await organization.connection({ onUserDelete: 'remove' });
    await removing.scim.delete(`/Users/${id}`);
    expect(await reviews()).toEqual([]);
  });
});
