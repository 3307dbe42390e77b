import { describe, expect, it } from '@jest/globals';
import { expectError, expectStatus, mediaType } from './support/assertions.js';
import { read, withQuery, type Resource } from './support/resources.js';
import { ENTERPRISE, GROUP, LIST_RESPONSE, ROLE, ROLLCALL, USER } from './support/urns.js';
import { useServer } from './support/use-server.js';

const server = useServer();
const DOCUMENTS = ['/ServiceProviderConfig', '/Schemas', '/ResourceTypes'] as const;

describe('ServiceProviderConfig (RFC 7643 5, RFC 9865 4)', () => {
  it('advertises every supported feature with positive limits (product decision)', async () => {
    const { scim } = await server.organization();
    const config = await read(scim, '/ServiceProviderConfig');
    expect(config).toMatchObject({
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig'],
      patch: { supported: true },
      bulk: { supported: true },
      filter: { supported: true },
      sort: { supported: true },
      etag: { supported: true },
      changePassword: { supported: false },
      pagination: { cursor: true, index: true, defaultPaginationMethod: 'index' },
      meta: {
        resourceType: 'ServiceProviderConfig',
        location: `${server.baseUrl}/scim/v2/ServiceProviderConfig`,
      },
    });
    const { bulk, filter, pagination } = config;
    for (const limit of [
      bulk.maxOperations,
      bulk.maxPayloadSize,
      filter.maxResults,
      pagination.defaultPageSize,
      pagination.maxPageSize,
      pagination.cursorTimeout,
    ]) {
      expect(Number.isInteger(limit)).toBe(true);
      expect(limit).toBeGreaterThan(0);
    }
    expect(pagination.defaultPageSize).toBeLessThanOrEqual(pagination.maxPageSize);
  });

  it('advertises bearer tokens and Basic, each fully described (RFC 7643 5)', async () => {
    const { scim } = await server.organization();
    const { authenticationSchemes } = await read(scim, '/ServiceProviderConfig');
    const types = authenticationSchemes.map((scheme: Resource) => scheme.type);
    expect(types).toEqual(expect.arrayContaining(['oauthbearertoken', 'httpbasic']));
    for (const scheme of authenticationSchemes) {
      expect(scheme.name).toEqual(expect.stringMatching(/\S/));
      expect(scheme.description).toEqual(expect.stringMatching(/\S/));
    }
  });
});

