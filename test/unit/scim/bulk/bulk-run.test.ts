import { describe, expect, it } from '@jest/globals';
import { DomainError } from '../../../../src/kernel/errors.js';
import type { JsonObject } from '../../../../src/kernel/json.js';
import { BASE_URL, postUser, Recorder, resultsOf, statusesOf, taken } from './support.js';

const patchTitle: JsonObject = { Operations: [{ op: 'replace', path: 'title', value: 'x' }] };

const refuseUser = (name: string, error: () => Error = taken): Recorder =>
  new Recorder(({ body }) => (body?.['userName'] === name ? error() : undefined));

describe('running a Bulk request (RFC 7644 3.7)', () => {
  it('hands each operation to its resource type, with its version as If-Match (RFC 7644 3.7, 3.14)', async () => {
    const recorder = new Recorder();
    const results = await resultsOf(
      [
        postUser('a'),
        { method: 'PUT', path: '/Groups/g1', version: 'W/"7"', data: { displayName: 'G' } },
        { method: 'PATCH', path: '/Users/u1', bulkId: 'p', data: patchTitle },
        { method: 'DELETE', path: '/Roles/r1/', version: 'W/"8"' },
      ],
      { recorder },
    );
    expect(recorder.calls.map(({ verb, path, ifMatch }) => [verb, path, ifMatch])).toEqual([
      ['create', '/Users', undefined],
      ['replace', '/Groups/g1', 'W/"7"'],
      ['patch', '/Users/u1', undefined],
      ['remove', '/Roles/r1', 'W/"8"'],
    ]);
    expect(results).toEqual([
      { method: 'POST', bulkId: 'a', location: `${BASE_URL}/Users/id-1`, version: 'W/"1"', status: '201' },
      { method: 'PUT', location: `${BASE_URL}/Groups/g1`, version: 'W/"1"', status: '200' },
      { method: 'PATCH', bulkId: 'p', location: `${BASE_URL}/Users/u1`, version: 'W/"2"', status: '200' },
      { method: 'DELETE', location: `${BASE_URL}/Roles/r1`, status: '204' },
    ]);
  });

  it('answers an error with the Error body; with the location except for a POST (RFC 7644 3.7.3)', async () => {
    const recorder = new Recorder(() => taken());
    const [post, remove] = await resultsOf([postUser('a'), { method: 'DELETE', path: '/Users/u1' }], {
      recorder,
    });
    expect(post).toEqual({
      method: 'POST',
      bulkId: 'a',
      status: '409',
      response: {
        schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
        status: '409',
        scimType: 'uniqueness',
        detail: expect.any(String),
      },
    });
    expect(remove).toMatchObject({ location: `${BASE_URL}/Users/u1`, status: '409' });
  });

  it.each([
    [1, ['201', '409']],
    [2, ['201', '409', '201', '409']],
    [3, ['201', '409', '201', '409', '201']],
  ])(
    'stops after failOnErrors %d and answers what it processed (RFC 7644 3.7.3)',
    async (limit, expected) => {
      const recorder = new Recorder(({ body }) => (body?.['title'] === 'bad' ? taken() : undefined));
      const titles = ['good', 'bad', 'good', 'bad', 'good'];
      const operations = titles.map((title, index) => postUser(`u${index}`, { title }));
      const results = await resultsOf(operations, { recorder, failOnErrors: limit });
      expect(statusesOf(results)).toEqual(expected);
      expect(recorder.calls).toHaveLength(expected.length);
    },
  );

  it('tells an unknown error as a 500 and goes on', async () => {
    const recorder = refuseUser('broken', () => new TypeError('x is undefined'));
    const results = await resultsOf([postUser('broken'), postUser('fine')], { recorder });
    expect(statusesOf(results)).toEqual(['500', '201']);
    expect(JSON.stringify(results)).not.toContain('x is undefined');
  });

  it('gives the request up when the database is away', async () => {
    const recorder = refuseUser('b', () => new DomainError('database.unavailable'));
    const operations = [postUser('a'), postUser('b'), postUser('c')];
    await expect(resultsOf(operations, { recorder })).rejects.toMatchObject({ code: 'database.unavailable' });
    expect(recorder.calls).toHaveLength(2);
  });

  it('starts an operation only when the one before it is done (RFC 7644 3.7)', async () => {
    const recorder = new Recorder();
    const names = Array.from({ length: 20 }, (_, index) => `u${index}`);
    await resultsOf(
      names.map((name) => postUser(name)),
      { recorder },
    );
    expect(recorder.calls.map(({ body }) => body?.['userName'])).toEqual(names);
  });
});
