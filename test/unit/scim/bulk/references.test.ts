import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../../../src/kernel/json.js';
import { managedBy, postGroup, postUser, Recorder, resultsOf, statusesOf, taken } from './support.js';

const run = async (
  operations: readonly JsonObject[],
  recorder = new Recorder(),
): Promise<{ statuses: readonly unknown[]; bodies: readonly unknown[]; paths: readonly string[] }> => {
  const results = await resultsOf(operations, { recorder });
  return {
    statuses: statusesOf(results),
    bodies: recorder.calls.map(({ body }) => body),
    paths: recorder.calls.map(({ path }) => path),
  };
};

describe('bulkId references (RFC 7644 3.7.2)', () => {
  it('puts the id in the place of a reference, wherever it stands', async () => {
    const { bodies, paths } = await run([
      postUser('u'),
      postUser('v', { manager: 'bulkId:u', emails: [{ value: 'v@ex' }] }),
      postUser('w', managedBy('u')),
      postGroup('g', ['bulkId:u', 'other', 'bulkId:v']),
      {
        method: 'PATCH',
        path: '/Groups/g1',
        data: {
          Operations: [{ op: 'add', path: 'members', value: [{ $ref: 'bulkId:u', value: 'bulkId:u' }] }],
        },
      },
      { method: 'DELETE', path: '/Users/bulkId:v' },
    ]);
    expect(bodies.slice(1, 5)).toEqual([
      { userName: 'v', manager: 'id-1', emails: [{ value: 'v@ex' }] },
      { userName: 'w', ...JSON.parse(JSON.stringify(managedBy('u')).replace('bulkId:u', 'id-1')) },
      { displayName: 'g', members: [{ value: 'id-1' }, { value: 'other' }, { value: 'id-2' }] },
      { Operations: [{ op: 'add', path: 'members', value: [{ $ref: 'id-1', value: 'id-1' }] }] },
    ]);
    expect(paths[5]).toBe('/Users/id-2');
  });

  it('leaves text alone that only has bulkId: in it', async () => {
    const data = { title: 'the bulkId:u desk', nickName: ' bulkId:u', profileUrl: 'https://x/bulkId:u' };
    const { statuses, bodies } = await run([postUser('a', data)]);
    expect(statuses).toEqual(['201']);
    expect(bodies).toEqual([{ userName: 'a', ...data }]);
  });

  it('does a POST before what refers to it, and answers in the order of the request', async () => {
    const recorder = new Recorder();
    const results = await resultsOf(
      [postGroup('g', ['bulkId:u', 'bulkId:v']), postUser('u', managedBy('v')), postUser('v'), postUser('w')],
      { recorder },
    );
    expect(recorder.calls.map(({ body }) => body?.['userName'] ?? body?.['displayName'])).toEqual([
      'v',
      'u',
      'g',
      'w',
    ]);
    expect(results.map(({ bulkId }) => bulkId)).toEqual(['g', 'u', 'v', 'w']);
  });

  it('fails only the operation whose reference names no POST, with 409', async () => {
    const { statuses, paths } = await run([
      postUser('u'),
      postGroup('g', ['bulkId:nobody']),
      { method: 'DELETE', path: '/Users/bulkId:nobody' },
      { method: 'DELETE', path: '/Users/u1', bulkId: 'd' },
      postGroup('h', ['bulkId:d']),
    ]);
    expect(statuses).toEqual(['201', '409', '409', '204', '409']);
    expect(paths).toEqual(['/Users', '/Users/u1']);
  });

  it('fails what depends on a failed POST, however far, without doing it', async () => {
    const recorder = new Recorder(({ body }) => (body?.['userName'] === 'u' ? taken() : undefined));
    const { statuses, paths } = await run(
      [postGroup('g', ['bulkId:v']), postUser('v', managedBy('u')), postUser('u'), postUser('w')],
      recorder,
    );
    expect(statuses).toEqual(['409', '409', '409', '201']);
    expect(paths).toEqual(['/Users', '/Users']);
  });

  it('keeps keys of Object.prototype keys, as names and as bulkIds (CVE-2026-48170)', async () => {
    const data = JSON.parse('{"__proto__":{"title":"polluted","by":"bulkId:constructor"}}') as JsonObject;
    const recorder = new Recorder();
    const results = await resultsOf(
      [
        { method: 'PUT', path: '/Users/bulkId:__proto__', data },
        postUser('__proto__'),
        postUser('constructor'),
      ],
      { recorder },
    );
    expect(statusesOf(results)).toEqual(['200', '201', '201']);
    expect(recorder.calls.map(({ path }) => path)).toEqual(['/Users', '/Users', '/Users/id-1']);
    const sent = recorder.calls[2]?.body ?? {};
    expect(Object.keys(sent)).toEqual(['__proto__']);
    expect(JSON.stringify(sent)).toBe('{"__proto__":{"title":"polluted","by":"id-2"}}');
    expect(Object.getPrototypeOf(sent)).toBe(Object.prototype);
  });

  it('takes a chain of a thousand forward references', async () => {
    const names = Array.from({ length: 1_000 }, (_, index) => `u${index}`);
    const chain = names.map((name, index) => {
      const next = names[index + 1];
      return postUser(name, next === undefined ? {} : managedBy(next));
    });
    const { statuses } = await run(chain);
    expect(new Set(statuses)).toEqual(new Set(['201']));
  });
});
