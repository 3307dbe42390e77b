import { z } from 'zod';
import { created, defineRoute, noContent, ok, type Route } from '../frame/route.js';
import { id } from '../schemas/common.js';
import { pageOf } from '../schemas/page.js';
import {
  signOnClaimsSchema,
  signOnPreviewSchema,
  previewToWire,
  toAsserted,
} from '../schemas/sign-on-preview.js';
import { ssoConnectionSchema, ssoConnectionToWire } from '../schemas/sso-connection.js';
import {
  readMetadata,
  ssoConnectionChangeSchema,
  ssoConnectionDraftSchema,
  toChange,
  toDraft,
} from '../schemas/sso-connection-input.js';

const PATH = '/api/v1/sso-connections';
const CONNECTION = `${PATH}/{ssoConnectionId}` as const;
const TAG = 'SSO connections';

const params = z.strictObject({ ssoConnectionId: id });
const answer = { 200: { description: 'The connection as it is now.', schema: ssoConnectionSchema } };

const switchRoute = (verb: 'enable' | 'disable', description: string): Route =>
  defineRoute({
    method: 'POST',
    path: `${CONNECTION}/${verb}`,
    operationId: `ssoConnections.${verb}`,
    tag: TAG,
    summary: `${verb === 'enable' ? 'Enable' : 'Disable'} an SSO connection`,
    description,
    permission: 'sso:manage',
    params,
    isVersioned: true,
    answers: answer,
    problems: ['sso_connection.not_found', 'sso_connection.from_environment'],
    handle: async (
      { ssoConnections },
      { context, params: { ssoConnectionId }, expectedVersion, publicUrl },
    ) => {
      const isEnabled = verb === 'enable';
      const connection = await ssoConnections.setEnabled(
        context,
        ssoConnectionId,
        isEnabled,
        expectedVersion,
      );
      return ok(ssoConnectionToWire(connection, publicUrl), connection);
    },
  });

