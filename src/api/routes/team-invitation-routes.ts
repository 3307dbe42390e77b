import { z } from 'zod';
import { LIMITS } from '../../kernel/limits.js';
import { created, defineRoute, noContent, type CheckedPermission, type Route } from '../frame/route.js';
import { id, name } from '../schemas/common.js';
import {
  invitationSchema,
  invitationState,
  invitationToWire,
  invitedAddresses,
  issuedInvitationsSchema,
  issuedToWire,
  sendEmail,
} from '../schemas/invitation.js';
import { pageOf } from '../schemas/page.js';

const PATH = '/api/v1/teams/{teamId}/invitations';
const TAG = 'Invitations';

interface TeamParams {
  readonly teamId: string;
}

/** Admins of the team and of the organization, and members where the settings let them. */
const mayInvite: CheckedPermission<TeamParams> = {
  needs: '`team:invite_member` or `team:add_member`',
  check: async ({ teamInvitations, teamManagement }, context, { teamId }) => {
    await teamManagement.get(context, teamId);
    await teamInvitations.requireMayInvite(context.principal, teamId);
  },
};

const managesMembers: CheckedPermission<TeamParams & { readonly invitationId: string }> = {
  needs: '`team:add_member`',
  check: async ({ teamInvitations, teamManagement }, context, { teamId }) => {
    await teamManagement.get(context, teamId);
    await teamInvitations.requireManager(context.principal, teamId);
  },
};

const params = z.strictObject({ teamId: id });

export const teamInvitationRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: PATH,
    operationId: 'teamInvitations.list',
    tag: TAG,
    summary: 'List invitations into a team',
    description: 'Other teams of an invitation show to those who may invite into the organization.',
    permission: mayInvite,
    params,
    list: { sort: ['id'] },
    query: z.strictObject({
      state: invitationState.optional(),
      search: z
        .string()
        .min(1)
        .max(LIMITS.nameLength)
        .optional()
        .meta({ description: 'Part of the address, in any case.', example: 'example.com' }),
    }),
    answers: { 200: { description: 'A page, the oldest first.', schema: pageOf(invitationSchema) } },
    problems: ['team.not_found'],
    handle: async ({ teamInvitations }, { context, params, query, page }) => {
      const found = await teamInvitations.list(context, params.teamId, {
        state: query.state,
        search: query.search,
        after: page.after,
        limit: page.limit,
        descending: page.sort.descending,
      });
      return page.reply(found, invitationToWire);
    },
  }),
  defineRoute({
    method: 'POST',
    path: PATH,
    operationId: 'teamInvitations.create',
    tag: TAG,
    summary: 'Invite people into a team',
    description:
      'Who has no account gets one on acceptance, as a member of the organization. Roles above member are for those who manage the members of the team; links for those who may invite into the organization. An open invitation of the same address takes the team up.',
    permission: mayInvite,
    params,
    body: z.strictObject({
      emails: invitedAddresses,
      roleName: name.optional().meta({ description: 'Of the team: member unless given.' }),
      sendEmail,
    }),
    bodyExamples: { one: { summary: 'A colleague', value: { emails: ['ada@example.com'] } } },
    answers: { 201: { description: 'The invitations.', schema: issuedInvitationsSchema } },
    problems: [
      'team.not_found',
      'invitation.invalid',
      'invitation.already_invited',
      'invitation.already_member',
      'invitation.user_deactivated',
      'invitation.user_removed',
      'user.seat_limit_reached',
      'user.unknown_role',
      'team.admin_access_disabled',
    ],
    handle: async ({ teamInvitations }, { context, params, body }) => {
      const issued = await teamInvitations.invite(context, params.teamId, {
        emails: body.emails,
        roleName: body.roleName,
        sendEmail: body.sendEmail,
      });
      return created({ items: issued.map(issuedToWire) }, PATH.replace('{teamId}', params.teamId));
    },
  }),
  defineRoute({
    method: 'DELETE',
    path: `${PATH}/{invitationId}`,
    operationId: 'teamInvitations.withdraw',
    tag: TAG,
    summary: 'Take a team out of an invitation',
    description: 'An invitation that was made for this team alone is revoked.',
    permission: managesMembers,
    params: z.strictObject({ teamId: id, invitationId: id }),
    answers: { 204: { description: 'The invited person will not join the team.' } },
    problems: ['team.not_found', 'invitation.not_found', 'invitation.not_open'],
    handle: async ({ teamInvitations }, { context, params }) => {
      await teamInvitations.withdraw(context, params.teamId, params.invitationId);
      return noContent;
    },
  }),
];
