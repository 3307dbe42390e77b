import { beforeEach, describe, expect, it } from '@jest/globals';
import { LIMITS } from '../../../src/kernel/limits.js';
import { oidcDraft } from '../../persistence/support/sso-connections.js';
import type { ApiClient } from '../../support/api-client.js';
import type { TestOrganization } from '../../support/server.js';
import { actionsOf } from './support/audit.js';
import { createPerson } from './support/people.js';
import { useServer } from './support/use-server.js';

/** The DNS of the tests: records by name, and names whose servers do not answer. */
const records = new Map<string, readonly string[]>();
const unreachable = new Set<string>();
const server = useServer({
  outside: {
    resolveTxt: (name) =>
      unreachable.has(name)
        ? Promise.reject(new Error('ETIMEOUT'))
        : Promise.resolve(records.get(name) ?? []),
  },
});

interface Tenant {
  readonly organization: TestOrganization;
  readonly api: ApiClient;
  readonly ssoConnectionId: string;
}

interface Domain {
  readonly id: string;
  readonly record: { readonly name: string; readonly value: string };
}

let serial = 0;
const newName = () => `domain-${(serial += 1)}.example.com`;

async function createTenant(): Promise<Tenant> {
  const organization = await server().organization();
  const ssoConnectionId = await connect(organization);
  return { organization, api: await organization.api(), ssoConnectionId };
}

async function connect({ context }: TestOrganization): Promise<string> {
  const draft = { ...oidcDraft(`idp-${(serial += 1)}`), options: { isEnabled: true } };
  return (await server().services.ssoConnections.create(context, draft)).id;
}

async function register({ api, ssoConnectionId }: Tenant, domain = newName()): Promise<Domain> {
  const reply = await api.post('/domains', { domain, ssoConnectionId });
  if (reply.status !== 201) throw new Error(reply.text);
  return reply.body as Domain;
}

const publish = ({ record }: Domain) => records.set(record.name, ['v=spf1 -all', record.value]);
const routeOf = async (name: string) => (await server().services.ssoConnections.findByDomain(name))?.id;

let tenant: Tenant;

beforeEach(async () => {
  tenant = await createTenant();
});