export const ssoConnectionRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: PATH,
    operationId: 'ssoConnections.list',
    tag: TAG,
    summary: 'List SSO connections',
    permission: 'sso:manage',
    list: { sort: ['id'] },
    answers: {
      200: { description: 'A page of connections, the oldest first.', schema: pageOf(ssoConnectionSchema) },
    },
    handle: async ({ ssoConnections }, { context, page, publicUrl }) => {
      const { after, limit, sort } = page;
      const window = { after, limit, descending: sort.descending };
      const found = await ssoConnections.page(context.organizationId, window);
      return page.reply(found, (connection) => ssoConnectionToWire(connection, publicUrl));
    },
  }),
  defineRoute({
    method: 'POST',
    path: PATH,
    operationId: 'ssoConnections.create',
    tag: TAG,
    summary: 'Make an SSO connection',
    description: 'It is disabled, so that it can be tried first at `addresses.test`.',
    permission: 'sso:manage',
    body: ssoConnectionDraftSchema,
    bodyExamples: {
      oidc: {
        summary: 'OpenID Connect',
        value: {
          kind: 'oidc',
          name: 'Okta',
          preset: 'okta',
          settings: { issuer: 'https://example.okta.com', clientId: '0oa1example' },
          clientSecret: 'REPLACE_WITH_THE_CLIENT_SECRET',
        },
      },
    },
    answers: { 201: { description: 'The connection.', schema: ssoConnectionSchema } },
    problems: ['sso_connection.name_taken', 'sso_connection.invalid'],
    handle: async (services, { context, body, publicUrl }) => {
      const connection = await services.ssoConnections.create(
        context,
        await toDraft(services.samlMetadata, body),
      );
      const wire = ssoConnectionToWire(connection, publicUrl);
      return created(wire, `${PATH}/${connection.id}`, connection);
    },
  }),
  defineRoute({
    method: 'GET',
    path: CONNECTION,
    operationId: 'ssoConnections.get',
    tag: TAG,
    summary: 'Read an SSO connection',
    permission: 'sso:manage',
    params,
    isVersioned: true,
    answers: { 200: { description: 'The connection.', schema: ssoConnectionSchema } },
    problems: ['sso_connection.not_found'],
    handle: async ({ ssoConnections }, { context, params: { ssoConnectionId }, publicUrl }) => {
      const connection = await ssoConnections.get(context.organizationId, ssoConnectionId);
      return ok(ssoConnectionToWire(connection, publicUrl), connection);
    },
  }),
  defineRoute({
    method: 'PATCH',
    path: CONNECTION,
    operationId: 'ssoConnections.update',
    tag: TAG,
    summary: 'Change an SSO connection',
    permission: 'sso:manage',
    params,
    isVersioned: true,
    body: ssoConnectionChangeSchema,
    bodyExamples: {
      provisioning: { summary: 'Provision nobody at sign-in', value: { provisions: false } },
      secret: { summary: 'A new client secret', value: { clientSecret: 'REPLACE_WITH_THE_CLIENT_SECRET' } },
    },
    answers: answer,
    problems: [
      'sso_connection.not_found',
      'sso_connection.name_taken',
      'sso_connection.invalid',
      'sso_connection.from_environment',
    ],
    handle: async (services, { context, params: { ssoConnectionId }, body, expectedVersion, publicUrl }) => {
      const { ssoConnections, samlMetadata } = services;
      const metadata = await readMetadata(
        samlMetadata,
        body.metadataXml,
        body.settings?.metadataUrl ?? undefined,
      );
      const connection = await ssoConnections.update(
        context,
        ssoConnectionId,
        (current) => toChange(current, body, metadata),
        { expectedVersion },
      );
      return ok(ssoConnectionToWire(connection, publicUrl), connection);
    },
  }),
  switchRoute('enable', 'People can sign in there.'),
  switchRoute('disable', 'Nobody signs in there any more. Sessions that are open stay open.'),
  defineRoute({
    method: 'POST',
    path: `${CONNECTION}/preview`,
    operationId: 'ssoConnections.preview',
    tag: TAG,
    summary: 'Ask what a sign-in would do',
    description:
      'What would happen to a person of whom the identity provider says this: signed in, linked to whom, provisioned, or refused, and how to mend it. Nothing is stored. `addresses.test` does the same with a real sign-in.',
    permission: 'sso:manage',
    params,
    body: signOnClaimsSchema,
    bodyExamples: {
      person: {
        summary: 'A new person in two groups',
        value: {
          subject: '00u1example',
          userName: 'new.person@example.com',
          email: 'new.person@example.com',
          groups: ['Research', 'Everyone'],
        },
      },
    },
    answers: { 200: { description: 'What would happen.', schema: signOnPreviewSchema } },
    problems: ['sso_connection.not_found'],
    handle: async ({ ssoConnections, signOn }, { context, params: { ssoConnectionId }, body }) => {
      const connection = await ssoConnections.get(context.organizationId, ssoConnectionId);
      return ok(previewToWire(await signOn.preview(toAsserted(connection, body))));
    },
  }),
  defineRoute({
    method: 'DELETE',
    path: CONNECTION,
    operationId: 'ssoConnections.delete',
    tag: TAG,
    summary: 'Delete an SSO connection',
    description:
      'With its domains, identities, refused sign-ins and mapping rules; the sessions opened there end. Accounts and memberships stay.',
    permission: 'sso:manage',
    params,
    isVersioned: true,
    answers: { 204: { description: 'It is gone.' } },
    problems: ['sso_connection.not_found', 'sso_connection.from_environment'],
    handle: async ({ ssoConnections }, { context, params: { ssoConnectionId }, expectedVersion }) => {
      await ssoConnections.delete(context, ssoConnectionId, expectedVersion);
      return noContent;
    },
  }),
];
