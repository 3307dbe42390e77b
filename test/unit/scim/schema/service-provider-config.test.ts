import { describe, expect, it } from '@jest/globals';
import { LIMITS } from '../../../../src/kernel/limits.js';
import { serviceProviderConfig } from '../../../../src/scim/schema/service-provider-config.js';
import type { Reply } from '../../../support/scim-client.js';

/** Any JSON, to be asserted on. */
type Document = Reply['body'];

const config = serviceProviderConfig('https://id.example.com/rollcall/scim/v2') as Document;

describe('ServiceProviderConfig (RFC 7643 5)', () => {
  it('advertises the limits that the code enforces', () => {
    expect(config.bulk).toEqual({
      supported: true,
      maxOperations: LIMITS.bulkOperations,
      maxPayloadSize: LIMITS.bodyBytes,
    });
    expect(config.filter).toEqual({ supported: true, maxResults: LIMITS.pageSize });
  });

  it('advertises cursor paging beside index paging, index being the default (RFC 9865 4)', () => {
    expect(config.pagination).toEqual({
      cursor: true,
      index: true,
      defaultPaginationMethod: 'index',
      defaultPageSize: LIMITS.defaultPageSize,
      maxPageSize: LIMITS.pageSize,
      cursorTimeout: LIMITS.cursorSeconds,
    });
  });

  it('says which features there are', () => {
    for (const feature of ['patch', 'sort', 'etag']) expect(config[feature]).toEqual({ supported: true });
    expect(config.changePassword).toEqual({ supported: false });
  });

  it('prefers bearer tokens over Basic and describes both', () => {
    expect(config.authenticationSchemes.map(({ type, primary }: Document) => [type, primary])).toEqual([
      ['oauthbearertoken', true],
      ['httpbasic', false],
    ]);
    for (const { name, description } of config.authenticationSchemes)
      expect([name, description]).toEqual([expect.stringMatching(/\S/), expect.stringMatching(/\S/)]);
  });

  it('places itself under the SCIM base URL and the documentation under the public URL', () => {
    expect(config.meta).toEqual({
      resourceType: 'ServiceProviderConfig',
      location: 'https://id.example.com/rollcall/scim/v2/ServiceProviderConfig',
    });
    expect(config.documentationUri).toBe('https://id.example.com/rollcall/docs');
  });
});
