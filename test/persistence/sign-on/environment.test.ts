import { describe, expect, it } from '@jest/globals';
import { applyEnvironmentSso, environmentDrafts } from '../../../src/cli/serve/environment-sso.js';
import { loadConfig, type Environment } from '../../../src/config/index.js';
import { AuditTrail } from '../support/audit-trail.js';
import { oidcDraft } from '../support/sso-connections.js';
import { useServer } from '../support/use-server.js';

const server = useServer();

const OIDC = {
  OIDC_ISSUER: 'https://idp.example.com',
  OIDC_CLIENT_ID: 'client',
  OIDC_CLIENT_SECRET: 'the-secret',
  OIDC_PRESET: 'okta',
};
const SAML = {
  SAML_ISSUER: 'https://idp.example.com/entity',
  SAML_ENTRY_POINT: 'https://idp.example.com/sso',
  SAML_METADATA_URL: 'https://idp.example.com/metadata',
};

function read(env: Environment) {
  const config = loadConfig(env);
  if (!config.ok) throw new Error(JSON.stringify(config.error));
  return config.value.sso;
}

async function organize() {
  const organization = await server().organization();
  const { services } = server();
  return {
    organization,
    start: (env: Environment) => applyEnvironmentSso(services, read(env), organization.id),
    list: () => services.ssoConnections.list(organization.id),
  };
}

describe('SSO connections of the environment (product decision)', () => {
  it('are made at the first start, enabled, and left alone at the next', async () => {
    const { organization, start, list } = await organize();
    await start({ ...OIDC, ...SAML });
    const made = await list();
    expect(made).toMatchObject([
      {
        kind: 'oidc',
        name: 'OpenID Connect',
        origin: 'environment',
        isEnabled: true,
        secretNames: ['clientSecret'],
      },
      { kind: 'saml', name: 'SAML', origin: 'environment', isEnabled: true },
    ]);
    const trail = await AuditTrail.start(server(), organization.id);
    await start({ ...OIDC, ...SAML });
    expect(await list()).toEqual(made);
    expect(await trail.news()).toEqual([]);
  });

  it('follow the variables: a new secret, no secret', async () => {
    const { start, list } = await organize();
    await start(OIDC);
    const secret = async () => {
      const [connection] = await list();
      return connection && server().services.ssoConnections.oidcSecrets(connection);
    };
    await start({ ...OIDC, OIDC_CLIENT_SECRET: 'the-next' });
    expect(await secret()).toEqual({ clientSecret: 'the-next' });
    await start({ ...OIDC, OIDC_CLIENT_SECRET: undefined });
    expect(await secret()).toEqual({});
  });

  it('are disabled when the variables are gone, and enabled when they are back', async () => {
    const { start, list } = await organize();
    await start(OIDC);
    await start({});
    expect(await list()).toMatchObject([{ isEnabled: false }]);
    await start(OIDC);
    expect(await list()).toMatchObject([{ isEnabled: true }]);
  });

  it('of another identity provider are another connection: identities do not move', async () => {
    const { start, list } = await organize();
    await start(OIDC);
    await start({ ...OIDC, OIDC_ISSUER: 'https://other.example.com' });
    expect(await list()).toMatchObject([
      { isEnabled: false, settings: { issuer: 'https://idp.example.com' } },
      { isEnabled: true, settings: { issuer: 'https://other.example.com' } },
    ]);
  });

  it('leave the name to a connection that an admin has made', async () => {
    const { organization, start, list } = await organize();
    await server().services.ssoConnections.create(organization.context, oidcDraft('openid connect'));
    await start(OIDC);
    const names = (await list()).map(({ name }) => name);
    expect(names).toEqual(['openid connect', 'OpenID Connect (https://idp.example.com)']);
  });

  it('keep what admins decide: whom to provision and link', async () => {
    const { organization, start, list } = await organize();
    await start(OIDC);
    const [connection] = await list();
    const options = { provisions: false, pairedConnectionId: organization.connectionId };
    const id = connection?.id ?? '';
    await server().services.ssoConnections.update(organization.context, id, { options });
    await start(OIDC);
    expect(await list()).toMatchObject([options]);
  });

  it('stop the start with a sentence when they cannot be', async () => {
    const { start } = await organize();
    await expect(start({ ...OIDC, OIDC_ISSUER: 'http://idp.example.com' })).rejects.toThrow(
      'cannot be used: settings.issuer',
    );
  });

  it('are none without variables', () => {
    expect(environmentDrafts(read({}))).toEqual([]);
  });
});
