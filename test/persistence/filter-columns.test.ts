import { describe, expect, it } from '@jest/globals';
import {
  pathKey,
  RESOURCE_TYPES,
  type AttributePath,
  type ResourceType,
} from '../../src/directory/schema/index.js';
import type { Column, FindColumn } from '../../src/persistence/filters/column.js';
import { roleColumns } from '../../src/persistence/filters/role-columns.js';
import { teamColumns } from '../../src/persistence/filters/team-columns.js';
import { userColumns } from '../../src/persistence/filters/user-columns.js';
import { pathsOf } from './support/catalogue-paths.js';

const SCOPE = {
  organizationId: '01890000-0000-7000-8000-000000000001',
  connectionId: undefined,
  withTeams: false,
  baseUrl: 'https://rollcall.example/scim/v2',
};

function columnsOf({ name }: ResourceType): FindColumn {
  switch (name) {
    case 'User':
      return userColumns(SCOPE);
    case 'Group':
      return teamColumns(SCOPE);
    case 'Role':
      return roleColumns(SCOPE);
  }
}

/** How a column of this attribute must be made for the filter translation to find its way. */
function expectedKind({ attribute }: AttributePath): Column['kind'] {
  if (attribute.multiValued) return 'elements';
  return attribute.type === 'complex' ? 'complex' : 'scalar';
}

const COLUMN_TYPES: Readonly<Record<string, string>> = {
  boolean: 'boolean',
  integer: 'integer',
  decimal: 'integer',
  dateTime: 'instant',
};

describe.each(RESOURCE_TYPES.map((type) => [type.name, type] as const))('columns of %s', (_, type) => {
  const findColumn = columnsOf(type);

  it.each(pathsOf(type).map((path) => [pathKey(path), path] as const))(
    '%s can be filtered by, as what the catalogue says it is (RFC 7643 7)',
    (_key, path) => {
      const column = findColumn(path);
      expect(column?.kind).toBe(expectedKind(path));
      if (!column) return;
      const leaf = path.sub ?? path.attribute;
      if (leaf.type === 'complex') return;
      const scalar = column.kind === 'scalar' ? column : column.parts[leaf.name];
      expect(scalar?.type).toBe(COLUMN_TYPES[leaf.type] ?? 'text');
    },
  );
});

it('no attribute that is never returned can be compared (RFC 7643 7: password)', () => {
  for (const type of RESOURCE_TYPES)
    for (const attribute of type.schema.attributes.filter(({ returned }) => returned === 'never'))
      expect(
        columnsOf(type)({ schema: type.schema, isExtension: false, attribute, sub: undefined }),
      ).toBeUndefined();
});
