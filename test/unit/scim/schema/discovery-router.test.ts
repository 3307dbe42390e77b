import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import express, { type ErrorRequestHandler } from 'express';
import { listen, type RunningServer } from '../../../../src/http/server.js';
import { ScimError } from '../../../../src/scim/errors.js';
import { createDiscoveryRouter } from '../../../../src/scim/schema/index.js';
import type { Reply } from '../../../support/scim-client.js';

/** Any JSON, to be asserted on. */
type Document = Reply['body'];

const BASE_URL = 'https://id.example.com/scim/v2';
const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
const LISTS = ['/Schemas', '/ResourceTypes'];
const DOCUMENTS = ['/ServiceProviderConfig', ...LISTS, `/Schemas/${USER}`, '/ResourceTypes/User'];

let server: RunningServer;
beforeAll(async () => {
  const sendProblem: ErrorRequestHandler = (error, _request, response, next) => {
    if (!(error instanceof ScimError)) next(error);
    else response.status(error.problem.status).set(error.headers).json(error.problem);
  };
  const app = express();
  app.use(['/scim/v2', '/scim'], createDiscoveryRouter(BASE_URL), (_, response) => {
    response.status(418).send('passed on');
  });
  app.use(sendProblem);
  server = await listen(app, { host: '127.0.0.1', port: 0 });
});
afterAll(() => server.close(0));

const send = (method: string, path: string, prefix = '/scim/v2'): Promise<Response> =>
  fetch(`http://127.0.0.1:${server.port}${prefix}${path}`, { method });
const get = async (path: string, prefix?: string): Promise<Document> =>
  (await send('GET', path, prefix)).json();

describe('reading discovery (RFC 7644 4)', () => {
  it.each(DOCUMENTS)('%s is application/scim+json (RFC 7644 3.1)', async (path) => {
    const response = await send('GET', path);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/scim+json; charset=utf-8');
    expect((await response.json()).schemas).toHaveLength(1);
  });

  it.each(DOCUMENTS)('HEAD %s has the headers of GET and no body (RFC 9110 9.3.2)', async (path) => {
    const [head, body] = [await send('HEAD', path), await (await send('GET', path)).text()];
    expect(head.headers.get('content-type')).toBe('application/scim+json; charset=utf-8');
    expect(head.headers.get('content-length')).toBe(String(Buffer.byteLength(body)));
    expect(await head.text()).toBe('');
  });

  it.each(DOCUMENTS)('%s is the same under the alias, with locations under /scim/v2', async (path) => {
    const document = await get(path);
    expect(await get(path, '/scim')).toEqual(document);
    for (const { meta } of document.Resources ?? [document]) expect(meta.location).toMatch(`${BASE_URL}/`);
  });

  it('takes URNs and ids of resource types in any case, escaped or not', async () => {
    for (const id of [USER.toUpperCase(), encodeURIComponent(USER)])
      expect((await get(`/Schemas/${id}`)).id).toBe(USER);
    for (const id of ['user', 'USER']) expect((await get(`/ResourceTypes/${id}`)).id).toBe('User');
  });

  it.each(DOCUMENTS)('%s ignores paging, sorting and projection', async (path) => {
    for (const query of [
      'startIndex=3&count=1',
      'count=0&cursor',
      'sortBy=name&attributes=&excludedAttributes=((',
    ])
      expect(await get(`${path}?${query}`)).toEqual(await get(path));
  });

  it.each([
    '/Schemas/urn:example:none',
    '/Schemas/User',
    '/Schemas/__proto__',
    `/Schemas/${'%5C'.repeat(200)}`,
    '/ResourceTypes/Nothing',
    '/ResourceTypes/constructor',
    `/ResourceTypes/${USER}`,
  ])('%s is 404', async (path) => {
    expect((await send('GET', path)).status).toBe(404);
  });
});

describe('guards of discovery (RFC 7644 4)', () => {
  it.each(DOCUMENTS)('a filter on %s is 403, even an empty one', async (path) => {
    for (const query of ['filter=id%20eq%20%22User%22', 'count=1&filter=', 'Filter=id%20pr'])
      expect((await send('GET', `${path}?${query}`)).status).toBe(403);
  });

  it.each([...DOCUMENTS, '/Schemas/urn:example:none'])(
    'a write on %s is 405 with Allow (RFC 9110 15.5.6)',
    async (path) => {
      for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
        const response = await send(method, path);
        expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
      }
    },
  );

  it.each([
    '/Users',
    '/Groups/1',
    '/Roles',
    '/Me',
    '/Bulk',
    '/.search',
    '/',
    '/Schemas/a/b',
    '/ServiceProviderConfig/x',
  ])('%s is not its business', async (path) => {
    for (const method of ['GET', 'POST']) expect((await send(method, path)).status).toBe(418);
  });
});
