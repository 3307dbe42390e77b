import { beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import type { ApiClient } from '../../support/api-client.js';
import type { TestOrganization } from '../../support/server.js';
import { createPerson, createTeam } from './support/people.js';
import { useServer } from './support/use-server.js';

const server = useServer();
let organization: TestOrganization;
let api: ApiClient;

beforeEach(async () => {
  organization = await server().organization();
  api = await organization.api();
});

const OIDC = {
  kind: 'oidc',
  name: 'Okta',
  preset: 'okta',
  settings: { issuer: 'https://example.okta.com', clientId: 'client' },
  clientSecret: 'the-client-secret',
};

async function create(more: object = {}): Promise<Record<string, unknown> & { id: string }> {
  const reply = await api.post('/sso-connections', { ...OIDC, ...more });
  if (reply.status !== 201) throw new Error(reply.text);
  return reply.body as Record<string, unknown> & { id: string };
}

describe('SSO connections over the API (product decision)', () => {
  it('are made disabled, with what the preset says and the addresses that the provider needs', async () => {
    const connection = await create();
    const base = `${server().baseUrl}/sso/oidc/${connection.id}`;
    expect(connection).toMatchObject({
      isEnabled: false,
      origin: 'admin',
      provisions: true,
      defaultRole: 'member',
      pairedConnectionId: null,
      secrets: ['clientSecret'],
      settings: { scopes: ['openid', 'profile', 'email', 'groups'], claims: { groups: ['groups'] } },
      addresses: {
        login: `${base}/login`,
        test: `${base}/test`,
        redirectUri: `${base}/callback`,
        backchannelLogout: `${base}/backchannel-logout`,
      },
    });
  });

  it('never show the client secret again, and keep it when a change does not name it', async () => {
    const { id } = await create();
    const replies = [
      await api.get(`/sso-connections/${id}`),
      await api.get('/sso-connections'),
      await api.patch(`/sso-connections/${id}`, { provisions: false }),
    ];
    for (const { status, text } of replies) {
      expect(status).toBe(200);
      expect(text).not.toContain(OIDC.clientSecret);
    }
    const connection = await server().services.ssoConnections.get(organization.id, id);
    const { ssoConnections } = server().services;
    expect(await ssoConnections.oidcSecrets(connection)).toEqual({ clientSecret: OIDC.clientSecret });
    await api.patch(`/sso-connections/${id}`, { clientSecret: null });
    expect((await api.get(`/sso-connections/${id}`)).body.secrets).toEqual([]);
  });

  it('do not keep the client secret readable for a repeated request either (Idempotency-Key)', async () => {
    const key = { 'Idempotency-Key': 'once' };
    const first = await api.post('/sso-connections', OIDC, key);
    const again = await api.post('/sso-connections', OIDC, key);
    expect(again.body).toEqual(first.body);
    const { rows } = await sql<{ row: string }>`
      select row_to_json(i)::text as row from idempotency_keys i`.execute(server().database.connection.db);
    for (const { row } of rows) expect(row).not.toContain(OIDC.clientSecret);
  });

  it('change setting by setting', async () => {
    const { id } = await create();
    const reply = await api.patch(`/sso-connections/${id}`, {
      name: 'Okta EU',
      defaultRole: 'viewer',
      pairedConnectionId: organization.connectionId,
      settings: { scopes: ['openid'], claims: { email: ['mail'] } },
    });
    expect(reply.body).toMatchObject({
      name: 'Okta EU',
      defaultRole: 'viewer',
      pairedConnectionId: organization.connectionId,
      settings: {
        issuer: 'https://example.okta.com',
        scopes: ['openid'],
        claims: { email: ['mail'], displayName: ['name'] },
      },
    });
    const cleared = await api.patch(`/sso-connections/${id}`, { pairedConnectionId: null });
    expect(cleared.body.pairedConnectionId).toBeNull();
  });

  it('stay with their identity provider, whose subjects their identities are', async () => {
    const { id } = await create();
    const reply = await api.patch(`/sso-connections/${id}`, { settings: { issuer: 'https://evil.example' } });
    expect(reply).toMatchObject({ status: 400, body: { errors: [{ field: 'settings.issuer' }] } });
  });

  it.each([
    ['no kind', { kind: undefined }, 'kind'],
    ['no issuer', { settings: { clientId: 'x' } }, 'settings.issuer'],
    [
      'an issuer without TLS',
      { settings: { issuer: 'http://idp.example', clientId: 'x' } },
      'settings.issuer',
    ],
    [
      'a setting of the other protocol',
      { settings: { ...OIDC.settings, entryPoint: 'https://x.example' } },
      'settings.entryPoint',
    ],
    [
      'a paired connection that is not there',
      { pairedConnectionId: '01890000-0000-7000-8000-00000000dead' },
      'pairedConnectionId',
    ],
    ['an unknown role', { defaultRole: 'owner' }, 'defaultRole'],
    ['an unknown preset', { preset: 'myspace' }, 'preset'],
  ])('with %s are 400 and name the field', async (_, more, field) => {
    const reply = await api.post('/sso-connections', { ...OIDC, ...more });
    expect(reply.status).toBe(400);
    expect(reply.body.errors).toMatchObject([{ field }]);
    expect((await api.get('/sso-connections')).body.total).toBe(0);
  });

  it.each([
    ['a setting of SAML', { settings: { entryPoint: 'https://x.example' } }, 'settings.entryPoint'],
    ['attributes of SAML', { settings: { attributes: { email: ['mail'] } } }, 'settings.attributes'],
    ['metadata of SAML', { metadataXml: '<x/>' }, 'metadataXml'],
  ])('of OpenID Connect do not take %s', async (_, change, field) => {
    const { id } = await create();
    const reply = await api.patch(`/sso-connections/${id}`, change);
    expect(reply.status).toBe(400);
    expect(reply.body.errors).toMatchObject([{ field }]);
  });

  it('are enabled, disabled and deleted', async () => {
    const { id } = await create();
    expect((await api.post(`/sso-connections/${id}/enable`, {})).body.isEnabled).toBe(true);
    expect((await api.post(`/sso-connections/${id}/disable`, {})).body.isEnabled).toBe(false);
    expect((await api.delete(`/sso-connections/${id}`)).status).toBe(204);
    expect((await api.get(`/sso-connections/${id}`)).status).toBe(404);
  });

  it('from the environment are 403, but for whom to provision and link', async () => {
    const { id } = await create();
    await server()
      .database.connection.db.updateTable('sso_connections')
      // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the column is fixed for everybody else
      .set({ origin: 'environment' } as any)
      .where('id', '=', id)
      .execute();
    expect((await api.patch(`/sso-connections/${id}`, { provisions: false })).status).toBe(200);
    const reply = await api.patch(`/sso-connections/${id}`, { name: 'renamed' });
    expect(reply).toMatchObject({ status: 403, body: { code: 'sso_connection.from_environment' } });
  });

  it('tell what a sign-in would do, and how to mend a refusal', async () => {
    const { id } = await create();
    const preview = async (claims: object) =>
      (await api.post(`/sso-connections/${id}/preview`, { subject: 's', ...claims })).body;
    expect(await preview({ userName: 'new' })).toMatchObject({
      outcome: 'create',
      newUserName: 'new',
      organizationRole: 'member',
      teams: null,
    });
    expect(await preview({ userName: 'root-admin@example.com' })).toMatchObject({
      outcome: 'refuse',
      reason: 'link_refused',
      userId: organization.adminId,
      advice: expect.stringContaining('verify the domain'),
    });
  });
});

describe('mapping rules over the API (product decision)', () => {
  it('are made, changed and deleted', async () => {
    const { id: ssoConnectionId } = await create();
    const teamId = await createTeam(organization);
    const made = await api.post('/mapping-rules', {
      ssoConnectionId,
      groupName: 'leads',
      team: { id: teamId, role: 'admin', customRoleId: null },
    });
    expect(made).toMatchObject({
      status: 201,
      body: {
        match: 'exact',
        organizationRole: null,
        team: { id: teamId, role: 'admin' },
      },
    });
    const { id } = made.body;
    const changed = await api.patch(`/mapping-rules/${id}`, { organizationRole: 'viewer', team: null });
    expect(changed.body).toMatchObject({ groupName: 'leads', organizationRole: 'viewer', team: null });
    expect((await api.get(`/mapping-rules?ssoConnectionId=${ssoConnectionId}`)).body.total).toBe(1);
    expect((await api.delete(`/mapping-rules/${id}`)).status).toBe(204);
    expect((await api.get(`/mapping-rules/${id}`)).status).toBe(404);
  });

  it.each([
    ['no connection', {}, 'ssoConnectionId'],
    [
      'a connection that is not there',
      { ssoConnectionId: '01890000-0000-7000-8000-00000000dead' },
      'ssoConnectionId',
    ],
    ['nothing to give', { isKnown: true, organizationRole: null }, 'organizationRole'],
    ['a pattern without *', { isKnown: true, match: 'pattern' }, 'groupName'],
    [
      'a team that is not there',
      {
        isKnown: true,
        team: { id: '01890000-0000-7000-8000-00000000dead', role: 'member', customRoleId: null },
      },
      'team.id',
    ],
    [
      'a custom role that is not named',
      { isKnown: true, team: { id: null, role: 'custom', customRoleId: null } },
      'team.customRoleId',
    ],
  ])('with %s are 400 and name the field', async (_, more, field) => {
    const { isKnown, ...rest } = more as Record<string, unknown>;
    const known = isKnown === true ? { ssoConnectionId: (await create()).id } : {};
    const body = { groupName: 'g', organizationRole: 'member', ...known, ...rest };
    const reply = await api.post('/mapping-rules', body);
    expect(reply.status).toBe(400);
    expect(reply.body.errors).toMatchObject([{ field }]);
  });

  it('follow a custom role that is deleted to what it inherited from', async () => {
    const { id: ssoConnectionId } = await create();
    const role = await organization.scim.post('/Roles', { name: 'operator', inheritedFrom: 'viewer' });
    const made = await api.post('/mapping-rules', {
      ssoConnectionId,
      groupName: 'ops',
      team: { id: null, role: 'custom', customRoleId: role.body.id },
    });
    expect(made.status).toBe(201);
    expect((await organization.scim.delete(`/Roles/${role.body.id}`)).status).toBe(204);
    expect((await api.get(`/mapping-rules/${made.body.id}`)).body.team).toEqual({
      id: null,
      role: 'viewer',
      customRoleId: null,
    });
  });
});

describe('refused sign-ins over the API (product decision)', () => {
  it('are listed, linked and dismissed', async () => {
    const { id: ssoConnectionId } = await create();
    await api.post(`/sso-connections/${ssoConnectionId}/enable`, {});
    const userId = await createPerson(organization, { userName: 'ada' });
    const connection = await server().services.ssoConnections.get(organization.id, ssoConnectionId);
    const context = {
      ...organization.context,
      actor: { kind: 'sso_connection', id: ssoConnectionId } as const,
    };
    const signIn = () =>
      server().services.signOn.signIn(
        context,
        {
          ssoConnection: connection,
          subject: 'a',
          userName: 'ada',
          email: undefined,
          displayName: undefined,
          givenName: undefined,
          familyName: undefined,
          groups: undefined,
          attributes: {},
          sessionIndex: undefined,
        },
        () => Promise.resolve(),
      );
    expect(await signIn()).toEqual({ kind: 'refused', reason: 'link_refused' });
    const list = await api.get('/sign-on-reviews?state=open');
    expect(list.body).toMatchObject({
      total: 1,
      items: [{ userId, userName: 'ada', subject: 'a', attempts: 1 }],
    });
    const [{ id }] = list.body.items;
    expect((await api.post(`/sign-on-reviews/${id}/dismiss`, {})).body.state).toBe('dismissed');
    expect((await api.post(`/sign-on-reviews/${id}/dismiss`, {})).status).toBe(409);
    expect((await api.post(`/sign-on-reviews/${id}/link`, {})).body).toMatchObject({ state: 'linked' });
    expect(await signIn()).toMatchObject({ kind: 'signed_in', userId });
  });
});
