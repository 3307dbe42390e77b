import { z } from 'zod';
import { created, defineRoute, noContent, ok, type Route } from '../frame/route.js';
import {
  apiKeyName,
  apiKeySchema,
  apiKeyScope,
  apiKeyToWire,
  issuedApiKeySchema,
} from '../schemas/api-key.js';
import { id, instant } from '../schemas/common.js';
import { pageOf } from '../schemas/page.js';

const PATH = '/api/v1/api-keys';
const KEY = `${PATH}/{apiKeyId}` as const;
const TAG = 'API keys';
/** Seconds for which the old key stays good after a rotation, at most: a week. */
const MAX_OVERLAP = 604_800;

const params = z.strictObject({ apiKeyId: id });

export const apiKeyRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: PATH,
    operationId: 'apiKeys.list',
    tag: TAG,
    summary: 'List API keys',
    description:
      'Those that the caller may see: its own, those of service accounts of teams that it administers, and all for an admin.',
    permission: 'self',
    list: { sort: ['id'] },
    query: z.strictObject({
      userId: id.optional().meta({ description: 'Only keys of this account.' }),
      status: z
        .enum(['live', 'revoked'])
        .optional()
        .meta({ description: '`live` keys are not revoked; they may have expired.', example: 'live' }),
    }),
    answers: { 200: { description: 'A page of keys, the oldest first.', schema: pageOf(apiKeySchema) } },
    handle: async ({ apiKeys }, { context, query, page }) => {
      const found = await apiKeys.list(context, {
        userId: query.userId,
        status: query.status,
        after: page.after,
        limit: page.limit,
        descending: page.sort.descending,
      });
      return page.reply(found, apiKeyToWire);
    },
  }),
  defineRoute({
    method: 'POST',
    path: PATH,
    operationId: 'apiKeys.create',
    tag: TAG,
    summary: 'Make an API key',
    description:
      'For the caller, or for a service account that the caller manages. The secret is shown this once. A key can only give scopes that it has itself.',
    permission: 'self',
    body: z.strictObject({
      name: apiKeyName,
      scopes: z.array(apiKeyScope).min(1),
      expiresAt: instant.optional().meta({ description: 'It does not expire unless this is given.' }),
      userId: id.optional().meta({ description: 'The account; the caller unless given.' }),
    }),
    bodyExamples: {
      terraform: { summary: 'For a script', value: { name: 'Terraform', scopes: ['admin'] } },
    },
    answers: { 201: { description: 'The key and its secret.', schema: issuedApiKeySchema } },
    problems: [
      'api_key.invalid',
      'api_key.forbidden',
      'api_key.creation_disabled',
      'api_key.limit_reached',
      'user.not_found',
    ],
    handle: async ({ apiKeys }, { context, body }) => {
      const { key, secret } = await apiKeys.create(context, body.userId ?? context.principal.userId, {
        name: body.name,
        scopes: body.scopes,
        expiresAt: body.expiresAt,
      });
      return created({ key: apiKeyToWire(key), secret }, `${PATH}/${key.id}`);
    },
  }),
  defineRoute({
    method: 'GET',
    path: KEY,
    operationId: 'apiKeys.get',
    tag: TAG,
    summary: 'Read an API key',
    permission: 'self',
    params,
    answers: { 200: { description: 'The key, without its secret.', schema: apiKeySchema } },
    problems: ['api_key.not_found'],
    handle: async ({ apiKeys }, { context, params }) =>
      ok(apiKeyToWire(await apiKeys.get(context, params.apiKeyId))),
  }),
  defineRoute({
    method: 'POST',
    path: `${KEY}/rotate`,
    operationId: 'apiKeys.rotate',
    tag: TAG,
    summary: 'Replace an API key',
    description: 'Makes a key with the same name, scopes and lifetime, and ends the old one.',
    permission: 'self',
    params,
    body: z.strictObject({
      overlapSeconds: z
        .int()
        .min(0)
        .max(MAX_OVERLAP)
        .default(0)
        .meta({ description: 'How long the old key stays good.' }),
    }),
    bodyExamples: { overlap: { summary: 'An hour to change over', value: { overlapSeconds: 3600 } } },
    answers: { 201: { description: 'The new key and its secret.', schema: issuedApiKeySchema } },
    problems: ['api_key.not_found', 'api_key.forbidden', 'api_key.limit_reached'],
    handle: async ({ apiKeys }, { context, params, body }) => {
      const { key, secret } = await apiKeys.rotate(context, params.apiKeyId, body);
      return created({ key: apiKeyToWire(key), secret }, `${PATH}/${key.id}`);
    },
  }),
  defineRoute({
    method: 'DELETE',
    path: KEY,
    operationId: 'apiKeys.revoke',
    tag: TAG,
    summary: 'Revoke an API key',
    description: 'The next request with it is refused. It stays in the list as revoked.',
    permission: 'self',
    params,
    answers: { 204: { description: 'It is revoked.' } },
    problems: ['api_key.not_found'],
    handle: async ({ apiKeys }, { context, params }) => {
      await apiKeys.revoke(context, params.apiKeyId);
      return noContent;
    },
  }),
];
