import { z } from 'zod';
import { MEMBER_SORT_KEYS } from '../../directory/teams/team-membership.js';
import { LIMITS } from '../../kernel/limits.js';
import { onVisibleTeam } from '../frame/permissions.js';
import { created, defineRoute, noContent, ok, type Route } from '../frame/route.js';
import { id } from '../schemas/common.js';
import { pageOf } from '../schemas/page.js';
import {
  newTeamMemberSchema,
  roleName,
  teamMemberChangeSchema,
  teamMemberSchema,
  teamMemberToWire,
} from '../schemas/team-member.js';

const PATH = '/api/v1/teams/{teamId}/members';
const MEMBER = `${PATH}/{userId}` as const;
const TAG = 'Team members';

const params = z.strictObject({ teamId: id, userId: id });

export const teamMemberRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: PATH,
    operationId: 'teamMembers.list',
    tag: TAG,
    summary: "List a team's members",
    description: 'People and service accounts, deactivated ones included.',
    permission: onVisibleTeam('`team:read` or `team:add_member` in the team'),
    params: z.strictObject({ teamId: id }),
    list: { sort: MEMBER_SORT_KEYS },
    query: z.strictObject({
      search: z.string().min(1).max(LIMITS.nameLength).optional().meta({
        description: 'Part of the userName, the display name or an e-mail address, in any case.',
        example: 'ada',
      }),
      role: roleName.optional().meta({
        description: '`admin`, `member`, `viewer`, `service`, or the exact name of a custom role.',
        example: 'member',
      }),
    }),
    answers: { 200: { description: 'A page of members.', schema: pageOf(teamMemberSchema) } },
    problems: ['team.not_found'],
    handle: async ({ memberships }, { context, params: { teamId }, query, page }) => {
      const { search, role } = query;
      const found = await memberships.list(context, teamId, { search, roleName: role, ...page });
      return page.reply(found, teamMemberToWire);
    },
  }),
  defineRoute({
    method: 'POST',
    path: PATH,
    operationId: 'teamMembers.add',
    tag: TAG,
    summary: 'Add a member',
    description:
      'An account of the organization, as `member` unless a role is named. Who has only `team:invite_member` adds members and viewers. An admin of the organization may add itself unless `DISABLE_ADMIN_TEAM_ACCESS` is set.',
    permission: onVisibleTeam('`team:add_member` or `team:invite_member` in the team'),
    params: z.strictObject({ teamId: id }),
    body: newTeamMemberSchema,
    bodyExamples: {
      id: {
        summary: 'By id, with a role',
        value: { userId: '019aa001-7a11-7d42-8c05-1a2b3c4d5e02', role: 'viewer' },
      },
    },
    answers: { 201: { description: 'The member.', schema: teamMemberSchema } },
    problems: [
      'team.not_found',
      'user.not_found',
      'user.ambiguous',
      'team.already_member',
      'team.unknown_role',
      'team.service_account',
      'team.admin_access_disabled',
    ],
    handle: async ({ memberships }, { context, params: { teamId }, body }) => {
      const { role, isRegistryAdmin, ...account } = body;
      const member = await memberships.add(context, teamId, { account, roleName: role, isRegistryAdmin });
      return created(teamMemberToWire(member), `/api/v1/teams/${teamId}/members/${member.userId}`);
    },
  }),
  defineRoute({
    method: 'GET',
    path: MEMBER,
    operationId: 'teamMembers.get',
    tag: TAG,
    summary: 'Read a member',
    permission: onVisibleTeam('`team:read` or `team:add_member` in the team'),
    params,
    answers: { 200: { description: 'The member.', schema: teamMemberSchema } },
    problems: ['team.not_found', 'team.not_a_member'],
    handle: async ({ memberships }, { context, params: { teamId, userId } }) =>
      ok(teamMemberToWire(await memberships.get(context, teamId, userId))),
  }),
  defineRoute({
    method: 'PATCH',
    path: MEMBER,
    operationId: 'teamMembers.update',
    tag: TAG,
    summary: "Change a member's role",
    description: 'The role needs `team:update_member_role`, the registry admin `registry:manage_admins`.',
    permission: onVisibleTeam('a permission for each part'),
    params,
    body: teamMemberChangeSchema,
    bodyExamples: { admin: { summary: 'An admin of the team', value: { role: 'admin' } } },
    answers: { 200: { description: 'The member as it is now.', schema: teamMemberSchema } },
    problems: ['team.not_found', 'team.not_a_member', 'team.unknown_role', 'team.service_account'],
    handle: async ({ memberships }, { context, params: { teamId, userId }, body }) => {
      const { role, isRegistryAdmin } = body;
      const member = await memberships.update(context, teamId, userId, { roleName: role, isRegistryAdmin });
      return ok(teamMemberToWire(member));
    },
  }),
  defineRoute({
    method: 'DELETE',
    path: MEMBER,
    operationId: 'teamMembers.remove',
    tag: TAG,
    summary: 'Remove a member',
    description: 'Everybody may leave. What the member made stays.',
    permission: onVisibleTeam('`team:remove_member` in the team, or to be the member'),
    params,
    answers: { 204: { description: 'It is no member any more.' } },
    problems: ['team.not_found', 'team.not_a_member', 'team.service_account'],
    handle: async ({ memberships }, { context, params: { teamId, userId } }) => {
      await memberships.remove(context, teamId, userId);
      return noContent;
    },
  }),
];
