import { describe, expect, it } from '@jest/globals';
import type { JsonObject, JsonValue } from '../../../../src/kernel/json.js';
import { LIMITS } from '../../../../src/kernel/limits.js';
import { postUser, problemOf, Recorder, resultsOf } from './support.js';

describe('a Bulk request as a whole (RFC 7644 3.7)', () => {
  it.each<[string, JsonObject, string]>([
    ['no Operations', {}, 'invalidSyntax'],
    ['Operations that are no array', { Operations: {} }, 'invalidSyntax'],
    ['an operation that is no object', { Operations: ['POST'] }, 'invalidSyntax'],
    ['an operation without method', { Operations: [{ path: '/Users' }] }, 'invalidSyntax'],
    ['schemas that are no list', { schemas: 'x', Operations: [] }, 'invalidSyntax'],
    ['failOnErrors 0', { failOnErrors: 0, Operations: [] }, 'invalidValue'],
    ['failOnErrors with a fraction', { failOnErrors: 1.5, Operations: [] }, 'invalidValue'],
    ['failOnErrors as text', { failOnErrors: '1', Operations: [] }, 'invalidValue'],
    ['a POST without bulkId', { Operations: [{ method: 'POST', path: '/Users', data: {} }] }, 'invalidValue'],
    [
      'a POST with an empty bulkId',
      { Operations: [{ method: 'post', path: '/Users', bulkId: '', data: {} }] },
      'invalidValue',
    ],
    [
      'a bulkId that is no string',
      { Operations: [{ method: 'DELETE', path: '/Users/1', bulkId: 7 }] },
      'invalidValue',
    ],
    ['the same bulkId twice', { Operations: [postUser('a'), postUser('a')] }, 'invalidValue'],
  ])('refuses %s with 400, doing nothing', async (_what, body, scimType) => {
    const recorder = new Recorder();
    expect(await problemOf(body, { recorder })).toMatchObject({ status: 400, scimType });
    expect(recorder.calls).toEqual([]);
  });

  it('refuses one operation too many with 413 and the limits, doing nothing (RFC 7644 3.7.4)', async () => {
    const recorder = new Recorder();
    const operations = Array.from({ length: LIMITS.bulkOperations + 1 }, (_, index) => postUser(`u${index}`));
    expect(await problemOf({ Operations: operations }, { recorder })).toMatchObject({
      status: 413,
      detail: expect.stringMatching(new RegExp(`${LIMITS.bulkOperations}.*${LIMITS.bodyBytes}`)),
    });
    expect(recorder.calls).toEqual([]);
  });

  it('needs the BulkRequest URN of a strict Connection only (RFC 7643 3)', async () => {
    expect(await problemOf({ Operations: [] })).toMatchObject({ Operations: [] });
    expect(await problemOf({ Operations: [] }, { mode: 'strict' })).toMatchObject({
      scimType: 'invalidSyntax',
    });
    const schemas = ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'];
    expect(await problemOf({ schemas, Operations: [] }, { mode: 'strict' })).toEqual({
      schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkResponse'],
      Operations: [],
    });
  });

  it('takes names and methods in any case (RFC 7643 2.1)', async () => {
    const operation = { METHOD: 'post', Path: '/Users', BULKID: 'a', Data: { userName: 'a' } };
    expect(await problemOf({ OPERATIONS: [operation], FAILONERRORS: 1 })).toMatchObject({
      Operations: [{ method: 'POST', bulkId: 'a', status: '201' }],
    });
  });
});

describe('one operation of a Bulk request (RFC 7644 3.7)', () => {
  it.each<[string, JsonValue, string]>([
    ['GET', { method: 'GET', path: '/Users/1' }, '405'],
    ['no path', { method: 'DELETE' }, '400'],
    ['an unknown endpoint', { method: 'DELETE', path: '/Devices/1' }, '404'],
    ['a Bulk in a Bulk', { ...postUser('x'), path: '/Bulk' }, '404'],
    ['a search at the root', { ...postUser('x'), path: '/.search' }, '404'],
    ['a search of a type', { ...postUser('x'), path: '/Users/.search' }, '405'],
    ['a key of Object.prototype as endpoint', { method: 'DELETE', path: '/__proto__/1' }, '404'],
    ['POST to a resource', { ...postUser('x'), path: '/Users/1' }, '405'],
    ['PUT to a type', { method: 'PUT', path: '/Users/', data: {} }, '405'],
    ['PUT without data', { method: 'PUT', path: '/Users/1' }, '400'],
    ['PATCH with a bare list', { method: 'PATCH', path: '/Users/1', data: [] }, '400'],
    ['a version that is no text', { method: 'DELETE', path: '/Users/1', version: 1 }, '400'],
  ])('answers %s with an error of its own, and does the others', async (_what, operation, status) => {
    const recorder = new Recorder();
    const results = await resultsOf([operation, postUser('good')], { recorder });
    expect(results.map((result) => result['status'])).toEqual([status, '201']);
    expect(results[0]).toMatchObject({ response: { status, detail: expect.any(String) } });
    expect(recorder.calls).toHaveLength(1);
  });
});
