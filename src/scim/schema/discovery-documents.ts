import { askScimmy, type DiscoveryResource } from './ask-scimmy.js';
import { serviceProviderConfig } from './service-provider-config.js';

const LIST_RESPONSE = 'urn:ietf:params:scim:api:messages:2.0:ListResponse';

/** Documents as JSON text, by their path below the SCIM base URL in lower case (`/resourcetypes/user`). */
type DiscoveryDocuments = ReadonlyMap<string, string>;

/** Key of a document; clients may write URNs and names of resource types in any case. */
export const documentKey = (endpoint: string, id?: string): string =>
  (id === undefined ? endpoint : `${endpoint}/${id}`).toLowerCase();

/**
 * Renders every discovery document (RFC 7644 section 4): the lists, each of their resources, ServiceProviderConfig.
 * @param baseUrl - `PUBLIC_URL/scim/v2`; all locations start with it
 */
export async function renderDiscoveryDocuments(baseUrl: string): Promise<DiscoveryDocuments> {
  const documents = new Map<string, string>();
  documents.set(documentKey('/ServiceProviderConfig'), JSON.stringify(serviceProviderConfig(baseUrl)));
  for (const endpoint of ['/Schemas', '/ResourceTypes'] as const) {
    const resources = (await askScimmy(endpoint)).map((resource) => placeUnder(baseUrl, resource));
    documents.set(documentKey(endpoint), JSON.stringify(listResponse(resources)));
    for (const resource of resources)
      documents.set(documentKey(endpoint, resource.id), JSON.stringify(resource));
  }
  return documents;
}

const placeUnder = (baseUrl: string, resource: DiscoveryResource): DiscoveryResource => ({
  ...resource,
  meta: { ...resource.meta, location: baseUrl + resource.meta.location },
});

/** Everything on one page: discovery ignores paging (RFC 7644 section 4). */
const listResponse = (resources: readonly DiscoveryResource[]): object => ({
  schemas: [LIST_RESPONSE],
  totalResults: resources.length,
  startIndex: 1,
  itemsPerPage: resources.length,
  Resources: resources,
});
