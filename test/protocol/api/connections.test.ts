import { beforeEach, describe, expect, it } from '@jest/globals';
import { setTimeout as pause } from 'node:timers/promises';
import { FRESH_FOR } from '../../../src/directory/connections/token-verifier.js';
import type { ApiClient } from '../../support/api-client.js';
import { ScimClient } from '../../support/scim-client.js';
import type { TestOrganization } from '../../support/server.js';
import { useServer } from './support/use-server.js';

const server = useServer();
let organization: TestOrganization;
let api: ApiClient;

beforeEach(async () => {
  organization = await server().organization();
  api = await organization.api();
});

const scimWith = (secret: string): ScimClient => new ScimClient(`${server().baseUrl}/scim/v2`, secret);

async function create(body: object = { name: 'okta' }): Promise<Record<string, unknown> & { id: string }> {
  const reply = await api.post('/connections', body);
  expect(reply.status).toBe(201);
  return reply.body as Record<string, unknown> & { id: string };
}

async function issue(connectionId: string, body: object = { name: 'first' }) {
  const reply = await api.post(`/connections/${connectionId}/tokens`, body);
  expect(reply.status).toBe(201);
  return reply.body as { id: string; secret: string; expiresAt: string | null };
}

describe('SCIM connections over the API (product decision)', () => {
  it('are made with a token that works at once, and shown without it', async () => {
    const connection = await create({ name: ' okta ', settings: { mayGrantAdmin: false } });
    expect(connection).toMatchObject({
      name: 'okta',
      isEnabled: true,
      settings: { mode: 'lenient', onGroupDelete: 'archive', mayGrantAdmin: false },
    });
    const token = await issue(connection.id);
    expect(token.secret).toMatch(/^rcs_[\w-]{43}$/);
    expect((await scimWith(token.secret).get('/Users')).status).toBe(200);
    const list = await api.get(`/connections/${connection.id}/tokens`);
    expect(list.body.items).toMatchObject([{ id: token.id, name: 'first', kind: 'bearer', revokedAt: null }]);
    expect(list.text).not.toContain(token.secret);
  });

  it('change setting by setting, and the next request feels it', async () => {
    const { id } = await create();
    const { secret } = await issue(id);
    const changed = await api.patch(`/connections/${id}`, { settings: { onGroupDelete: 'refuse' } });
    expect(changed.body).toMatchObject({
      name: 'okta',
      settings: { onGroupDelete: 'refuse', mode: 'lenient' },
    });
    const { body } = await scimWith(secret).post('/Groups', { displayName: 'kept' });
    expect((await scimWith(secret).delete(`/Groups/${body.id}`)).status).toBe(403);
  });

  it('that are disabled let nobody in, and let them in again when enabled', async () => {
    const { id } = await create();
    const { secret } = await issue(id);
    expect((await api.post(`/connections/${id}/disable`, {})).body.isEnabled).toBe(false);
    expect((await scimWith(secret).get('/Users')).status).toBe(401);
    expect((await api.post(`/connections/${id}/enable`, {})).body.isEnabled).toBe(true);
    expect((await scimWith(secret).get('/Users')).status).toBe(200);
  });

  it('change under the version that was read (RFC 9110 13.1.1)', async () => {
    const { id } = await create();
    const etag = (await api.get(`/connections/${id}`)).headers.get('etag') ?? '';
    const rename = (name: string) => api.patch(`/connections/${id}`, { name }, { 'If-Match': etag });
    expect((await rename('renamed')).status).toBe(200);
    expect((await rename('second')).status).toBe(412);
    expect((await api.get(`/connections/${id}`)).body.name).toBe('renamed');
  });

  it.each([
    ['no name', {}, 'name'],
    ['a blank name', { name: ' ' }, 'name'],
    ['a name that is too long', { name: 'x'.repeat(101) }, 'name'],
    ['an unknown mode', { name: 'x', settings: { mode: 'wild' } }, 'settings.mode'],
    ['an unknown setting', { name: 'x', settings: { admin: true } }, 'settings.admin'],
  ])('with %s are 400 and name the field', async (_, body, field) => {
    const reply = await api.post('/connections', body);
    expect(reply.status).toBe(400);
    expect(reply.body.errors).toMatchObject([{ field }]);
  });

  it('have names of their own, in any case', async () => {
    await create();
    const reply = await api.post('/connections', { name: 'OKTA' });
    expect(reply).toMatchObject({ status: 409, body: { code: 'connection.name_taken' } });
  });

  it('are listed page by page', async () => {
    for (const name of ['one', 'two', 'three']) await create({ name });
    const first = await api.get('/connections?limit=3&sort=-id');
    expect(first.body).toMatchObject({ total: 4 });
    const second = await api.get(`/connections?limit=3&sort=-id&cursor=${first.body.next}`);
    const names = [...first.body.items, ...second.body.items].map(({ name }: { name: string }) => name);
    expect(names).toEqual(['three', 'two', 'one', 'first']);
    expect(second.body.next).toBeNull();
  });
});

describe('tokens of a connection over the API (product decision)', () => {
  it('overlap in a rotation, and end when revoked', async () => {
    const { id } = await create();
    const [old, next] = [
      await issue(id, { name: 'old' }),
      await issue(id, { name: 'new', expiresInDays: 1 }),
    ];
    expect(next.expiresAt).not.toBeNull();
    expect((await scimWith(old.secret).get('/Users')).status).toBe(200);
    expect((await api.delete(`/connections/${id}/tokens/${old.id}`)).status).toBe(204);
    await pause(FRESH_FOR + 10);
    expect((await scimWith(old.secret).get('/Users')).status).toBe(401);
    expect((await scimWith(next.secret).get('/Users')).status).toBe(200);
    expect((await api.get(`/connections/${id}/tokens/${old.id}`)).body.revokedAt).not.toBeNull();
    expect((await api.delete(`/connections/${id}/tokens/${old.id}`)).status).toBe(404);
  });

  it('of one connection are not found under another', async () => {
    const [one, two] = [await create({ name: 'one' }), await create({ name: 'two' })];
    const token = await issue(one.id);
    expect((await api.get(`/connections/${two.id}/tokens/${token.id}`)).status).toBe(404);
    expect((await api.delete(`/connections/${two.id}/tokens/${token.id}`)).status).toBe(404);
    expect((await scimWith(token.secret).get('/Users')).status).toBe(200);
  });

  it('are client secrets for the token endpoint when asked (RFC 6749 4.4)', async () => {
    const { id } = await create();
    const { secret } = await issue(id, { name: 'entra', kind: 'client_secret' });
    expect(secret).toMatch(/^rcc_/);
    expect((await scimWith(secret).get('/Users')).status).toBe(401);
    const body = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: id,
      client_secret: secret,
    });
    const reply = await fetch(`${server().baseUrl}/oauth/token`, { method: 'POST', body });
    expect(reply.status).toBe(200);
  });
});
