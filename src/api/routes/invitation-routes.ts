import { z } from 'zod';
import type { IssuedInvitation } from '../../directory/invitations/invitation.js';
import { ORGANIZATION_ROLES, SEATS } from '../../directory/schema/index.js';
import { LIMITS } from '../../kernel/limits.js';
import { created, defineRoute, noContent, ok, type Route } from '../frame/route.js';
import { id, name } from '../schemas/common.js';
import {
  invitationSchema,
  invitationState,
  invitationToWire,
  invitedAddresses,
  issuedInvitationSchema,
  issuedInvitationsSchema,
  issuedToWire,
  sendEmail,
} from '../schemas/invitation.js';
import { pageOf } from '../schemas/page.js';

const PATH = '/api/v1/invitations';
const INVITATION = `${PATH}/{invitationId}` as const;
const TAG = 'Invitations';
const PERMISSION = 'organization:invite_user';

const params = z.strictObject({ invitationId: id });

const teamRole = z.strictObject({
  teamId: id,
  roleName: name.optional().meta({ description: 'Member unless given.' }),
});

export const invitationRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: PATH,
    operationId: 'invitations.list',
    tag: TAG,
    summary: 'List invitations',
    permission: PERMISSION,
    list: { sort: ['id'] },
    query: z.strictObject({
      state: invitationState.optional(),
      search: z
        .string()
        .min(1)
        .max(LIMITS.nameLength)
        .optional()
        .meta({ description: 'Part of the address, in any case.', example: 'example.com' }),
      teamId: id.optional().meta({ description: 'Only invitations into this team.' }),
    }),
    answers: { 200: { description: 'A page, the oldest first.', schema: pageOf(invitationSchema) } },
    handle: async ({ invitations }, { context, query, page }) => {
      const found = await invitations.list(context.organizationId, {
        state: query.state,
        search: query.search,
        teamId: query.teamId,
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
    operationId: 'invitations.create',
    tag: TAG,
    summary: 'Invite people',
    description:
      'One or many, all or none. The links are good for seven days, once. An invitation takes no seat, but is refused while none is free.',
    permission: PERMISSION,
    body: z.strictObject({
      emails: invitedAddresses,
      organizationRole: z.enum(ORGANIZATION_ROLES).optional().meta({ description: 'Member unless given.' }),
      seat: z.enum(SEATS).optional().meta({ description: 'Full unless given.' }),
      teamRoles: z
        .array(teamRole)
        .max(LIMITS.teamRolesPerRequest)
        .default([])
        .meta({ description: 'Teams to join on acceptance.' }),
      sendEmail,
    }),
    bodyExamples: {
      one: { summary: 'A colleague', value: { emails: ['ada@example.com'] } },
      many: {
        summary: 'A pasted list of viewers, to whom the links are handed over',
        value: {
          emails: ['grace@example.com, alan@example.com'],
          organizationRole: 'viewer',
          seat: 'viewer',
          sendEmail: false,
        },
      },
    },
    answers: { 201: { description: 'The invitations.', schema: issuedInvitationsSchema } },
    problems: [
      'invitation.invalid',
      'invitation.already_invited',
      'invitation.already_member',
      'invitation.user_deactivated',
      'invitation.user_removed',
      'user.seat_limit_reached',
      'user.unknown_team',
      'user.unknown_role',
    ],
    handle: async ({ invitations }, { context, body }) => {
      const issued = await invitations.invite(context, {
        emails: body.emails,
        organizationRole: body.organizationRole,
        seat: body.seat,
        teamRoles: body.teamRoles.map(({ teamId, roleName }) => ({
          teamId,
          ...(roleName === undefined ? {} : { roleName }),
        })),
        sendEmail: body.sendEmail,
      });
      return created({ items: issued.map(issuedToWire) }, locationOf(issued));
    },
  }),
  defineRoute({
    method: 'GET',
    path: INVITATION,
    operationId: 'invitations.get',
    tag: TAG,
    summary: 'Read an invitation',
    permission: PERMISSION,
    params,
    answers: { 200: { description: 'The invitation.', schema: invitationSchema } },
    problems: ['invitation.not_found'],
    handle: async ({ invitations }, { context, params }) =>
      ok(invitationToWire(await invitations.get(context.organizationId, params.invitationId))),
  }),
  defineRoute({
    method: 'POST',
    path: `${INVITATION}/resend`,
    operationId: 'invitations.resend',
    tag: TAG,
    summary: 'Send an invitation again',
    description: 'With a new link, good for seven days from now. The one before is worthless.',
    permission: PERMISSION,
    params,
    body: z.strictObject({ sendEmail }),
    bodyExamples: { link: { summary: 'To hand the link over', value: { sendEmail: false } } },
    answers: { 200: { description: 'The invitation as it is now.', schema: issuedInvitationSchema } },
    problems: [
      'invitation.not_found',
      'invitation.not_open',
      'invitation.already_invited',
      'invitation.already_member',
      'invitation.user_deactivated',
      'invitation.user_removed',
    ],
    handle: async ({ invitations }, { context, params, body }) =>
      ok(issuedToWire(await invitations.resend(context, params.invitationId, body.sendEmail))),
  }),
  defineRoute({
    method: 'DELETE',
    path: INVITATION,
    operationId: 'invitations.revoke',
    tag: TAG,
    summary: 'Revoke an invitation',
    description: 'Its link is worthless from now on. It stays in the list as revoked.',
    permission: PERMISSION,
    params,
    answers: { 204: { description: 'It is revoked.' } },
    problems: ['invitation.not_found', 'invitation.not_open'],
    handle: async ({ invitations }, { context, params }) => {
      await invitations.revoke(context, params.invitationId);
      return noContent;
    },
  }),
];

/** One invitation is at its own address, several are in the list. */
const locationOf = (issued: readonly IssuedInvitation[]): string =>
  issued.length === 1 && issued[0] ? `${PATH}/${issued[0].invitation.id}` : PATH;
