import { z } from 'zod';
import { ACCOUNT_SORT_KEYS, type AccountFilter } from '../../directory/users/user-account.js';
import { LIMITS } from '../../kernel/limits.js';
import { defineRoute, noContent, ok, type Route } from '../frame/route.js';
import { selfOr } from '../frame/permissions.js';
import { accountsToCsv } from '../schemas/account-csv.js';
import { id } from '../schemas/common.js';
import { pageOf } from '../schemas/page.js';
import {
  accountChangeSchema,
  accountTeamSchema,
  accountTeamToWire,
  accountToWire,
  accountType,
  listedStatus,
  organizationRole,
  seat,
  userAccountSchema,
} from '../schemas/user-account.js';

const PATH = '/api/v1/users';
const USER = `${PATH}/{userId}` as const;
const TAG = 'Accounts';

const params = z.strictObject({ userId: id });
const account = (description: string) => ({ 200: { description, schema: userAccountSchema } });

const filterSchema = z.strictObject({
  search: z.string().min(1).max(LIMITS.nameLength).optional().meta({
    description: 'Part of the userName, the display name or an e-mail address, in any case.',
    example: 'ada',
  }),
  status: listedStatus.optional().meta({
    description:
      'Accounts in this state. Those that are `removed` are listed only when asked for, and so are people who are `invited`: that needs `organization:invite_user` besides.',
    example: 'deactivated',
  }),
  organizationRole: organizationRole.optional().meta({ description: 'With this role.' }),
  seat: seat.optional().meta({ description: 'In this kind of seat.' }),
  accountType: accountType.optional().meta({ description: 'Of this type.', example: 'USER' }),
  connectionId: id.optional().meta({ description: 'Provisioned by this connection.' }),
});

const filterOf = (query: z.output<typeof filterSchema>): AccountFilter => ({
  search: query.search,
  status: query.status,
  organizationRole: query.organizationRole,
  seat: query.seat,
  accountType: query.accountType,
  connectionId: query.connectionId,
});

