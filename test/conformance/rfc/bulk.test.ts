import { describe, expect, it } from '@jest/globals';
import { expectError, expectStatus, mediaType } from './support/assertions.js';
import { bulk, bulkResults, idOf, postUser, statusesOf } from './support/bulk.js';
import { createGroup, createUser, matching, read, type Resource } from './support/resources.js';
import {
  BULK_REQUEST,
  BULK_RESPONSE,
  ERROR,
  GROUP,
  PATCH_OP,
  ROLE,
  UNKNOWN_ID,
  USER,
} from './support/urns.js';
import { useServer } from './support/use-server.js';

const server = useServer();
const PATCH_TITLE = { schemas: [PATCH_OP], Operations: [{ op: 'replace', path: 'title', value: 'x' }] };

describe('rule 37: Bulk operations (RFC 7644 3.7)', () => {
  it('rule 37: answers 200 and a BulkResponse with each operation in order (RFC 7644 3.7)', async () => {
    const { scim } = await server.organization();
    const user = await createUser(scim, { userName: 'old' });
    const doomed = await createUser(scim);
    const group = await createGroup(scim);
    const reply = await bulk(scim, [
      postUser('a', 'new'),
      { method: 'PUT', path: `/Users/${user.id}`, data: { schemas: [USER], userName: 'old', title: 'put' } },
      { method: 'PATCH', path: `/Users/${user.id}`, data: PATCH_TITLE },
      { method: 'DELETE', path: `/Users/${doomed.id}` },
      { method: 'PUT', path: `/Groups/${group.id}`, data: { schemas: [GROUP], displayName: 'Put' } },
      {
        method: 'POST',
        path: '/Roles',
        bulkId: 'r',
        data: { schemas: [ROLE], name: 'R', inheritedFrom: 'viewer' },
      },
    ]);
    expectStatus(reply, 200);
    expect(mediaType(reply)).toBe('application/scim+json');
    expect(reply.body.schemas).toEqual([BULK_RESPONSE]);
    const results: Resource[] = reply.body.Operations;
    expect(results.map((result) => result.method)).toEqual(['POST', 'PUT', 'PATCH', 'DELETE', 'PUT', 'POST']);
    expect(statusesOf(results)).toEqual(['201', '200', '200', '204', '200', '201']);
    expect(results[0]).toMatchObject({
      bulkId: 'a',
      location: expect.stringContaining(`${server.baseUrl}/scim/v2/Users/`),
    });
    expect(results[1].location).toBe(user.meta.location);
    expect(results[3].location).toBe(doomed.meta.location);

    expect(await matching(scim, '/Users', 'userName eq "new"')).toEqual(['new']);
    expect(await read(scim, `/Users/${user.id}`)).toMatchObject({ title: 'x' });
    expectError(await scim.get(`/Users/${doomed.id}`), 404);
    expect(await read(scim, `/Groups/${group.id}`)).toMatchObject({ displayName: 'Put' });
  });

  it('rule 37: a failed operation carries a SCIM error and does not stop the others (RFC 7644 3.7.3)', async () => {
    const { scim } = await server.organization();
    const results = await bulkResults(scim, [
      postUser('a', 'same'),
      postUser('b', 'SAME'),
      { method: 'PATCH', path: `/Users/${UNKNOWN_ID}`, data: PATCH_TITLE },
      { method: 'POST', path: '/Users', bulkId: 'c', data: { schemas: [USER] } },
      postUser('d', 'last'),
    ]);
    expect(statusesOf(results)).toEqual(['201', '409', '404', '400', '201']);
    expect(results[1].response).toMatchObject({ schemas: [ERROR], status: '409', scimType: 'uniqueness' });
    expect(results[2].response).toMatchObject({ schemas: [ERROR], status: '404' });
    expect(results[3].response).toMatchObject({ schemas: [ERROR], status: '400', scimType: 'invalidValue' });
    for (const index of [1, 3]) expect(results[index].location).toBeUndefined();
    expect(results.map((result) => result.bulkId)).toEqual(['a', 'b', undefined, 'c', 'd']);
    expect(await matching(scim, '/Users', 'userName eq "same" or userName eq "last"')).toEqual([
      'last',
      'same',
    ]);
  });

  it.each([
    [1, ['201', '400']],
    [2, ['201', '400', '201', '409']],
    [3, ['201', '400', '201', '409', '201']],
  ])(
    'rule 37: failOnErrors %d stops there and answers only what was processed (RFC 7644 3.7.3)',
    async (limit, statuses) => {
      const { scim } = await server.organization();
      const results = await bulkResults(
        scim,
        [
          postUser('a', 'one'),
          { method: 'POST', path: '/Users', bulkId: 'b', data: { schemas: [USER] } },
          postUser('c', 'two'),
          postUser('d', 'one'),
          postUser('e', 'three'),
        ],
        limit,
      );
      expect(statusesOf(results)).toEqual(statuses);
      const created = ['one', ...(limit >= 2 ? ['two'] : []), ...(limit >= 3 ? ['three'] : [])].sort();
      const filter = 'userName eq "one" or userName eq "two" or userName eq "three"';
      expect(await matching(scim, '/Users', filter)).toEqual(created);
    },
  );

  it('rule 37: operations on one resource keep their order (RFC 7644 3.7)', async () => {
    const { scim } = await server.organization();
    const user = await createUser(scim);
    const path = `/Users/${user.id}`;
    const patch = (value: string): object => ({
      method: 'PATCH',
      path,
      data: { schemas: [PATCH_OP], Operations: [{ op: 'replace', path: 'title', value }] },
    });
    const results = await bulkResults(scim, [patch('1'), patch('2'), patch('3')]);
    expect(statusesOf(results)).toEqual(['200', '200', '200']);
    expect((await read(scim, path)).title).toBe('3');
    const ended = await bulkResults(scim, [{ method: 'DELETE', path }, patch('4')]);
    expect(statusesOf(ended)).toEqual(['204', '404']);
  });

  it('rule 37: method and path are read in any case of the method (RFC 7644 3.7)', async () => {
    const { scim } = await server.organization();
    const [result] = await bulkResults(scim, [{ ...postUser('a', 'lower'), method: 'post' }]);
    expect(['201', '400']).toContain(result.status);
  });
});

