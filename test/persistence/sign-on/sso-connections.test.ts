import { beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { newId } from '../../../src/kernel/ids.js';
import type { TestOrganization } from '../../support/server.js';
import { AuditTrail } from '../support/audit-trail.js';
import { oidcDraft, samlDraft } from '../support/sso-connections.js';
import { useServer } from '../support/use-server.js';

const server = useServer();
let organization: TestOrganization;
let serial = 0;

beforeAll(async () => {
  organization = await server().organization();
});

const service = () => server().services.ssoConnections;
const name = (): string => `idp-${(serial += 1)}`;

async function addDomain(ssoConnectionId: string, domain: string, isVerified: boolean): Promise<string> {
  const { ssoDomains } = server().services.unitOfWork.stores;
  const id = newId(Date.now());
  const { id: organizationId, context } = organization;
  const row = {
    id,
    organizationId,
    ssoConnectionId,
    domain,
    challenge: 'x',
    createdAt: '2026-01-15T09:00:00.000Z',
  };
  await ssoDomains.insert(context, { ...row, verifiedAt: undefined });
  if (isVerified) await ssoDomains.verify(context, id);
  return id;
}

describe('SsoConnections (product decision)', () => {
  it('are disabled, provision and give the role member unless an admin says otherwise', async () => {
    const created = await service().create(organization.context, samlDraft(name()));
    const found = await service().get(organization.id, created.id);
    expect(found).toEqual(created);
    expect(found).toMatchObject({ isEnabled: false, provisions: true, defaultRole: 'member', version: 1 });
  });

  it('keep secrets encrypted: no column of the row holds them', async () => {
    const { id } = await service().create(organization.context, oidcDraft(name(), 'the-client-secret'));
    const { rows } = await sql<{ row: string }>`
      select row_to_json(c)::text as row from sso_connections c where id = ${id}::uuid`.execute(
      server().database.connection.db,
    );
    expect(rows[0]?.row).not.toContain('the-client-secret');
    expect(rows[0]?.row).toContain('clientSecret');
    const found = await service().get(organization.id, id);
    expect(JSON.stringify(found)).not.toContain('the-client-secret');
    expect(await service().oidcSecrets(found)).toEqual({ clientSecret: 'the-client-secret' });
  });

  it('do not open the secrets of another row', async () => {
    const [one, two] = [
      await service().create(organization.context, oidcDraft(name(), 'one')),
      await service().create(organization.context, oidcDraft(name(), 'two')),
    ];
    await sql`update sso_connections set secrets = (select secrets from sso_connections where id = ${one.id}::uuid)
      where id = ${two.id}::uuid`.execute(server().database.connection.db);
    await expect(service().oidcSecrets(two)).rejects.toThrow('SECRET_KEY');
  });

  it('show secrets to no audit event', async () => {
    const trail = await AuditTrail.start(server(), organization.id);
    const { id } = await service().create(organization.context, oidcDraft(name(), 'the-client-secret'));
    await service().update(organization.context, id, {
      protocol: oidcDraft('x', 'the-next-secret').protocol,
    });
    const events = await trail.news();
    expect(events.map(({ action }) => action)).toEqual(['sso_connection:create', 'sso_connection:update']);
    expect(JSON.stringify(events)).not.toMatch(/the-(client|next)-secret/);
  });

  it('keep the secret when a change names none', async () => {
    const { id } = await service().create(organization.context, oidcDraft(name(), 'kept'));
    const changed = await service().update(organization.context, id, { options: { provisions: false } });
    expect(changed).toMatchObject({ provisions: false, version: 2 });
    expect(await service().oidcSecrets(changed)).toEqual({ clientSecret: 'kept' });
  });

  it('stay at their version when nothing changes', async () => {
    const trail = await AuditTrail.start(server(), organization.id);
    const created = await service().create(organization.context, samlDraft(name()));
    await trail.news();
    const same = await service().update(organization.context, created.id, {
      name: created.name,
      protocol: samlDraft('x').protocol,
    });
    expect(same).toEqual(created);
    expect(await trail.news()).toEqual([]);
  });

  it('refuse a change of what somebody else has changed meanwhile', async () => {
    const { id } = await service().create(organization.context, samlDraft(name()));
    await service().setEnabled(organization.context, id, true);
    const late = service().update(organization.context, id, { name: name() }, { expectedVersion: 1 });
    await expect(late).rejects.toMatchObject({ code: 'resource.version_mismatch' });
  });

  it('of another organization are not found', async () => {
    const { id } = await service().create(organization.context, samlDraft(name()));
    const stranger = await server().organization();
    await expect(service().get(stranger.id, id)).rejects.toMatchObject({ code: 'sso_connection.not_found' });
    await expect(service().delete(stranger.context, id)).rejects.toMatchObject({
      code: 'sso_connection.not_found',
    });
  });

  it('from the environment are not changed by admins', async () => {
    const { id } = await service().create(organization.context, oidcDraft(name()), 'environment');
    const refusal = { code: 'sso_connection.from_environment' };
    await expect(service().setEnabled(organization.context, id, true)).rejects.toMatchObject(refusal);
    await expect(service().delete(organization.context, id)).rejects.toMatchObject(refusal);
  });

  it.each([
    ['http://idp.example.com', 'an issuer without TLS'],
    ['https://user:secret@idp.example.com', 'a user name in the address'],
    ['https://idp.example.com/?tenant=1', 'a query in the issuer'],
    ['javascript:alert(1)', 'another scheme'],
    ['idp.example.com', 'no address'],
  ])('refuse %s as issuer: %s', async (issuer) => {
    const draft = oidcDraft(name());
    const settings = { ...draft.protocol.settings, issuer };
    const created = service().create(organization.context, {
      ...draft,
      protocol: { ...draft.protocol, settings } as typeof draft.protocol,
    });
    await expect(created).rejects.toMatchObject({ code: 'sso_connection.invalid', field: 'settings.issuer' });
  });
});

describe('home-realm discovery by domain (product decision)', () => {
  it('finds the enabled connection of a verified domain, in any case and script', async () => {
    const { id } = await service().create(organization.context, {
      ...oidcDraft(name()),
      options: { isEnabled: true },
    });
    await addDomain(id, 'xn--bcher-kva.example', true);
    for (const asked of ['ada@bücher.example', 'BÜCHER.Example', 'ada@xn--bcher-kva.example.'])
      expect((await service().findByDomain(asked))?.id).toBe(id);
    for (const asked of ['ada@sub.bücher.example', 'ada@example', '', '@', 'ada@evil.example/bücher.example'])
      expect(await service().findByDomain(asked)).toBeUndefined();
  });

  it('finds nothing for a domain that is not verified, or at a disabled connection', async () => {
    const enabled = await service().create(organization.context, {
      ...oidcDraft(name()),
      options: { isEnabled: true },
    });
    const disabled = await service().create(organization.context, oidcDraft(name()));
    await addDomain(enabled.id, 'claimed.example', false);
    await addDomain(disabled.id, 'dormant.example', true);
    expect(await service().findByDomain('claimed.example')).toBeUndefined();
    expect(await service().findByDomain('dormant.example')).toBeUndefined();
  });

  it('forgets domains with their connection', async () => {
    const { id } = await service().create(organization.context, {
      ...oidcDraft(name()),
      options: { isEnabled: true },
    });
    await addDomain(id, 'gone.example', true);
    await service().delete(organization.context, id);
    expect(await service().findByDomain('gone.example')).toBeUndefined();
  });
});