export const userRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: PATH,
    operationId: 'users.list',
    tag: TAG,
    summary: 'List accounts',
    description:
      'People and service accounts, those included that an identity provider has removed. People who are `invited` have no account yet: they are listed when asked for, with the id of their invitation, the address as userName, and the role and seat they will have.',
    permission: 'organization:read_users',
    list: { sort: ACCOUNT_SORT_KEYS },
    query: filterSchema,
    answers: { 200: { description: 'A page of accounts.', schema: pageOf(userAccountSchema) } },
    handle: async ({ accounts }, { context, query, page }) =>
      page.reply(await accounts.list(context, { ...filterOf(query), ...page }), accountToWire),
  }),
  defineRoute({
    method: 'GET',
    path: `${PATH}/export`,
    operationId: 'users.export',
    tag: TAG,
    summary: 'Export accounts as CSV',
    description:
      'All accounts that the filter selects, in the order in which they were made, as text of RFC 4180 in UTF-8 with a header line. A text that a spreadsheet would take for a formula has an apostrophe in front. A connection that breaks off before the end was not a complete export.',
    permission: 'organization:read_users',
    query: filterSchema,
    answers: { 200: { description: 'The accounts.', contentType: 'text/csv', schema: z.string() } },
    handle: ({ accounts }, { context, query }) =>
      Promise.resolve({
        status: 200,
        stream: {
          contentType: 'text/csv; charset=utf-8; header=present',
          pieces: accountsToCsv(accounts.export(context, filterOf(query))),
        },
        headers: { 'Content-Disposition': 'attachment; filename="accounts.csv"' },
      }),
  }),
  defineRoute({
    method: 'GET',
    path: USER,
    operationId: 'users.get',
    tag: TAG,
    summary: 'Read an account',
    description: 'Of somebody who was removed from the organization, only an id and a display name are left.',
    permission: selfOr('organization:read_users'),
    params,
    isVersioned: true,
    answers: account('The account.'),
    problems: ['user.not_found'],
    handle: async ({ accounts }, { context, params: { userId } }) => {
      const found = await accounts.get(context.organizationId, userId);
      return ok(accountToWire(found), found);
    },
  }),
  defineRoute({
    method: 'GET',
    path: `${USER}/teams`,
    operationId: 'users.listTeams',
    tag: TAG,
    summary: "List an account's teams",
    permission: selfOr('organization:read_users'),
    params,
    answers: {
      200: {
        description: 'The teams, by name.',
        schema: z.strictObject({ items: z.array(accountTeamSchema) }),
      },
    },
    problems: ['user.not_found'],
    handle: async ({ accounts }, { context, params: { userId } }) => {
      const teams = await accounts.teams(context.organizationId, userId);
      return ok({ items: teams.map(accountTeamToWire) });
    },
  }),
  defineRoute({
    method: 'PATCH',
    path: USER,
    operationId: 'users.update',
    tag: TAG,
    summary: "Change an account's profile, role or seat",
    description:
      'All or nothing. The role needs `organization:update_user_role` besides, the seat `organization:update_seat`.',
    permission: 'organization:update_user',
    params,
    isVersioned: true,
    body: accountChangeSchema,
    bodyExamples: {
      role: { summary: 'Another role', value: { organizationRole: 'viewer' } },
      profile: {
        summary: 'Another name and address',
        value: {
          displayName: 'Ada King',
          name: { familyName: 'King' },
          emails: [{ value: 'ada.king@example.com', type: 'work', isPrimary: true }],
        },
      },
    },
    answers: account('The account as it is now.'),
    problems: [
      'user.not_found',
      'user.invalid',
      'user.too_large',
      'user.user_name_taken',
      'user.last_admin',
      'user.seat_limit_reached',
    ],
    handle: async ({ accounts }, { context, params: { userId }, body, expectedVersion }) => {
      const changed = await accounts.update(context, userId, body, expectedVersion);
      return ok(accountToWire(changed), changed);
    },
  }),
  defineRoute({
    method: 'POST',
    path: `${USER}/deactivate`,
    operationId: 'users.deactivate',
    tag: TAG,
    summary: 'Deactivate an account',
    description:
      'Its sessions end, its API keys are refused. It stays listed, with its teams and roles, and can be reactivated.',
    permission: 'organization:deactivate_user',
    params,
    isVersioned: true,
    answers: account('The account as it is now.'),
    problems: ['user.not_found', 'user.last_admin'],
    handle: async ({ accounts }, { context, params: { userId }, expectedVersion }) => {
      const changed = await accounts.deactivate(context, userId, expectedVersion);
      return ok(accountToWire(changed), changed);
    },
  }),
  defineRoute({
    method: 'POST',
    path: `${USER}/reactivate`,
    operationId: 'users.reactivate',
    tag: TAG,
    summary: 'Reactivate an account',
    description: 'Everything is as it was but the sessions.',
    permission: 'organization:deactivate_user',
    params,
    isVersioned: true,
    answers: account('The account as it is now.'),
    problems: ['user.not_found', 'user.seat_limit_reached'],
    handle: async ({ accounts }, { context, params: { userId }, expectedVersion }) => {
      const changed = await accounts.reactivate(context, userId, expectedVersion);
      return ok(accountToWire(changed), changed);
    },
  }),
  defineRoute({
    method: 'POST',
    path: `${USER}/restore`,
    operationId: 'users.restore',
    tag: TAG,
    summary: 'Restore an account that an identity provider has removed',
    description: 'With its userName, teams and authorship, active. Its API keys stay revoked.',
    permission: 'organization:deactivate_user',
    params,
    answers: account('The account as it is now.'),
    problems: ['user.not_found', 'user.not_removed', 'user.user_name_taken', 'user.seat_limit_reached'],
    handle: async ({ accounts }, { context, params: { userId } }) => {
      const restored = await accounts.restore(context, userId);
      return ok(accountToWire(restored), restored);
    },
  }),
  defineRoute({
    method: 'DELETE',
    path: USER,
    operationId: 'users.remove',
    tag: TAG,
    summary: 'Remove an account from the organization',
    description:
      'For good: sessions, API keys, memberships and personal data go. An id and a display name stay, so that what was made stays attributed.',
    permission: 'organization:remove_user',
    params,
    isVersioned: true,
    answers: { 204: { description: 'It is removed.' } },
    problems: ['user.not_found', 'user.last_admin'],
    handle: async ({ accounts }, { context, params: { userId }, expectedVersion }) => {
      await accounts.remove(context, userId, expectedVersion);
      return noContent;
    },
  }),
];
