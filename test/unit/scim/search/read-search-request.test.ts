import { describe, expect, it } from '@jest/globals';
import type { JsonObject, JsonValue } from '../../../../src/kernel/json.js';
import { readSearchRequest } from '../../../../src/scim/search/index.js';
import { problemOf, requestOf, type Setting } from './support.js';

const schemas = ['urn:ietf:params:scim:api:messages:2.0:SearchRequest'];

const read = (body: JsonObject, setting?: Setting) => readSearchRequest(body, requestOf(setting));

describe('SearchRequest (RFC 7644 3.4.3)', () => {
  it('takes every parameter of a query', () => {
    const parameters = {
      filter: 'userName pr',
      sortBy: 'userName',
      sortOrder: 'descending',
      startIndex: 2,
      count: 10,
      attributes: ['userName', 'emails.value'],
      excludedAttributes: ['title'],
    };
    expect(read({ schemas, ...parameters }, { mode: 'strict' })).toEqual({
      ...parameters,
      cursor: undefined,
    });
  });

  it('takes names in any case and null as absent (RFC 7643 2.1, 2.5)', () => {
    expect(read({ FILTER: 'title pr', startindex: 3, Count: null })).toMatchObject({
      filter: 'title pr',
      startIndex: 3,
      count: undefined,
    });
  });

  it('keeps an empty cursor: it asks for the first page (RFC 9865 2.1)', () => {
    expect(read({ cursor: '' }).cursor).toBe('');
    expect(read({}).cursor).toBeUndefined();
  });

  it.each<[string, JsonValue]>([
    ['filter', 1],
    ['sortBy', ['userName']],
    ['sortOrder', true],
    ['startIndex', '1'],
    ['count', 1.5],
    ['count', 1e300],
    ['cursor', 5],
    ['attributes', { userName: true }],
    ['attributes', ['userName', 1]],
    ['excludedAttributes', 7],
  ])('refuses %s: %j with 400 invalidValue that names it', async (name, value) => {
    expect(await problemOf(() => read({ [name]: value }))).toEqual({
      status: 400,
      scimType: 'invalidValue',
      detail: expect.stringContaining(name),
    });
  });

  it('takes a list of attributes as text from a lenient Connection only', async () => {
    expect(read({ attributes: 'userName,title' }).attributes).toEqual(['userName', 'title']);
    expect(
      await problemOf(() => read({ schemas, attributes: 'userName' }, { mode: 'strict' })),
    ).toMatchObject({
      scimType: 'invalidValue',
    });
  });

  it('ignores unknown names and missing schemas for a lenient Connection only', async () => {
    expect(read({ limit: 5 }).count).toBeUndefined();
    expect(await problemOf(() => read({ schemas, limit: 5 }, { mode: 'strict' }))).toMatchObject({
      scimType: 'invalidSyntax',
      detail: expect.stringContaining('limit'),
    });
    expect(await problemOf(() => read({}, { mode: 'strict' }))).toMatchObject({ scimType: 'invalidSyntax' });
  });

  it('takes keys of Object.prototype for unknown names', () => {
    const body = JSON.parse('{"__proto__":{"count":1},"constructor":2}') as JsonObject;
    expect(read(body).count).toBeUndefined();
  });
});
