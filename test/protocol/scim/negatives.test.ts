import { describe, expect, it } from '@jest/globals';
import type { TestOrganization } from '../../support/server.js';
import { ScimClient, type Reply } from '../../support/scim-client.js';
import { expectError, expectStatus } from '../../conformance/rfc/support/assertions.js';
import { postUser } from '../../conformance/rfc/support/bulk.js';
import {
  createGroup,
  createRole,
  createUser,
  read,
  type Resource,
} from '../../conformance/rfc/support/resources.js';
import {
  BULK_REQUEST,
  GROUP,
  PATCH_OP,
  ROLE,
  SEARCH_REQUEST,
  USER,
} from '../../conformance/rfc/support/urns.js';
import { useServer } from '../../conformance/rfc/support/use-server.js';

const server = useServer();

interface ItemCase {
  readonly method: 'PUT' | 'PATCH' | 'DELETE';
  readonly endpoint: '/Users' | '/Groups' | '/Roles';
  readonly create: (scim: ScimClient) => Promise<Resource>;
  readonly json?: object;
}

const patchOf = (path: string): object => ({
  schemas: [PATCH_OP],
  Operations: [{ op: 'replace', path, value: 'Changed' }],
});

const TYPES = [
  {
    endpoint: '/Users',
    create: createUser,
    put: { schemas: [USER], userName: 'changed' },
    patch: patchOf('title'),
  },
  {
    endpoint: '/Groups',
    create: createGroup,
    put: { schemas: [GROUP], displayName: 'Changed' },
    patch: patchOf('displayName'),
  },
  {
    endpoint: '/Roles',
    create: createRole,
    put: { schemas: [ROLE], name: 'Changed', inheritedFrom: 'member' },
    patch: patchOf('description'),
  },
] as const;

const ITEM_CASES: readonly ItemCase[] = TYPES.flatMap(({ endpoint, create, put, patch }) => [
  { method: 'PUT' as const, endpoint, create, json: put },
  { method: 'PATCH' as const, endpoint, create, json: patch },
  { method: 'DELETE' as const, endpoint, create },
]);

const send = (scim: ScimClient, { method, json }: ItemCase, path: string, headers = {}): Promise<Reply> =>
  scim.request(method, path, json === undefined ? { headers } : { json, headers });

interface Seeded {
  readonly organization: TestOrganization;
  readonly resource: Resource;
  readonly path: string;
}

async function seed({ endpoint, create }: ItemCase): Promise<Seeded> {
  const organization = await server.organization();
  const { id } = await create(organization.scim);
  const path = `${endpoint}/${id}`;
  return { organization, resource: await read(organization.scim, path), path };
}

function expectUnauthorized(reply: Reply): void {
  expectError(reply, 401);
  expect(reply.headers.get('www-authenticate')).toMatch(/bearer/i);
}

describe.each(ITEM_CASES)('$method $endpoint/{id}', (itemCase) => {
  it('rule 40: without credentials: 401, WWW-Authenticate, nothing applied (RFC 7644 2)', async () => {
    const { organization, resource, path } = await seed(itemCase);
    expectUnauthorized(await send(new ScimClient(organization.scim.baseUrl, undefined), itemCase, path));
    expect(await read(organization.scim, path)).toEqual(resource);
  });

  it('rule 40: with an unknown token: 401, nothing applied (RFC 6750 3.1)', async () => {
    const { organization, resource, path } = await seed(itemCase);
    expectUnauthorized(
      await send(new ScimClient(organization.scim.baseUrl, 'unknown'.repeat(8)), itemCase, path),
    );
    expect(await read(organization.scim, path)).toEqual(resource);
  });

  it('rule 40: with the id of another organization: 404, nothing applied (RFC 7644 7.5)', async () => {
    const { organization, resource, path } = await seed(itemCase);
    const stranger = await server.organization();
    const foreign = await send(stranger.scim, itemCase, path);
    expectError(foreign, 404);
    expectError(await send(stranger.scim, itemCase, path, { 'If-Match': resource.meta.version }), 404);
    expect(foreign.text).not.toContain(organization.id);
    expect(await read(organization.scim, path)).toEqual(resource);
  });

  it('rule 34: with a stale If-Match: 412, nothing applied (RFC 7644 3.14)', async () => {
    const { organization, resource, path } = await seed(itemCase);
    expectError(await send(organization.scim, itemCase, path, { 'If-Match': 'W/"stale"' }), 412);
    expect(await read(organization.scim, path)).toEqual(resource);
  });

  if (itemCase.method !== 'DELETE')
    it('rule 39: with a malformed body: 400 invalidSyntax, nothing applied (RFC 7644 3.12)', async () => {
      const { organization, resource, path } = await seed(itemCase);
      const headers = { 'Content-Type': 'application/scim+json' };
      const reply = await organization.scim.request(itemCase.method, path, { raw: '{"schemas":[', headers });
      expectError(reply, 400, 'invalidSyntax');
      expect(await read(organization.scim, path)).toEqual(resource);
    });
});

const COLLECTION_CASES = [
  { path: '/Users', json: { schemas: [USER], userName: 'planted' } },
  { path: '/Groups', json: { schemas: [GROUP], displayName: 'planted' } },
  { path: '/Roles', json: { schemas: [ROLE], name: 'planted', inheritedFrom: 'viewer' } },
  { path: '/Bulk', json: { schemas: [BULK_REQUEST], Operations: [postUser('a', 'planted')] } },
] as const;

async function countPlanted(scim: ScimClient): Promise<number> {
  let count = 0;
  for (const [endpoint, attribute] of [
    ['/Users', 'userName'],
    ['/Groups', 'displayName'],
    ['/Roles', 'name'],
  ] as const) {
    const reply = await scim.post(`${endpoint}/.search`, {
      schemas: [SEARCH_REQUEST],
      filter: `${attribute} eq "planted"`,
    });
    expectStatus(reply, 200);
    count += Number(reply.body.totalResults);
  }
  return count;
}

describe.each(COLLECTION_CASES)('POST $path', ({ path, json }) => {
  it('rule 40: without or with wrong credentials: 401, nothing created (RFC 7644 2)', async () => {
    const { scim } = await server.organization();
    for (const token of [undefined, 'unknown'.repeat(8)])
      expectUnauthorized(await new ScimClient(scim.baseUrl, token).post(path, json));
    expect(await countPlanted(scim)).toBe(0);
  });

  it('rule 39: with a malformed body: 400 invalidSyntax, nothing created (RFC 7644 3.12)', async () => {
    const { scim } = await server.organization();
    const raw = JSON.stringify(json).slice(0, -1);
    const reply = await scim.request('POST', path, {
      raw,
      headers: { 'Content-Type': 'application/scim+json' },
    });
    expectError(reply, 400, 'invalidSyntax');
    expect(await countPlanted(scim)).toBe(0);
  });

  it('rule 40: creates in the own organization only (RFC 7644 7.5)', async () => {
    const [mine, theirs] = [await server.organization(), await server.organization()];
    expectStatus(await mine.scim.post(path, json), 200, 201);
    expect(await countPlanted(mine.scim)).toBe(1);
    expect(await countPlanted(theirs.scim)).toBe(0);
  });
});
