import { describe, expect, it } from '@jest/globals';
import { LIMITS } from '../../../src/kernel/limits.js';
import type { JsonValue } from '../../../src/kernel/json.js';
import type { ScimType } from '../../../src/scim/problem.js';
import { startServer } from '../../support/server.js';
import { DESCRIPTION, get, ROOT, textOf, walk } from './support/description.js';

/** The compiler holds these to the code: one that is missing or unknown is an error. */
const SCIM_TYPES: Record<ScimType, true> = {
  invalidFilter: true,
  tooMany: true,
  uniqueness: true,
  mutability: true,
  invalidSyntax: true,
  invalidPath: true,
  noTarget: true,
  invalidValue: true,
  invalidVers: true,
  sensitive: true,
  invalidCursor: true,
  expiredCursor: true,
  invalidCount: true,
};

const schemas = get(ROOT, 'components', 'schemas');

/** The value of a keyword below a schema. */
function keyword(...keys: readonly string[]): JsonValue | undefined {
  const last = keys.at(-1) ?? '';
  return get(schemas, ...keys.slice(0, -1)).value[last];
}

describe('limits in openapi.yaml', () => {
  it('are those that the server enforces, one row for each', () => {
    const { description } = get(ROOT, 'info').value;
    const rows = textOf(description).matchAll(/^\|.*\| (\d+) \|$/gm);
    expect([...rows].map(([, limit]) => Number(limit))).toEqual(Object.values(LIMITS));
  });

  it('are in the schemas too', () => {
    const members = ['properties', 'Operations', 'maxItems'] as const;
    expect(keyword('BulkRequest', ...members)).toBe(LIMITS.bulkOperations);
    expect(keyword('PatchOp', ...members)).toBe(LIMITS.patchOperations);
    expect(keyword('ListResponse', 'properties', 'Resources', 'maxItems')).toBe(LIMITS.pageSize);
    expect(keyword('SearchRequest', 'properties', 'count', 'default')).toBe(LIMITS.defaultPageSize);
    expect(get(ROOT, 'components', 'parameters', 'Count', 'schema').value['default']).toBe(
      LIMITS.defaultPageSize,
    );
    expect(keyword('Filter', 'maxLength')).toBe(LIMITS.expressionLength);
    expect(keyword('Values', 'maxItems')).toBe(LIMITS.valuesPerAttribute);
  });

  it('are the only large numbers it speaks of', () => {
    const known = new Set<number>([...Object.values(LIMITS), 16_384]);
    const spoken = [...walk(DESCRIPTION)].flatMap(({ keys, value }) =>
      typeof value === 'string' && keys.at(-1) === 'description'
        ? [...value.replaceAll(/RFC \d+/g, '').matchAll(/\b\d{4,}\b/g)].map(([digits]) => Number(digits))
        : [],
    );
    expect(spoken.filter((number) => !known.has(number))).toEqual([]);
  });

  it('are in the ServiceProviderConfig it shows, which is that of the server', async () => {
    const shown = get(
      ROOT,
      'components',
      'responses',
      'ServiceProviderConfig',
      'content',
      'application/scim+json',
    );
    const example = get(shown, 'examples', 'config').value['value'];
    const server = await startServer();
    try {
      const { scim } = await server.organization();
      const { text } = await scim.get('/ServiceProviderConfig');
      expect(JSON.parse(text.replaceAll(server.baseUrl, 'https://id.example.com'))).toEqual(example);
    } finally {
      await server.close();
    }
  });
});

describe('error keywords in openapi.yaml', () => {
  it('are those of the code (RFC 7644 3.12, RFC 9865 2.1)', () => {
    expect(keyword('Error', 'properties', 'scimType', 'enum')).toEqual(Object.keys(SCIM_TYPES));
  });
});