describe('domains over the API (product decision)', () => {
  it('are registered with the TXT record to set, and send nobody anywhere yet', async () => {
    const { api, ssoConnectionId } = tenant;
    const name = newName();
    const reply = await api.post('/domains', { domain: `${name.toUpperCase()}.`, ssoConnectionId });
    expect(reply.status).toBe(201);
    expect(reply.body).toMatchObject({
      domain: name,
      ssoConnectionId,
      verifiedAt: null,
      record: {
        type: 'TXT',
        name: `_rollcall-challenge.${name}`,
        value: expect.stringMatching(/^rollcall-domain-verification=[\w-]{43}$/),
      },
    });
    const { id } = reply.body as Domain;
    expect(reply.headers.get('location')).toBe(`${server().baseUrl}/api/v1/domains/${id}`);
    expect((await api.get(`/domains/${id}`)).body).toEqual(reply.body);
    expect(await routeOf(name)).toBeUndefined();
  });

  it('are verified when the record is there, once, and then send their people to the connection', async () => {
    const { api, ssoConnectionId } = tenant;
    const name = newName();
    const domain = await register(tenant, name);
    publish(domain);
    const reply = await api.post(`/domains/${domain.id}/verify`, {});
    expect(reply).toMatchObject({ status: 200, body: { id: domain.id, verifiedAt: expect.any(String) } });
    expect(await routeOf(name)).toBe(ssoConnectionId);
    records.delete(domain.record.name);
    expect((await api.post(`/domains/${domain.id}/verify`, {})).body).toEqual(reply.body);
    expect(await actionsOf(server(), domain.id)).toEqual(['sso_domain:create', 'sso_domain:verify']);
  });

  it('are not verified without the record, and the answer says which one is missing', async () => {
    const { api } = tenant;
    const domain = await register(tenant);
    records.set(domain.record.name, ['rollcall-domain-verification=']);
    const reply = await api.post(`/domains/${domain.id}/verify`, {});
    expect(reply).toMatchObject({ status: 409, body: { code: 'sso_domain.challenge_missing' } });
    expect(reply.body.detail).toContain(domain.record.name);
    expect((await api.get(`/domains/${domain.id}`)).body.verifiedAt).toBeNull();
  });

  it('are to be verified later while their name servers do not answer', async () => {
    const domain = await register(tenant);
    unreachable.add(domain.record.name);
    const reply = await tenant.api.post(`/domains/${domain.id}/verify`, {});
    expect(reply).toMatchObject({ status: 503, body: { code: 'sso_domain.dns_unavailable' } });
    expect(Number(reply.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  it('are verified for one organization alone: elsewhere that is 409, whatever the DNS says', async () => {
    const other = await createTenant();
    const name = newName();
    const [theirs, mine] = [await register(other, name), await register(tenant, name)];
    records.set(mine.record.name, [mine.record.value, theirs.record.value]);
    expect((await other.api.post(`/domains/${theirs.id}/verify`, {})).status).toBe(200);
    const reply = await tenant.api.post(`/domains/${mine.id}/verify`, {});
    expect(reply).toMatchObject({ status: 409, body: { code: 'sso_domain.taken' } });
    expect((await tenant.api.get(`/domains/${mine.id}`)).body.verifiedAt).toBeNull();
    expect(await routeOf(name)).toBe(other.ssoConnectionId);
  });

  it('send nobody anywhere any more once they are deleted', async () => {
    const { api } = tenant;
    const name = newName();
    const domain = await register(tenant, name);
    publish(domain);
    await api.post(`/domains/${domain.id}/verify`, {});
    expect((await api.delete(`/domains/${domain.id}`)).status).toBe(204);
    expect(await routeOf(name)).toBeUndefined();
    expect((await api.get(`/domains/${domain.id}`)).status).toBe(404);
    expect((await api.delete(`/domains/${domain.id}`)).status).toBe(404);
    expect((await actionsOf(server(), domain.id)).at(-1)).toBe('sso_domain:delete');
  });

  it('are listed page by page, of the organization or of one connection', async () => {
    const { api, organization } = tenant;
    const first = await register(tenant);
    const second = await register(tenant);
    const ssoConnectionId = await connect(organization);
    const third = await register({ ...tenant, ssoConnectionId });
    await register(await createTenant());
    const page = await api.get('/domains?limit=2');
    expect(page.body).toMatchObject({ items: [{ id: first.id }, { id: second.id }], total: 3 });
    const rest = await api.get(`/domains?limit=2&cursor=${encodeURIComponent(page.body.next)}`);
    expect(rest.body).toMatchObject({ items: [{ id: third.id }], next: null });
    const narrowed = await api.get(`/domains?ssoConnectionId=${ssoConnectionId}`);
    expect(narrowed.body).toMatchObject({ items: [{ id: third.id }], total: 1 });
    expect((await api.get('/domains?sort=-id')).body.items[0].id).toBe(third.id);
  });

  it.each([
    ['no host name', { domain: 'http://example.com' }, 'domain'],
    ['one label', { domain: 'localhost' }, 'domain'],
    ['more than a name can have', { domain: `${'x.'.repeat(130)}com` }, 'domain'],
    ['no domain', { domain: undefined }, 'domain'],
    ['a connection that is no id', { ssoConnectionId: 'x' }, 'ssoConnectionId'],
    ['a member that is not known', { verifiedAt: '2026-01-01T00:00:00Z' }, 'verifiedAt'],
  ])('are not registered with %s', async (_case, more, field) => {
    const { api, ssoConnectionId } = tenant;
    const reply = await api.post('/domains', { domain: newName(), ssoConnectionId, ...more });
    expect(reply).toMatchObject({ status: 400, body: { errors: [{ field }] } });
    expect((await api.get('/domains')).body.total).toBe(0);
  });

  it('are registered once in an organization, in whichever spelling', async () => {
    const { api, ssoConnectionId } = tenant;
    const name = newName();
    await register(tenant, name);
    const reply = await api.post('/domains', { domain: name.toUpperCase(), ssoConnectionId });
    expect(reply).toMatchObject({ status: 409, body: { code: 'sso_domain.taken' } });
  });

  it('are so many at most', async () => {
    const { api, ssoConnectionId, organization } = tenant;
    const { ssoDomains } = server().services;
    for (let count = 0; count < LIMITS.domainsPerOrganization; count += 1)
      await ssoDomains.create(organization.context, ssoConnectionId, newName());
    const reply = await api.post('/domains', { domain: newName(), ssoConnectionId });
    expect(reply).toMatchObject({ status: 409, body: { code: 'sso_domain.limit_reached' } });
  });
});

describe('domains and who asks', () => {
  it('are not for members of the organization', async () => {
    const { organization, ssoConnectionId } = tenant;
    const member = await organization.api(await createPerson(organization));
    expect((await member.get('/domains')).status).toBe(403);
    const reply = await member.post('/domains', { domain: newName(), ssoConnectionId });
    expect(reply.status).toBe(403);
  });

  it('are unknown to other organizations, whose connections are too', async () => {
    const domain = await register(tenant);
    publish(domain);
    const { api } = await createTenant();
    const replies = [
      await api.get(`/domains/${domain.id}`),
      await api.post(`/domains/${domain.id}/verify`, {}),
      await api.delete(`/domains/${domain.id}`),
      await api.post('/domains', { domain: newName(), ssoConnectionId: tenant.ssoConnectionId }),
    ];
    expect(replies.map(({ status }) => status)).toEqual([404, 404, 404, 404]);
    expect((await api.get('/domains')).body.total).toBe(0);
    expect((await api.get(`/domains?ssoConnectionId=${tenant.ssoConnectionId}`)).body.total).toBe(0);
    expect((await tenant.api.get(`/domains/${domain.id}`)).body.verifiedAt).toBeNull();
  });
});
