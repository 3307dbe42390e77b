import { LIMITS } from '../../kernel/limits.js';

/**
 * What this server supports (RFC 7643 section 5; `pagination` RFC 9865 section 4), in the numbers the code enforces.
 * @param baseUrl - `PUBLIC_URL/scim/v2`
 */
export function serviceProviderConfig(baseUrl: string): object {
  const documentationUri = `${baseUrl.replace(/\/scim\/v2$/, '')}/docs`;
  return {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig'],
    documentationUri,
    patch: { supported: true },
    bulk: { supported: true, maxOperations: LIMITS.bulkOperations, maxPayloadSize: LIMITS.bodyBytes },
    filter: { supported: true, maxResults: LIMITS.pageSize },
    changePassword: { supported: false },
    sort: { supported: true },
    etag: { supported: true },
    pagination: {
      cursor: true,
      index: true,
      defaultPaginationMethod: 'index',
      defaultPageSize: LIMITS.defaultPageSize,
      maxPageSize: LIMITS.pageSize,
      cursorTimeout: LIMITS.cursorSeconds,
    },
    authenticationSchemes: [
      {
        type: 'oauthbearertoken',
        name: 'OAuth Bearer Token',
        description: 'The token of a connection in the Authorization header.',
        specUri: 'https://www.rfc-editor.org/rfc/rfc6750',
        documentationUri,
        primary: true,
      },
      {
        type: 'httpbasic',
        name: 'HTTP Basic',
        description: 'Any user name, with the token of a connection as password.',
        specUri: 'https://www.rfc-editor.org/rfc/rfc7617',
        documentationUri,
        primary: false,
      },
    ],
    meta: { resourceType: 'ServiceProviderConfig', location: `${baseUrl}/ServiceProviderConfig` },
  };
}
