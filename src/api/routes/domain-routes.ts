import { z } from 'zod';
import { created, defineRoute, noContent, ok, type Route } from '../frame/route.js';
import { id } from '../schemas/common.js';
import { domainFields, domainSchema, domainToWire } from '../schemas/domain.js';
import { pageOf } from '../schemas/page.js';

const PATH = '/api/v1/domains';
const DOMAIN = `${PATH}/{domainId}` as const;
const TAG = 'Domains';

const params = z.strictObject({ domainId: id });

export const domainRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: PATH,
    operationId: 'domains.list',
    tag: TAG,
    summary: 'List domains',
    permission: 'sso:manage',
    list: { sort: ['id'] },
    query: z.strictObject({
      ssoConnectionId: id.optional().meta({ description: 'Only domains of this SSO connection.' }),
    }),
    answers: {
      200: { description: 'A page of domains, the oldest first.', schema: pageOf(domainSchema) },
    },
    handle: async ({ ssoDomains }, { context, query: { ssoConnectionId }, page }) => {
      const { after, limit, sort } = page;
      const window = { after, limit, descending: sort.descending };
      return page.reply(await ssoDomains.page(context.organizationId, ssoConnectionId, window), domainToWire);
    },
  }),
  defineRoute({
    method: 'POST',
    path: PATH,
    operationId: 'domains.create',
    tag: TAG,
    summary: 'Register a domain',
    description: 'It is not verified. Put `record` into its DNS, then verify it.',
    permission: 'sso:manage',
    body: z.strictObject(domainFields),
    bodyExamples: {
      example: {
        summary: 'People with addresses at example.com',
        value: { domain: 'example.com', ssoConnectionId: '019aa005-6b31-7c52-9f13-8a7b6c5d4e07' },
      },
    },
    answers: { 201: { description: 'The domain, with the record to set.', schema: domainSchema } },
    problems: [
      'sso_domain.invalid',
      'sso_domain.taken',
      'sso_domain.limit_reached',
      'sso_connection.not_found',
    ],
    handle: async ({ ssoDomains }, { context, body }) => {
      const domain = await ssoDomains.create(context, body.ssoConnectionId, body.domain);
      return created(domainToWire(domain), `${PATH}/${domain.id}`);
    },
  }),
  defineRoute({
    method: 'GET',
    path: DOMAIN,
    operationId: 'domains.get',
    tag: TAG,
    summary: 'Read a domain',
    permission: 'sso:manage',
    params,
    answers: { 200: { description: 'The domain.', schema: domainSchema } },
    problems: ['sso_domain.not_found'],
    handle: async ({ ssoDomains }, { context, params: { domainId } }) =>
      ok(domainToWire(await ssoDomains.get(context.organizationId, domainId))),
  }),
  defineRoute({
    method: 'POST',
    path: `${DOMAIN}/verify`,
    operationId: 'domains.verify',
    tag: TAG,
    summary: 'Verify a domain',
    description:
      'Looks for `record` in the DNS now. What is verified stays so, without another look. A domain that another organization has verified is 409, whatever the DNS says.',
    permission: 'sso:manage',
    params,
    answers: { 200: { description: 'The domain, verified.', schema: domainSchema } },
    problems: [
      'sso_domain.not_found',
      'sso_domain.challenge_missing',
      'sso_domain.taken',
      'sso_domain.dns_unavailable',
    ],
    handle: async ({ ssoDomains }, { context, params: { domainId } }) =>
      ok(domainToWire(await ssoDomains.verify(context, domainId))),
  }),
  defineRoute({
    method: 'DELETE',
    path: DOMAIN,
    operationId: 'domains.delete',
    tag: TAG,
    summary: 'Delete a domain',
    description:
      'Its people are sent nowhere any more, and accounts are no longer linked by their addresses. Accounts that are linked stay so.',
    permission: 'sso:manage',
    params,
    answers: { 204: { description: 'It is gone.' } },
    problems: ['sso_domain.not_found'],
    handle: async ({ ssoDomains }, { context, params: { domainId } }) => {
      await ssoDomains.delete(context, domainId);
      return noContent;
    },
  }),
];
