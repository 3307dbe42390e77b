import { describe, expect, it } from '@jest/globals';
import type { ScimClient } from '../../support/scim-client.js';
import { expectError, expectStatus } from './support/assertions.js';
import { bulk, bulkResults, postUser } from './support/bulk.js';
import { matching, read, withQuery, type Resource } from './support/resources.js';
import { BULK_REQUEST, USER } from './support/urns.js';
import { useServer } from './support/use-server.js';

const server = useServer();

interface AdvertisedLimits {
  readonly bulk: { readonly maxOperations: number; readonly maxPayloadSize: number };
  readonly filter: { readonly maxResults: number };
  readonly pagination: { readonly maxPageSize: number; readonly defaultPageSize: number };
}

const advertised = (scim: ScimClient): Promise<AdvertisedLimits> => read(scim, '/ServiceProviderConfig');

describe('the limits of ServiceProviderConfig are enforced (RFC 7644 3.7.4, 3.4.2.4)', () => {
  it('rule 37: more than bulk.maxOperations is 413 naming the limit, before anything is executed (RFC 7644 3.7.4)', async () => {
    const { scim } = await server.organization();
    const { bulk: limits } = await advertised(scim);
    const operations = Array.from({ length: limits.maxOperations + 1 }, (_, index) =>
      postUser(`b${index}`, `over-${index}`),
    );
    const reply = await bulk(scim, operations);
    expectError(reply, 413);
    expect(reply.body.detail.replaceAll(/[,_.\s]/g, '')).toContain(String(limits.maxOperations));
    expect(await matching(scim, '/Users', 'userName sw "over-"')).toEqual([]);
  });

  it('rule 37: more than bulk.maxPayloadSize is 413 naming the limit, before anything is executed (RFC 7644 3.7.4)', async () => {
    const { scim } = await server.organization();
    const { bulk: limits } = await advertised(scim);
    const body = JSON.stringify({ schemas: [BULK_REQUEST], Operations: [postUser('a', 'over')] });
    const raw = body + ' '.repeat(limits.maxPayloadSize - body.length + 1);
    const headers = { 'Content-Type': 'application/scim+json' };
    const reply = await scim.request('POST', '/Bulk', { raw, headers });
    expectError(reply, 413);
    expect(reply.body.detail.replaceAll(/[,_.\s]/g, '')).toContain(String(limits.maxPayloadSize));
    expect(await matching(scim, '/Users', 'userName eq "over"')).toEqual([]);
    expectStatus(await scim.request('POST', '/Bulk', { raw: raw.slice(0, -1), headers }), 200);
  });

  it('rule 39: any other body over the limit is 413 as a SCIM error (RFC 7644 3.12)', async () => {
    const { scim } = await server.organization();
    const { bulk: limits } = await advertised(scim);
    const json = { schemas: [USER], userName: 'over', title: 'x'.repeat(limits.maxPayloadSize) };
    expectError(await scim.post('/Users', json), 413);
    expect(await matching(scim, '/Users', 'userName eq "over"')).toEqual([]);
  });

  it('rule 16: no page is longer than filter.maxResults and pagination.maxPageSize (RFC 7643 5, RFC 9865 4)', async () => {
    const { scim } = await server.organization();
    const { bulk: limits, filter, pagination } = await advertised(scim);
    const longest = Math.min(filter.maxResults, pagination.maxPageSize);
    const wanted = longest + 1;
    const operations = Array.from({ length: wanted }, (_, index) => postUser(`b${index}`, `many-${index}`));
    for (let start = 0; start < wanted; start += limits.maxOperations) {
      const results: Resource[] = await bulkResults(
        scim,
        operations.slice(start, start + limits.maxOperations),
      );
      expect(new Set(results.map((result) => result.status))).toEqual(new Set(['201']));
    }
    const parameters = { filter: 'userName sw "many-"', attributes: 'userName' };
    const byIndex = await read(scim, withQuery('/Users', { ...parameters, count: wanted }));
    expect(byIndex).toMatchObject({ totalResults: wanted, itemsPerPage: longest });
    expect(byIndex.Resources).toHaveLength(longest);
    const byDefault = await read(scim, withQuery('/Users', parameters));
    expect(byDefault.itemsPerPage).toBe(pagination.defaultPageSize);
    const byCursor = await read(scim, withQuery('/Users', { ...parameters, cursor: '', count: longest }));
    expect(byCursor.Resources).toHaveLength(longest);
    const rest = await read(
      scim,
      withQuery('/Users', { ...parameters, cursor: byCursor.nextCursor, count: longest }),
    );
    expect(rest.Resources).toHaveLength(1);
    expect(rest.nextCursor).toBeUndefined();
  }, 120_000);
});
