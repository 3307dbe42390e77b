import { describe, expect, it } from '@jest/globals';
import { expectStatus } from './support/assertions.js';
import { bulk, bulkResults, idOf, postUser, statusesOf } from './support/bulk.js';
import { createGroup, createUser, matching, memberIds, read, type Resource } from './support/resources.js';
import { ENTERPRISE, GROUP, PATCH_OP, USER } from './support/urns.js';
import { useServer } from './support/use-server.js';

const server = useServer();

const postGroup = (bulkId: string, displayName: string, members: readonly string[]): object => ({
  method: 'POST',
  path: '/Groups',
  bulkId,
  data: { schemas: [GROUP], displayName, members: members.map((value) => ({ value })) },
});

const withManager = (bulkId: string): object => ({
  [ENTERPRISE]: { manager: { value: `bulkId:${bulkId}` } },
});

const byBulkId = (results: readonly Resource[], bulkId: string): Resource =>
  results.find((result) => result.bulkId === bulkId);

describe('rule 37: bulkId references (RFC 7644 3.7.2)', () => {
  it('rule 37: a backward reference in members becomes the id (RFC 7644 3.7.2)', async () => {
    const { scim } = await server.organization();
    const results = await bulkResults(scim, [postUser('u', 'ada'), postGroup('g', 'Team', ['bulkId:u'])]);
    expect(statusesOf(results)).toEqual(['201', '201']);
    expect(await memberIds(scim, idOf(byBulkId(results, 'g')))).toEqual([idOf(byBulkId(results, 'u'))]);
  });

  it('rule 37: a forward reference in members works (RFC 7644 3.7.2)', async () => {
    const { scim } = await server.organization();
    const results = await bulkResults(scim, [
      postGroup('g', 'Team', ['bulkId:u', 'bulkId:v']),
      postUser('u', 'ada'),
      postUser('v', 'bob'),
    ]);
    expect(statusesOf(results)).toEqual(['201', '201', '201']);
    expect(results.map((result) => result.bulkId)).toEqual(['g', 'u', 'v']);
    const ids = ['u', 'v'].map((bulkId) => idOf(byBulkId(results, bulkId))).sort();
    expect(await memberIds(scim, idOf(byBulkId(results, 'g')))).toEqual(ids);
    expect(await matching(scim, '/Groups', 'displayName eq "Team"')).toEqual(['Team']);
  });

  it('rule 37: a circular reference links both and creates each once (RFC 7644 3.7.1)', async () => {
    const { scim } = await server.organization();
    const results = await bulkResults(scim, [
      postUser('a', 'ada', withManager('b')),
      postUser('b', 'bob', withManager('a')),
    ]);
    expect(statusesOf(results)).toEqual(['201', '201']);
    const [ada, bob] = results.map(idOf);
    expect((await read(scim, `/Users/${ada}`))[ENTERPRISE].manager.value).toBe(bob);
    expect((await read(scim, `/Users/${bob}`))[ENTERPRISE].manager.value).toBe(ada);
    expect(await matching(scim, '/Users', 'userName eq "ada" or userName eq "bob"')).toEqual(['ada', 'bob']);
  });

  it('rule 37: a cycle of three through PATCH data and members works (RFC 7644 3.7.1)', async () => {
    const { scim } = await server.organization();
    const results = await bulkResults(scim, [
      postUser('a', 'ada', withManager('b')),
      postUser('b', 'bob', withManager('c')),
      postUser('c', 'cyd', withManager('a')),
      postGroup('g', 'Ring', ['bulkId:a', 'bulkId:b', 'bulkId:c']),
    ]);
    expect(statusesOf(results)).toEqual(['201', '201', '201', '201']);
    const ids = results.map(idOf);
    expect(await memberIds(scim, ids[3] ?? '')).toEqual(ids.slice(0, 3).sort());
    for (const [index, managerIndex] of [
      [0, 1],
      [1, 2],
      [2, 0],
    ] as const)
      expect((await read(scim, `/Users/${ids[index]}`))[ENTERPRISE].manager.value).toBe(ids[managerIndex]);
  });

  it('rule 37: a reference in the path and in PATCH values works (RFC 7644 3.7.2)', async () => {
    const { scim } = await server.organization();
    const group = await createGroup(scim);
    const results = await bulkResults(scim, [
      postUser('u', 'ada'),
      {
        method: 'PATCH',
        path: '/Users/bulkId:u',
        data: { schemas: [PATCH_OP], Operations: [{ op: 'replace', path: 'title', value: 'x' }] },
      },
      {
        method: 'PATCH',
        path: `/Groups/${group.id}`,
        data: {
          schemas: [PATCH_OP],
          Operations: [{ op: 'add', path: 'members', value: [{ value: 'bulkId:u' }] }],
        },
      },
      { method: 'PUT', path: '/Users/bulkId:u', data: { schemas: [USER], userName: 'ada', title: 'y' } },
    ]);
    expect(statusesOf(results)[0]).toBe('201');
    for (const result of results.slice(1)) expect(result.status).toMatch(/^20[04]$/);
    const id = idOf(byBulkId(results, 'u'));
    expect((await read(scim, `/Users/${id}`)).title).toBe('y');
    expect(await memberIds(scim, group.id)).toEqual([id]);
  });

  it('rule 37: an unresolved reference fails its operation only: 409 or 400 (RFC 7644 3.7.2)', async () => {
    const { scim } = await server.organization();
    const results = await bulkResults(scim, [
      postUser('u', 'ada'),
      postGroup('g', 'Lost', ['bulkId:nobody']),
      { method: 'DELETE', path: '/Users/bulkId:nobody' },
    ]);
    expect(results[0].status).toBe('201');
    for (const result of results.slice(1)) expect(result.status).toMatch(/^(409|400)$/);
    expect(await matching(scim, '/Groups', 'displayName eq "Lost"')).toEqual([]);
  });

  it('rule 37: a reference to a failed create fails too (RFC 7644 3.7.2)', async () => {
    const { scim } = await server.organization();
    await createUser(scim, { userName: 'taken' });
    const results = await bulkResults(scim, [postGroup('g', 'Lost', ['bulkId:u']), postUser('u', 'taken')]);
    expect(results.map((result) => result.bulkId)).toEqual(['g', 'u']);
    expect(byBulkId(results, 'u').status).toBe('409');
    expect(byBulkId(results, 'g').status).toMatch(/^(409|400)$/);
    expect(await matching(scim, '/Groups', 'displayName eq "Lost"')).toEqual([]);
  });

  it('rule 37: text that only looks like a reference elsewhere stays text (RFC 7644 3.7.2)', async () => {
    const { scim } = await server.organization();
    const [result] = await bulkResults(scim, [postUser('u', 'ada', { title: 'the bulkId:u desk' })]);
    expect(result.status).toBe('201');
    expect((await read(scim, `/Users/${idOf(result)}`)).title).toBe('the bulkId:u desk');
  });

  it('rule 37: a self reference never creates twice (RFC 7644 3.7.1)', async () => {
    const { scim } = await server.organization();
    const reply = await bulk(scim, [postUser('a', 'narcissus', withManager('a'))]);
    expectStatus(reply, 200);
    const [result] = reply.body.Operations;
    expect(['201', '400', '409']).toContain(result.status);
    const expected = result.status === '201' ? ['narcissus'] : [];
    expect(await matching(scim, '/Users', 'userName eq "narcissus"')).toEqual(expected);
  });
});
