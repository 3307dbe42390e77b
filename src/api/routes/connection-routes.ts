import { z } from 'zod';
import { given } from '../frame/given.js';
import { created, defineRoute, noContent, ok, type Route } from '../frame/route.js';
import { id } from '../schemas/common.js';
import {
  connectionName,
  connectionSchema,
  connectionSettingsSchema,
  connectionToWire,
  connectionTokenSchema,
  connectionTokenToWire,
  issuedTokenSchema,
  issuedTokenToWire,
  tokenKind,
  tokenName,
} from '../schemas/connection.js';
import { pageOf } from '../schemas/page.js';

const PATH = '/api/v1/connections';
const CONNECTION = `${PATH}/{connectionId}` as const;
const TOKENS = `${CONNECTION}/tokens` as const;
const TAG = 'Connections';
/** A year and a day, so that a yearly rotation has time. */
const MAX_TOKEN_DAYS = 366;

const params = z.strictObject({ connectionId: id });
const tokenParams = z.strictObject({ connectionId: id, tokenId: id });
const connectionAnswer = { 200: { description: 'The connection as it is now.', schema: connectionSchema } };

const switchRoute = (verb: 'enable' | 'disable', description: string): Route =>
  defineRoute({
    method: 'POST',
    path: `${CONNECTION}/${verb}`,
    operationId: `connections.${verb}`,
    tag: TAG,
    summary: `${verb === 'enable' ? 'Enable' : 'Disable'} a connection`,
    description,
    permission: 'connection:manage',
    params,
    isVersioned: true,
    answers: connectionAnswer,
    problems: ['connection.not_found'],
    handle: async ({ connections }, { context, params: { connectionId }, expectedVersion }) => {
      const connection = await connections.setEnabled(
        context,
        connectionId,
        verb === 'enable',
        expectedVersion,
      );
      return ok(connectionToWire(connection), connection);
    },
  });

const CONNECTION_ROUTES: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: PATH,
    operationId: 'connections.list',
    tag: TAG,
    summary: 'List SCIM connections',
    permission: 'connection:manage',
    list: { sort: ['id'] },
    answers: {
      200: { description: 'A page of connections, the oldest first.', schema: pageOf(connectionSchema) },
    },
    handle: async ({ connections }, { context, page }) => {
      const { after, limit, sort } = page;
      const window = { after, limit, descending: sort.descending };
      return page.reply(await connections.page(context.organizationId, window), connectionToWire);
    },
  }),
  defineRoute({
    method: 'POST',
    path: PATH,
    operationId: 'connections.create',
    tag: TAG,
    summary: 'Make a SCIM connection',
    description: 'It is enabled, and can be used once it has a token.',
    permission: 'connection:manage',
    body: z.strictObject({ name: connectionName, settings: connectionSettingsSchema.partial().optional() }),
    bodyExamples: {
      okta: { summary: 'With the settings that fit most', value: { name: 'okta' } },
      strict: {
        summary: 'That may make nobody an admin',
        value: { name: 'entra', settings: { mayGrantAdmin: false, onUserDelete: 'deactivate' } },
      },
    },
    answers: { 201: { description: 'The connection.', schema: connectionSchema } },
    problems: ['connection.name_taken', 'connection.invalid'],
    handle: async ({ connections }, { context, body }) => {
      const connection = await connections.create(context, body.name, given(body.settings ?? {}));
      return created(connectionToWire(connection), `${PATH}/${connection.id}`, connection);
    },
  }),
  defineRoute({
    method: 'GET',
    path: CONNECTION,
    operationId: 'connections.get',
    tag: TAG,
    summary: 'Read a SCIM connection',
    permission: 'connection:manage',
    params,
    isVersioned: true,
    answers: { 200: { description: 'The connection.', schema: connectionSchema } },
    problems: ['connection.not_found'],
    handle: async ({ connections }, { context, params: { connectionId } }) => {
      const connection = await connections.get(context.organizationId, connectionId);
      return ok(connectionToWire(connection), connection);
    },
  }),
  defineRoute({
    method: 'PATCH',
    path: CONNECTION,
    operationId: 'connections.update',
    tag: TAG,
    summary: 'Change a SCIM connection',
    permission: 'connection:manage',
    params,
    isVersioned: true,
    body: z.strictObject({
      name: connectionName.optional(),
      settings: connectionSettingsSchema.partial().optional(),
    }),
    bodyExamples: {
      rename: { summary: 'Another name', value: { name: 'okta-production' } },
      settings: { summary: 'One setting; the others stay', value: { settings: { onGroupDelete: 'refuse' } } },
    },
    answers: connectionAnswer,
    problems: ['connection.not_found', 'connection.name_taken', 'connection.invalid'],
    handle: async ({ connections }, { context, params: { connectionId }, body, expectedVersion }) => {
      const { name, settings } = body;
      const change = { ...given({ name }), ...(settings ? { settings: given(settings) } : {}) };
      const connection = await connections.update(context, connectionId, change, expectedVersion);
      return ok(connectionToWire(connection), connection);
    },
  }),
  switchRoute('enable', 'Its tokens are good again.'),
  switchRoute(
    'disable',
    'Its tokens are refused from now on. Users, teams and roles that it made stay as they are.',
  ),
];

