import { describe, expect, it } from '@jest/globals';
import {
  RESOURCE_TYPES,
  type Attribute,
  type ResourceSchema,
} from '../../../../src/directory/schema/index.js';
import { documentKey, renderDiscoveryDocuments } from '../../../../src/scim/schema/discovery-documents.js';
import type { Reply } from '../../../support/scim-client.js';

/** Any JSON, to be asserted on. */
type Document = Reply['body'];

const BASE_URL = 'https://id.example.com/scim/v2';
const documents = await renderDiscoveryDocuments(BASE_URL);
const read = (endpoint: string, id?: string): Document =>
  JSON.parse(documents.get(documentKey(endpoint, id))!);

const SCHEMAS = RESOURCE_TYPES.flatMap(({ schema, extensions }) => [schema, ...extensions]);

/** What a client understands: characteristics that are absent have the defaults of RFC 7643 section 2.2. */
function understand(published: Document): unknown {
  return {
    caseExact: false,
    uniqueness: 'none',
    subAttributes: [],
    ...published,
    ...subAttributesOf(published),
  };
}
const subAttributesOf = ({ subAttributes }: Document): object =>
  subAttributes ? { subAttributes: subAttributes.map(understand) } : {};

/** The characteristics RFC 7643 section 7 knows; whether a set of values is closed is not one of them. */
const characteristicsOf = ({
  isClosedSet: _,
  maxLength: __,
  subAttributesByName: ___,
  subAttributes,
  ...attribute
}: Attribute): unknown => ({
  ...attribute,
  subAttributes: subAttributes.map(characteristicsOf),
});

describe('Schemas (RFC 7643 7)', () => {
  it.each(SCHEMAS.map((schema): [string, ResourceSchema] => [schema.id, schema]))(
    'publishes %s exactly as the catalogue has it',
    (id, { name, description, attributes }) => {
      const { attributes: published, ...document } = read('/Schemas', id);
      expect(document).toEqual({
        schemas: ['urn:ietf:params:scim:schemas:core:2.0:Schema'],
        id,
        name,
        description,
        meta: { resourceType: 'Schema', location: `${BASE_URL}/Schemas/${id}` },
      });
      expect(published.map(understand)).toEqual(attributes.map(characteristicsOf));
    },
  );

  it('writes userName as in the example of RFC 7643 8.7.1', () => {
    const { attributes } = read('/Schemas', 'urn:ietf:params:scim:schemas:core:2.0:User');
    expect(attributes[0]).toEqual({
      name: 'userName',
      type: 'string',
      multiValued: false,
      description: expect.any(String),
      required: true,
      caseExact: false,
      mutability: 'readWrite',
      returned: 'default',
      uniqueness: 'server',
    });
  });

  it('leaves common attributes out of every schema (RFC 7643 3.1, 8.7.1)', () => {
    for (const { attributes } of read('/Schemas').Resources)
      for (const { name } of attributes) expect(['id', 'externalId', 'meta', 'schemas']).not.toContain(name);
  });

  it('has canonicalValues where the catalogue has some, and nowhere else (RFC 7643 7)', () => {
    const { attributes } = read('/Schemas', 'urn:ietf:params:scim:schemas:core:2.0:User');
    const typeOf = (name: string): Document =>
      attributes
        .find((attribute: Document) => attribute.name === name)
        .subAttributes.find((sub: Document) => sub.name === 'type');
    expect(typeOf('emails').canonicalValues).toEqual(['work', 'home', 'other']);
    expect(typeOf('roles')).not.toHaveProperty('canonicalValues');
  });
});

describe('ResourceTypes (RFC 7643 6)', () => {
  it.each(RESOURCE_TYPES.map((type) => [type.name, type] as const))(
    'publishes %s exactly as the catalogue has it; no extension is required',
    (name, { endpoint, description, schema, extensions }) => {
      expect(read('/ResourceTypes', name)).toEqual({
        schemas: ['urn:ietf:params:scim:schemas:core:2.0:ResourceType'],
        id: name,
        name,
        endpoint,
        description,
        schema: schema.id,
        ...(extensions.length > 0
          ? { schemaExtensions: extensions.map(({ id }) => ({ schema: id, required: false })) }
          : {}),
        meta: { resourceType: 'ResourceType', location: `${BASE_URL}/ResourceTypes/${name}` },
      });
    },
  );
});

describe('lists (RFC 7644 3.4.2, 4)', () => {
  it.each([
    ['/Schemas', SCHEMAS.map(({ id }) => id)],
    ['/ResourceTypes', ['User', 'Group', 'Role']],
  ])('%s holds every resource on one page, each as it is by id', (endpoint, ids) => {
    const { Resources, ...list } = read(endpoint);
    expect(list).toEqual({
      schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
      totalResults: ids.length,
      startIndex: 1,
      itemsPerPage: ids.length,
    });
    expect(Resources.map((resource: Document) => resource.id).sort()).toEqual([...ids].sort());
    for (const resource of Resources) expect(resource).toEqual(read(endpoint, resource.id));
  });

  it('keeps the addresses of two servers in one process apart', async () => {
    const bases = ['https://a.example.com/scim/v2', 'https://b.example.com/id/scim/v2'];
    const rendered = await Promise.all(bases.map(renderDiscoveryDocuments));
    for (const [index, base] of bases.entries())
      for (const text of rendered[index]!.values()) {
        const locations = [...text.matchAll(/"location":"(?<location>[^"]+)"/g)].map(
          (each) => each.groups!['location'],
        );
        expect(locations.length).toBeGreaterThan(0);
        for (const location of locations) expect(location).toMatch(new RegExp(`^${base}/`));
      }
  });
});
