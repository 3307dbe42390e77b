import { z } from 'zod';
import { API_KEY_SCOPES, permissionsOf } from '../../directory/principals/index.js';
import { ACCOUNT_TYPES, ORGANIZATION_ROLES, SEATS } from '../../directory/schema/index.js';
import { ORGANIZATION_PERMISSIONS } from '../../permissions/index.js';
import { defineRoute, ok, type Route } from '../frame/route.js';
import { id } from '../schemas/common.js';

const meSchema = z
  .strictObject({
    organizationId: id,
    userId: id,
    organizationRole: z.enum(ORGANIZATION_ROLES),
    accountType: z.enum(ACCOUNT_TYPES),
    seat: z.enum(SEATS),
    credential: z.strictObject({
      kind: z.enum(['session', 'api_key']),
      id,
      scopes: z
        .array(z.enum(API_KEY_SCOPES))
        .optional()
        .meta({ description: 'Of an API key. A session has every scope.' }),
    }),
    permissions: z.array(z.enum(ORGANIZATION_PERMISSIONS)).meta({
      description: 'What the caller may do in the organization. Team roles give more, team by team.',
    }),
  })
  .meta({ id: 'Me', description: 'The caller, as its credential makes it known.' });

export const meRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: '/api/v1/me',
    operationId: 'me.get',
    tag: 'Caller',
    summary: 'Who the caller is',
    permission: 'self',
    answers: { 200: { description: 'The caller.', schema: meSchema } },
    handle: (_services, { context }) => {
      const { principal } = context;
      return Promise.resolve(ok({ ...principal, permissions: permissionsOf(principal) }));
    },
  }),
];