describe('rule 38: Schemas (RFC 7643 7)', () => {
  it('rule 38: is a ListResponse with every schema of the product (RFC 7644 4)', async () => {
    const { scim } = await server.organization();
    const body = await read(scim, '/Schemas');
    expect(body.schemas).toEqual([LIST_RESPONSE]);
    expect(body.Resources).toHaveLength(body.totalResults);
    const ids = body.Resources.map((schema: Resource) => schema.id);
    expect(ids).toEqual(expect.arrayContaining([USER, ENTERPRISE, ROLLCALL, GROUP, ROLE]));
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('rule 38: each by its URN, in any case (RFC 7644 4)', async () => {
    const { scim } = await server.organization();
    for (const urn of [USER, ENTERPRISE, ROLLCALL, GROUP, ROLE]) {
      const schema = await read(scim, `/Schemas/${urn}`);
      expect(schema.id).toBe(urn);
      expect(schema.meta).toMatchObject({
        resourceType: 'Schema',
        location: `${server.baseUrl}/scim/v2/Schemas/${urn}`,
      });
      expect(await read(scim, `/Schemas/${urn.toUpperCase()}`)).toEqual(schema);
      expect(await read(scim, `/Schemas/${encodeURIComponent(urn)}`)).toEqual(schema);
    }
    expectError(await scim.get('/Schemas/urn:example:none'), 404);
  });

  it('rule 38: every attribute has all characteristics; sub-attributes are never complex (RFC 7643 7, erratum 8415)', async () => {
    const { scim } = await server.organization();
    const { Resources } = await read(scim, '/Schemas');
    const incomplete: string[] = [];
    const check = (attribute: Resource, path: string, isSub: boolean): void => {
      const wanted = ['name', 'type', 'multiValued', 'description', 'required', 'mutability', 'returned'];
      if (attribute.type === 'string') wanted.push('caseExact', 'uniqueness');
      if (attribute.type === 'complex' && isSub) incomplete.push(`${path} is complex`);
      for (const key of wanted) if (attribute[key] === undefined) incomplete.push(`${path} has no ${key}`);
      if (attribute.type === 'reference' && !attribute.referenceTypes)
        incomplete.push(`${path} has no referenceTypes`);
      for (const sub of attribute.subAttributes ?? []) check(sub, `${path}.${sub.name}`, true);
    };
    for (const schema of Resources)
      for (const attribute of schema.attributes) check(attribute, `${schema.id}:${attribute.name}`, false);
    expect(incomplete).toEqual([]);
  });

  it('rule 38: verified errata and characteristics of the RFC hold (errata 5368 and 8472)', async () => {
    const { scim } = await server.organization();
    const attribute = async (urn: string, name: string): Promise<Resource> =>
      (await read(scim, `/Schemas/${urn}`)).attributes.find((each: Resource) => each.name === name);
    expect(await attribute(USER, 'userName')).toMatchObject({
      required: true,
      caseExact: false,
      uniqueness: 'server',
    });
    expect(await attribute(USER, 'password')).toMatchObject({ mutability: 'writeOnly', returned: 'never' });
    expect(await attribute(USER, 'groups')).toMatchObject({ mutability: 'readOnly', multiValued: true });
    expect(await attribute(GROUP, 'displayName')).toMatchObject({ required: true });
    const manager = await attribute(ENTERPRISE, 'manager');
    expect(manager.subAttributes.find((sub: Resource) => sub.name === 'value')).toMatchObject({
      caseExact: true,
    });
    expect(await attribute(ROLE, 'inheritedFrom')).toMatchObject({ required: true });
  });
});

describe('rule 38: ResourceTypes (RFC 7643 6)', () => {
  it('rule 38: is a ListResponse of User, Group and Role, each by id (CyberArk, SailPoint)', async () => {
    const { scim } = await server.organization();
    const body = await read(scim, '/ResourceTypes');
    expect(body.schemas).toEqual([LIST_RESPONSE]);
    expect(body.Resources.map((type: Resource) => type.id).sort()).toEqual(['Group', 'Role', 'User']);
    for (const [id, endpoint, schema, extensions] of [
      ['User', '/Users', USER, [ENTERPRISE, ROLLCALL]],
      ['Group', '/Groups', GROUP, []],
      ['Role', '/Roles', ROLE, []],
    ] as const) {
      const type = await read(scim, `/ResourceTypes/${id}`);
      expect(type).toMatchObject({ id, name: id, endpoint, schema });
      expect(type.meta).toMatchObject({
        resourceType: 'ResourceType',
        location: `${server.baseUrl}/scim/v2/ResourceTypes/${id}`,
      });
      const listed = (type.schemaExtensions ?? []).map((each: Resource) => [each.schema, each.required]);
      expect(listed.sort()).toEqual(extensions.map((urn) => [urn, false]).sort());
    }
    expectError(await scim.get('/ResourceTypes/Nothing'), 404);
  });
});

describe('rule 38: discovery requests (RFC 7644 4)', () => {
  it.each(DOCUMENTS)('rule 38: a filter on %s is 403 (RFC 7644 4)', async (path) => {
    const { scim } = await server.organization();
    expectError(await scim.get(withQuery(path, { filter: 'name eq "User"' })), 403);
  });

  it.each(DOCUMENTS)('rule 38: paging parameters on %s are ignored (RFC 7644 4)', async (path) => {
    const { scim } = await server.organization();
    const paged = await scim.get(`${path}?startIndex=3&count=1&sortBy=name`);
    expectStatus(paged, 200);
    expect(mediaType(paged)).toBe('application/scim+json');
    expect(paged.body).toEqual(await read(scim, path));
  });

  it.each([...DOCUMENTS, `/Schemas/${USER}`, '/ResourceTypes/User'])(
    'rule 38: writes on %s are 405 (RFC 7644 4)',
    async (path) => {
      const { scim } = await server.organization();
      for (const method of ['POST', 'PUT', 'PATCH'] as const)
        expectError(await scim.request(method, path, { json: {} }), 405);
      expectError(await scim.delete(path), 405);
    },
  );
});
