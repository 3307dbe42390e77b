import { beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { RequestContext } from '../../src/directory/request-context.js';
import type { SsoSignIn } from '../../src/directory/sessions/session.js';
import { expectStatus } from '../conformance/rfc/support/assertions.js';
import type { TestOrganization } from '../support/server.js';
import { AuditTrail } from './support/audit-trail.js';
import { useServer } from './support/use-server.js';

const server = useServer();
let organization: TestOrganization;
const ssoConnectionId = randomUUID();
const byProvider = (where = organization): RequestContext => ({
  organizationId: where.id,
  actor: { kind: 'sso_connection', id: ssoConnectionId },
  requestId: 'test',
  sourceAddress: undefined,
});

beforeAll(async () => {
  organization = await server().organization();
});

const sessions = () => server().services.sessions;

async function createPerson(): Promise<string> {
  const reply = await organization.scim.post('/Users', { userName: `person-${randomUUID()}` });
  expectStatus(reply, 201);
  return String(reply.body.id);
}

async function signIn(userId: string, more: Partial<SsoSignIn> = {}): Promise<string> {
  const origin: SsoSignIn = {
    method: 'oidc',
    ssoConnectionId,
    subject: `subject of ${userId}`,
    sessionIndex: undefined,
    logoutHint: undefined,
    ...more,
  };
  const { secret } = await sessions().open({ ...byProvider() }, userId, {
    origin,
    userAgent: undefined,
    replaces: undefined,
  });
  return secret;
}

const isLive = async (secret: string): Promise<boolean> => (await sessions().verify(secret)) !== undefined;

describe('a session opened at an identity provider (OpenID Connect Back-Channel Logout 1.0, SAML 2.0 Single Logout)', () => {
  it('remembers how the provider calls person and session, and what it wants to see at logout', async () => {
    const userId = await createPerson();
    const secret = await signIn(userId, { sessionIndex: 'sid-1', logoutHint: 'sealed' });
    const principal = (await sessions().verify(secret))!;
    expect(await sessions().findSsoSignIn(principal)).toEqual({
      method: 'oidc',
      ssoConnectionId,
      subject: `subject of ${userId}`,
      sessionIndex: 'sid-1',
      logoutHint: 'sealed',
    });
  });

  it('is unknown to no provider when it was opened by password', async () => {
    const userId = await createPerson();
    const { secret } = await sessions().open(byProvider(), userId, {
      origin: { method: 'password' },
      userAgent: undefined,
      replaces: undefined,
    });
    const principal = (await sessions().verify(secret))!;
    expect(await sessions().findSsoSignIn(principal)).toBeUndefined();
  });

  it('ends alone when the provider names it, with one audit event by the connection', async () => {
    const userId = await createPerson();
    const ended = await signIn(userId, { sessionIndex: 'sid-ended' });
    const left = await signIn(userId, { sessionIndex: 'sid-left' });
    const trail = await AuditTrail.start(server(), organization.id);
    const key = { ssoConnectionId, subject: undefined, sessionIndex: 'sid-ended' };
    expect(await sessions().endForIdentityProvider(byProvider(), key)).toBe(1);
    expect([await isLive(ended), await isLive(left)]).toEqual([false, true]);
    expect(await trail.news()).toMatchObject([
      { action: 'session:revoke', actorKind: 'sso_connection', actorId: ssoConnectionId, targetId: userId },
    ]);
  });

  it('ends with all others of the subject when the provider names nobody but that one', async () => {
    const userId = await createPerson();
    const [first, second] = [await signIn(userId), await signIn(userId)];
    const other = await signIn(await createPerson());
    const byPassword = await sessions().open(byProvider(), userId, {
      origin: { method: 'password' },
      userAgent: undefined,
      replaces: undefined,
    });
    const key = { ssoConnectionId, subject: `subject of ${userId}`, sessionIndex: undefined };
    expect(await sessions().endForIdentityProvider(byProvider(), key)).toBe(2);
    expect([await isLive(first), await isLive(second)]).toEqual([false, false]);
    expect([await isLive(other), await isLive(byPassword.secret)]).toEqual([true, true]);
  });

  it('ends only when subject and session are both right, where both are given', async () => {
    const userId = await createPerson();
    const secret = await signIn(userId, { sessionIndex: 'sid-both' });
    const key = { ssoConnectionId, subject: 'somebody else', sessionIndex: 'sid-both' };
    expect(await sessions().endForIdentityProvider(byProvider(), key)).toBe(0);
    expect(await isLive(secret)).toBe(true);
  });

  it.each([
    ['another connection', () => ({ ssoConnectionId: randomUUID() })],
    ['nothing at all', () => ({ subject: undefined })],
  ])('is out of reach for a provider that names %s', async (_name, more) => {
    const userId = await createPerson();
    const secret = await signIn(userId);
    const key = { ssoConnectionId, subject: `subject of ${userId}`, sessionIndex: undefined, ...more() };
    expect(await sessions().endForIdentityProvider(byProvider(), key)).toBe(0);
    expect(await isLive(secret)).toBe(true);
  });

  it('is out of reach in another organization', async () => {
    const userId = await createPerson();
    const secret = await signIn(userId);
    const key = { ssoConnectionId, subject: `subject of ${userId}`, sessionIndex: undefined };
    const elsewhere = byProvider(await server().organization());
    expect(await sessions().endForIdentityProvider(elsewhere, key)).toBe(0);
    expect(await isLive(secret)).toBe(true);
  });
});