const TOKEN_ROUTES: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: TOKENS,
    operationId: 'connectionTokens.list',
    tag: TAG,
    summary: "List a connection's tokens and client secrets",
    permission: 'connection:manage',
    params,
    list: { sort: ['id'] },
    answers: {
      200: { description: 'A page of tokens, the oldest first.', schema: pageOf(connectionTokenSchema) },
    },
    problems: ['connection.not_found'],
    handle: async ({ connections }, { context, params: { connectionId }, page }) => {
      const { after, limit, sort } = page;
      const window = { after, limit, descending: sort.descending };
      const found = await connections.pageTokens(context.organizationId, connectionId, window);
      return page.reply(found, connectionTokenToWire);
    },
  }),
  defineRoute({
    method: 'POST',
    path: TOKENS,
    operationId: 'connectionTokens.create',
    tag: TAG,
    summary: 'Make a token or client secret',
    description: 'Several are good at once, so that a new one can be set up before the old one is revoked.',
    permission: 'connection:manage',
    params,
    body: z.strictObject({
      name: tokenName,
      kind: tokenKind.default('bearer'),
      expiresInDays: z
        .int()
        .min(1)
        .max(MAX_TOKEN_DAYS)
        .optional()
        .meta({ description: 'It does not expire unless this is given.' }),
    }),
    bodyExamples: {
      bearer: { summary: 'For Okta', value: { name: 'Okta 2026', expiresInDays: 365 } },
      secret: { summary: 'For Entra', value: { name: 'Entra', kind: 'client_secret' } },
    },
    answers: { 201: { description: 'The token and its secret.', schema: issuedTokenSchema } },
    problems: ['connection.not_found'],
    handle: async ({ connections }, { context, params: { connectionId }, body }) => {
      const { id: found } = await connections.get(context.organizationId, connectionId);
      const token = await connections.issueToken(context, found, body);
      return created(issuedTokenToWire(token), `${PATH}/${found}/tokens/${token.id}`);
    },
  }),
  defineRoute({
    method: 'GET',
    path: `${TOKENS}/{tokenId}`,
    operationId: 'connectionTokens.get',
    tag: TAG,
    summary: 'Read a token',
    permission: 'connection:manage',
    params: tokenParams,
    answers: { 200: { description: 'The token, without its secret.', schema: connectionTokenSchema } },
    problems: ['token.not_found'],
    handle: async ({ connections }, { context, params: { connectionId, tokenId } }) =>
      ok(connectionTokenToWire(await connections.getToken(context.organizationId, connectionId, tokenId))),
  }),
  defineRoute({
    method: 'DELETE',
    path: `${TOKENS}/{tokenId}`,
    operationId: 'connectionTokens.revoke',
    tag: TAG,
    summary: 'Revoke a token',
    description:
      'With a client secret go the access tokens that were issued for it. It stays in the list as revoked.',
    permission: 'connection:manage',
    params: tokenParams,
    answers: { 204: { description: 'It is revoked.' } },
    problems: ['token.not_found'],
    handle: async ({ connections }, { context, params: { connectionId, tokenId } }) => {
      const { id: found } = await connections.getToken(context.organizationId, connectionId, tokenId);
      await connections.revokeToken(context, found);
      return noContent;
    },
  }),
];

export const connectionRoutes: readonly Route[] = [...CONNECTION_ROUTES, ...TOKEN_ROUTES];
