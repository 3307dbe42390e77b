import { z } from 'zod';
import { isJsonObject, type JsonObject, type JsonValue } from '../../kernel/json.js';
import { defaultOrder, PAGE_PARAMETERS, sortValues } from '../frame/page-request.js';
import type { Route } from '../frame/route.js';
import { commonResponses, describeResponses } from './describe-answers.js';
import { EXAMPLE_IDS } from './example-ids.js';
import { SchemaCollector } from './json-schema.js';
import { API_TAGS } from './tags.js';

/** The parts of openapi.yaml that follow from the declarations of routes. */
export interface ApiDescription {
  readonly tags: JsonValue;
  readonly paths: JsonObject;
  readonly responses: JsonObject;
  readonly schemas: JsonObject;
}

/** Renders declarations as OpenAPI 3.1. @throws Error for a tag or a path parameter that nothing describes */
export function describeRoutes(routes: readonly Route[]): ApiDescription {
  const schemas = new SchemaCollector();
  const paths: Record<string, JsonObject> = {};
  for (const route of routes) {
    const item = (paths[route.path] ??= describePath(route));
    item[route.method.toLowerCase()] = describeOperation(route, schemas);
  }
  return {
    tags: Object.entries(API_TAGS).map(([name, description]) => ({ name, description })),
    paths,
    responses: commonResponses(routes),
    schemas: schemas.components,
  };
}

function describePath({ path }: Route): JsonObject {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '');
  if (names.length === 0) return {};
  return {
    parameters: names.map((name) => {
      const example = EXAMPLE_IDS[name];
      if (example === undefined) throw new Error(`${path} has a parameter without an example: ${name}`);
      return {
        name,
        in: 'path',
        required: true,
        description: 'Anything that is no such id of this organization is 404.',
        schema: { type: 'string' },
        example,
      };
    }),
  };
}

function describeOperation(route: Route, schemas: SchemaCollector): JsonObject {
  const parameters = [...describeQuery(route, schemas), ...describeHeaders(route)];
  return {
    operationId: route.operationId,
    tags: [route.tag],
    summary: route.summary,
    description: [route.description, describePermission(route)].filter(Boolean).join('\n\n'),
    security: [{ apiKey: [] }, { session: [] }],
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(route.body ? { requestBody: describeBody(route, route.body, schemas) } : {}),
    responses: describeResponses(route, schemas),
  };
}

function describePermission({ permission }: Route): string {
  if (permission === 'self') return 'Any account may ask.';
  return `Needs ${typeof permission === 'string' ? `\`${permission}\`` : permission.needs}.`;
}

function describeQuery({ query, list }: Route, schemas: SchemaCollector): readonly JsonObject[] {
  const filters = query ? queryParameters(query, schemas) : [];
  if (!list) return filters;
  const sort = z
    .enum(sortValues(list))
    .default(defaultOrder(list))
    .meta({ description: 'The order; `-` in front turns it around.' });
  return [...filters, ...queryParameters(z.strictObject({ ...PAGE_PARAMETERS, sort }), schemas)];
}

function queryParameters(schema: z.ZodType, schemas: SchemaCollector): readonly JsonObject[] {
  const { properties, required = [] } = schemas.describe(schema, 'input');
  if (!isJsonObject(properties) || !Array.isArray(required)) throw new Error('a query is no object');
  return Object.entries(properties).map(([name, property]) => {
    const { description = '', example, ...rest } = property as JsonObject;
    return {
      name,
      in: 'query',
      description,
      ...(required.includes(name) ? { required: true } : {}),
      schema: rest,
      ...(example === undefined ? {} : { example }),
    };
  });
}

const describeHeaders = ({ method, isVersioned }: Route): readonly JsonObject[] => [
  ...(method === 'POST' ? [{ $ref: '#/components/parameters/IdempotencyKey' }] : []),
  ...(isVersioned === true
    ? [{ $ref: `#/components/parameters/${method === 'GET' ? 'ApiIfNoneMatch' : 'ApiIfMatch'}` }]
    : []),
];

function describeBody(route: Route, body: z.ZodType, schemas: SchemaCollector): JsonObject {
  if (!route.bodyExamples) throw new Error(`${route.operationId} shows no example of its body`);
  const examples = Object.entries(route.bodyExamples).map(([name, { summary, value }]) => [
    name,
    { summary, value: value as JsonObject },
  ]);
  return {
    required: true,
    content: {
      'application/json': {
        schema: schemas.describe(body, 'input'),
        examples: Object.fromEntries(examples) as JsonObject,
      },
    },
  };
}