describe('rule 37: malformed Bulk (RFC 7644 3.7)', () => {
  it.each([
    ['no Operations', { schemas: [BULK_REQUEST] }],
    ['Operations that are no array', { schemas: [BULK_REQUEST], Operations: {} }],
    ['failOnErrors that is no integer', { schemas: [BULK_REQUEST], failOnErrors: 'one', Operations: [] }],
  ])('rule 37: %s is 400 (RFC 7644 3.7)', async (_what, body) => {
    const { scim } = await server.organization();
    expectError(await scim.post('/Bulk', body), 400, 'invalidSyntax', 'invalidValue');
  });

  it.each([
    ['a POST without bulkId', { method: 'POST', path: '/Users', data: { schemas: [USER], userName: 'bad' } }],
    ['no method', { path: '/Users', bulkId: 'x', data: { schemas: [USER], userName: 'bad' } }],
    ['GET', { method: 'GET', path: '/Users' }],
    ['no path', { method: 'POST', bulkId: 'x', data: { schemas: [USER], userName: 'bad' } }],
    ['a path to nowhere', { method: 'POST', path: '/Nowhere', bulkId: 'x', data: { userName: 'bad' } }],
    ['a path to Bulk', { method: 'POST', path: '/Bulk', bulkId: 'x', data: { Operations: [] } }],
    [
      'a path that climbs',
      { method: 'POST', path: '/Users/../Users', bulkId: 'x', data: { userName: 'bad' } },
    ],
    ['a POST without data', { method: 'POST', path: '/Users', bulkId: 'x' }],
    [
      'a PATCH of bare operations',
      { method: 'PATCH', path: `/Users/${UNKNOWN_ID}`, data: [{ op: 'remove', path: 'title' }] },
    ],
  ])(
    'rule 37: %s fails, as a whole or alone, and creates nothing (RFC 7644 3.7)',
    async (_what, operation) => {
      const { scim } = await server.organization();
      const reply = await bulk(scim, [operation]);
      if (reply.status === 200) expect(reply.body.Operations[0].status).toMatch(/^4\d\d$/);
      else expectError(reply, 400);
      expect(await matching(scim, '/Users', 'userName eq "bad"')).toEqual([]);
    },
  );

  it('rule 37: the same bulkId twice is 400 (RFC 7644 3.7.1)', async () => {
    const { scim } = await server.organization();
    const reply = await bulk(scim, [postUser('a', 'one'), postUser('a', 'two')]);
    if (reply.status === 200) expect(statusesOf(reply.body.Operations)).toContain('400');
    else expectError(reply, 400, 'invalidSyntax', 'invalidValue');
    expect((await matching(scim, '/Users', 'userName eq "one" or userName eq "two"')).length).toBeLessThan(2);
  });

  it('rule 37: a broken operation leaves its neighbour untouched by pollution (CVE-2026-48170)', async () => {
    const { scim } = await server.organization();
    const raw =
      `{"schemas":["${BULK_REQUEST}"],"Operations":[{"method":"POST","path":"/Users","bulkId":"__proto__",` +
      `"data":{"schemas":["${USER}"],"userName":"proto","__proto__":{"title":"polluted"}}},` +
      `{"method":"POST","path":"/Users","bulkId":"constructor","data":{"schemas":["${USER}"],"userName":"clean"}}]}`;
    const reply = await scim.request('POST', '/Bulk', {
      raw,
      headers: { 'Content-Type': 'application/scim+json' },
    });
    expect(reply.status).toBeLessThan(500);
    if (reply.status === 200 && reply.body.Operations[1].status === '201')
      expect((await read(scim, `/Users/${idOf(reply.body.Operations[1])}`)).title).toBeUndefined();
    expect((await createUser(scim)).title).toBeUndefined();
  });
});
