import { z } from 'zod';
import { requirePermission, type Principal } from '../../directory/principals/index.js';
import {
  SERVICE_ACCOUNT_SORT_KEYS,
  type ServiceAccount,
} from '../../directory/service-accounts/service-account.js';
import { LIMITS } from '../../kernel/limits.js';
import type { ApiServices } from '../api-services.js';
import { created, defineRoute, noContent, ok, type CheckedPermission, type Route } from '../frame/route.js';
import { id, name } from '../schemas/common.js';
import { pageOf } from '../schemas/page.js';
import {
  serviceAccountKind,
  serviceAccountSchema,
  serviceAccountToWire,
} from '../schemas/service-account.js';

const PATH = '/api/v1/service-accounts';
const ACCOUNT = `${PATH}/{serviceAccountId}` as const;
const TAG = 'Service accounts';

const params = z.strictObject({ serviceAccountId: id });
const account = (description: string) => ({ 200: { description, schema: serviceAccountSchema } });

/** Team admins look after the accounts of their team, organization admins after those of the organization. */
const requireManager = async (
  { access }: ApiServices,
  principal: Principal,
  { kind, teamId }: Pick<ServiceAccount, 'kind' | 'teamId'>,
): Promise<void> => {
  if (kind === 'organization') requirePermission(principal, 'organization:manage_service_accounts');
  else await access.require(principal, 'team:manage_service_accounts', { type: 'team', id: teamId });
};

const managed: CheckedPermission<{ readonly serviceAccountId: string }> = {
  needs:
    '`team:manage_service_accounts` in its team; of one of the organization, `organization:manage_service_accounts`',
  check: async (services, { principal }, { serviceAccountId }) => {
    const { serviceAccounts } = services;
    await requireManager(
      services,
      principal,
      await serviceAccounts.get(principal.organizationId, serviceAccountId),
    );
  },
};

const activation = (verb: 'deactivate' | 'reactivate', summary: string, description: string): Route =>
  defineRoute({
    method: 'POST',
    path: `${ACCOUNT}/${verb}`,
    operationId: `serviceAccounts.${verb}`,
    tag: TAG,
    summary,
    description,
    permission: managed,
    params,
    isVersioned: true,
    answers: account('The account as it is now.'),
    problems: ['service_account.not_found'],
    handle: async ({ serviceAccounts }, { context, params: { serviceAccountId }, expectedVersion }) => {
      const changed = await serviceAccounts.activate(
        context,
        serviceAccountId,
        verb === 'reactivate',
        expectedVersion,
      );
      return ok(serviceAccountToWire(changed), changed);
    },
  });

export const serviceAccountRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: PATH,
    operationId: 'serviceAccounts.list',
    tag: TAG,
    summary: 'List service accounts',
    permission: 'organization:read_users',
    list: { sort: SERVICE_ACCOUNT_SORT_KEYS },
    query: z.strictObject({
      kind: serviceAccountKind.optional().meta({ description: 'Of this kind.', example: 'team' }),
      teamId: id.optional().meta({ description: 'Of this team.' }),
      search: z
        .string()
        .min(1)
        .max(LIMITS.nameLength)
        .optional()
        .meta({ description: 'Part of the name, in any case.', example: 'train' }),
    }),
    answers: { 200: { description: 'A page of service accounts.', schema: pageOf(serviceAccountSchema) } },
    handle: async ({ serviceAccounts }, { context, query, page }) => {
      const { kind, teamId, search } = query;
      const found = await serviceAccounts.list(context.organizationId, { kind, teamId, search, ...page });
      return page.reply(found, serviceAccountToWire);
    },
  }),
  defineRoute({
    method: 'POST',
    path: PATH,
    operationId: 'serviceAccounts.create',
    tag: TAG,
    summary: 'Create a service account',
    description:
      'For a team, this needs `team:manage_service_accounts` there; for the organization, `organization:manage_service_accounts`. Its API keys are made at `/api/v1/api-keys`.',
    permission: 'self',
    body: z.strictObject({ name, kind: serviceAccountKind, teamId: id }),
    bodyExamples: {
      team: {
        summary: 'Of a team',
        value: { name: 'nightly-training', kind: 'team', teamId: '019aa002-11f0-7b21-a4d3-9e8f7a6b5c03' },
      },
    },
    answers: { 201: { description: 'The service account.', schema: serviceAccountSchema } },
    problems: [
      'permission.denied',
      'team.not_found',
      'user.user_name_taken',
      'user.invalid',
      'user.unknown_team',
    ],
    handle: async (services, { context, body }) => {
      await requireManager(services, context.principal, body);
      const made = await services.serviceAccounts.create(context, body);
      return created(serviceAccountToWire(made), `${PATH}/${made.id}`, made);
    },
  }),
  defineRoute({
    method: 'GET',
    path: ACCOUNT,
    operationId: 'serviceAccounts.get',
    tag: TAG,
    summary: 'Read a service account',
    permission: 'organization:read_users',
    params,
    isVersioned: true,
    answers: account('The service account.'),
    problems: ['service_account.not_found'],
    handle: async ({ serviceAccounts }, { context, params: { serviceAccountId } }) => {
      const found = await serviceAccounts.get(context.organizationId, serviceAccountId);
      return ok(serviceAccountToWire(found), found);
    },
  }),
  activation(
    'deactivate',
    'Deactivate a service account',
    'It has no access any more, and its API keys are refused. Nothing when that is so already.',
  ),
  activation('reactivate', 'Reactivate a service account', 'It has access again, also with its API keys.'),
  defineRoute({
    method: 'DELETE',
    path: ACCOUNT,
    operationId: 'serviceAccounts.remove',
    tag: TAG,
    summary: 'Remove a service account',
    description: 'For good, with its API keys. What it made stays attributed to its name.',
    permission: managed,
    params,
    isVersioned: true,
    answers: { 204: { description: 'It is removed.' } },
    problems: ['service_account.not_found'],
    handle: async ({ serviceAccounts }, { context, params: { serviceAccountId }, expectedVersion }) => {
      await serviceAccounts.remove(context, serviceAccountId, expectedVersion);
      return noContent;
    },
  }),
];
