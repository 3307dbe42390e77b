import { describe, expect, it } from '@jest/globals';
import type { ScimClient } from '../../support/scim-client.js';
import { expectError, expectStatus } from './support/assertions.js';
import { createGroup, createRole, createUser, read, type Resource } from './support/resources.js';
import { BULK_REQUEST, GROUP, PATCH_OP, USER } from './support/urns.js';
import { useServer } from './support/use-server.js';

const server = useServer();
const STALE = 'W/"stale"';

async function seed(): Promise<{ scim: ScimClient; user: Resource; path: string }> {
  const { scim } = await server.organization();
  const user = await createUser(scim, { title: 'before' });
  return { scim, user, path: `/Users/${user.id}` };
}

const retitle = { op: 'replace', path: 'title', value: 'after' };

/** A PATCH with one operation and an If-Match header. */
const patchIfMatch = (scim: ScimClient, path: string, ifMatch: string): ReturnType<ScimClient['patch']> =>
  scim.patch(path, { schemas: [PATCH_OP], Operations: [retitle] }, { 'If-Match': ifMatch });

describe('rule 34: ETag (RFC 7644 3.14)', () => {
  it('rule 34: is weak, and the same as meta.version, for every type and verb (RFC 7644 3.14)', async () => {
    const { scim, user, path } = await seed();
    const [group, role] = [await createGroup(scim), await createRole(scim)];
    const replies = [
      await scim.get(path),
      await scim.put(path, { schemas: [USER], userName: user.userName, title: 'put' }),
      await scim.operations(path, retitle),
      await scim.get(`/Groups/${group.id}`),
      await scim.put(`/Groups/${group.id}`, { schemas: [GROUP], displayName: 'Put' }),
      await scim.get(`/Roles/${role.id}`),
      await scim.post('/Users', { schemas: [USER], userName: 'posted' }),
    ];
    for (const reply of replies) {
      expectStatus(reply, 200, 201);
      expect(reply.headers.get('etag')).toMatch(/^W\/"[^"]+"$/);
      expect(reply.headers.get('etag')).toBe(reply.body.meta.version);
    }
  });

  it('rule 34: PATCH on a group with 204 carries the new ETag or none, never a stale one (RFC 7644 3.14)', async () => {
    const { scim } = await seed();
    const group = await createGroup(scim);
    const reply = await scim.operations(`/Groups/${group.id}`, {
      op: 'replace',
      path: 'displayName',
      value: 'New',
    });
    expectStatus(reply, 204);
    const { meta } = await read(scim, `/Groups/${group.id}`);
    expect([null, meta.version]).toContain(reply.headers.get('etag'));
  });

  it('rule 34: If-Match takes the current version, lists and * (RFC 7232 3.1)', async () => {
    const { scim, path } = await seed();
    const forms = [
      (version: string) => version,
      (version: string) => `${STALE}, ${version}`,
      (version: string) => `${version},${STALE}`,
      () => '*',
    ];
    for (const form of forms) {
      const { meta } = await read(scim, path);
      expectStatus(await patchIfMatch(scim, path, form(meta.version)), 200);
      expectStatus(await scim.operations(path, { op: 'replace', path: 'title', value: 'again' }), 200);
    }
  });

  it('rule 34: a stale If-Match is 412 for PATCH, PUT and DELETE, and nothing is applied (RFC 7644 3.14)', async () => {
    const { scim, user, path } = await seed();
    expectStatus(await scim.operations(path, { op: 'replace', path: 'nickName', value: 'newer' }), 200);
    const current = await read(scim, path);
    expect(current.meta.version).not.toBe(user.meta.version);
    for (const version of [user.meta.version, STALE, `${STALE}, ${user.meta.version}`]) {
      expectError(await patchIfMatch(scim, path, version), 412);
      const put = { schemas: [USER], userName: user.userName, title: 'after' };
      expectError(await scim.put(path, put, { 'If-Match': version }), 412);
      expectError(await scim.delete(path, { 'If-Match': version }), 412);
    }
    expect(await read(scim, path)).toEqual(current);
    expectStatus(await scim.delete(path, { 'If-Match': current.meta.version }), 204);
    expectError(await scim.get(path), 404);
  });

  it('rule 34: If-Match on an unknown id is 404, not 412 (RFC 7644 3.12)', async () => {
    const { scim, path } = await seed();
    expectStatus(await scim.delete(path), 204);
    expectError(await patchIfMatch(scim, path, STALE), 404);
  });

  it('rule 34: GET with a matching If-None-Match is 304 without a body (RFC 7644 3.14)', async () => {
    const { scim, user, path } = await seed();
    for (const value of [user.meta.version, `${STALE}, ${user.meta.version}`]) {
      const reply = await scim.get(path, { 'If-None-Match': value });
      expectStatus(reply, 304);
      expect(reply.text).toBe('');
      expect(reply.headers.get('etag')).toBe(user.meta.version);
    }
    expectStatus(await scim.get(path, { 'If-None-Match': STALE }), 200);
    await scim.operations(path, retitle);
    expectStatus(await scim.get(path, { 'If-None-Match': user.meta.version }), 200);
  });

  it('rule 34: If-None-Match: * on a create creates (RFC 7644 3.14)', async () => {
    const { scim } = await seed();
    const body = { schemas: [USER], userName: 'fresh' };
    expectStatus(await scim.post('/Users', body, { 'If-None-Match': '*' }), 201);
    const again = await scim.post('/Users', body, { 'If-None-Match': '*' });
    expectError(again, [409, 412]);
  });

  it('rule 34: Bulk honours version (RFC 7644 3.7)', async () => {
    const { scim, user, path } = await seed();
    const operation = (version: string): object => ({
      method: 'PATCH',
      path,
      version,
      data: { schemas: [PATCH_OP], Operations: [retitle] },
    });
    const bulk = (version: string): ReturnType<ScimClient['post']> =>
      scim.post('/Bulk', { schemas: [BULK_REQUEST], Operations: [operation(version)] });
    const stale = await bulk(STALE);
    expectStatus(stale, 200);
    expect(stale.body.Operations[0].status).toBe('412');
    expect((await read(scim, path)).title).toBe('before');
    const fresh = await bulk(user.meta.version);
    expect(fresh.body.Operations[0].status).toBe('200');
    const after = await read(scim, path);
    expect(after.title).toBe('after');
    expect(fresh.body.Operations[0].version ?? after.meta.version).toBe(after.meta.version);
  });

  it('rule 34: a membership change changes the version of the group (RFC 7644 3.14)', async () => {
    const { scim, user } = await seed();
    const group = await createGroup(scim);
    const versions = new Set([group.meta.version]);
    for (const op of ['add', 'remove']) {
      const value = [{ value: user.id }];
      expectStatus(await scim.operations(`/Groups/${group.id}`, { op, path: 'members', value }), 204);
      versions.add((await read(scim, `/Groups/${group.id}`)).meta.version);
    }
    expect(versions.size).toBe(3);
  });

  it('rule 34: the same PUT twice changes no version and no lastModified (product decision)', async () => {
    const { scim, user, path } = await seed();
    const body = { schemas: [USER], userName: user.userName, title: 'x' };
    const first = await scim.put(path, body);
    const second = await scim.put(path, body);
    expectStatus(second, 200);
    expect(second.body.meta).toEqual(first.body.meta);
    expect((await read(scim, path)).meta).toEqual(first.body.meta);
  });

  it('rule 34: renaming a group changes groups.display of its users, not their version (product decision)', async () => {
    const { scim, user, path } = await seed();
    const group = await createGroup(scim, { displayName: 'Old', members: [{ value: user.id }] });
    const before = await read(scim, path);
    expectStatus(
      await scim.operations(`/Groups/${group.id}`, { op: 'replace', value: { displayName: 'New' } }),
      204,
    );
    const after = await read(scim, path);
    expect(after.groups).toMatchObject([{ value: group.id, display: 'New' }]);
    expect(after.meta.version).toBe(before.meta.version);
  });
});
