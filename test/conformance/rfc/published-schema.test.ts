import { describe, expect, it } from '@jest/globals';
import { createUser, read, withQuery, type Resource } from './support/resources.js';
import { filterablePaths, sampleWrites } from './support/sample-values.js';
import { ENTERPRISE, GROUP, ROLE, ROLLCALL, USER } from './support/urns.js';
import { useServer } from './support/use-server.js';

const server = useServer();

const valueAt = (resource: Resource, keys: readonly string[]): unknown =>
  keys.reduce<Resource>((value, key) => value?.[key], resource);

describe('rule 38: the published schema equals the behaviour (RFC 7643 7)', () => {
  it.each([
    ['the core schema', USER],
    ['the enterprise extension', ENTERPRISE],
    ['the product extension', ROLLCALL],
  ])(
    'rule 38: every readWrite attribute of %s is stored by PATCH as declared (RFC 7644 3.5.2)',
    async (_what, urn) => {
      const { scim } = await server.organization();
      const manager = await createUser(scim);
      const user = await createUser(scim);
      const schema = await read(scim, `/Schemas/${urn}`);
      const writes = sampleWrites(schema, urn !== USER, manager.id);
      expect(writes.length).toBeGreaterThan(0);
      const failures: unknown[] = [];
      for (const { path, value, keys } of writes) {
        const reply = await scim.operations(`/Users/${user.id}`, { op: 'replace', path, value });
        if (reply.status !== 200) {
          failures.push({ path, status: reply.status, detail: reply.body.detail });
          continue;
        }
        const stored = valueAt(await read(scim, `/Users/${user.id}`), keys);
        try {
          expect(stored).toEqual(value);
        } catch {
          failures.push({ path, sent: value, stored });
        }
      }
      expect(failures).toEqual([]);
    },
  );

  const COMMON = [
    'id',
    'externalId',
    'meta',
    'meta.resourceType',
    'meta.created',
    'meta.lastModified',
    'meta.location',
    'meta.version',
  ];

  it.each([
    ['/Users', USER, [ENTERPRISE, ROLLCALL]],
    ['/Groups', GROUP, []],
    ['/Roles', ROLE, []],
  ])(
    'rule 38: every published attribute of %s can be filtered with pr (RFC 7644 3.4.2.2)',
    async (endpoint, urn, extensions) => {
      const { scim } = await server.organization();
      const paths = [...COMMON, ...filterablePaths(await read(scim, `/Schemas/${urn}`), false)];
      for (const extension of extensions)
        paths.push(...filterablePaths(await read(scim, `/Schemas/${extension}`), true));
      const failures: unknown[] = [];
      for (const path of paths) {
        const reply = await scim.get(withQuery(endpoint, { filter: `${path} pr`, count: 1 }));
        if (reply.status !== 200) failures.push({ path, status: reply.status, detail: reply.body.detail });
      }
      expect(failures).toEqual([]);
    },
  );

  it('rule 38: canonicalValues of type are hints: another type is stored (RFC 7643 7)', async () => {
    const { scim } = await server.organization();
    const user = await createUser(scim, { emails: [{ value: 'a@ex.test', type: 'Dienstlich' }] });
    expect((await read(scim, `/Users/${user.id}`)).emails).toEqual([
      { value: 'a@ex.test', type: 'Dienstlich' },
    ]);
  });

  it('rule 38: every attribute of an answer is published (RFC 7643 7)', async () => {
    const { scim } = await server.organization();
    const user = await createUser(scim, { title: 'x', emails: [{ value: 'a@ex.test' }] });
    const stored = await read(scim, `/Users/${user.id}`);
    const { attributes } = await read(scim, `/Schemas/${USER}`);
    const published = new Set([
      ...attributes.map((attribute: Resource) => attribute.name),
      'schemas',
      'id',
      'externalId',
      'meta',
      ENTERPRISE,
      ROLLCALL,
    ]);
    expect(Object.keys(stored).filter((key) => !published.has(key))).toEqual([]);
    const extension = await read(scim, `/Schemas/${ROLLCALL}`);
    const names = extension.attributes.map((attribute: Resource) => attribute.name);
    expect(names).toEqual(expect.arrayContaining(Object.keys(stored[ROLLCALL] ?? {})));
  });
});
