import { z } from 'zod';
import { defineRoute, ok, type Route } from '../frame/route.js';
import { id, instant, orNull } from '../schemas/common.js';
import { sendEmail } from '../schemas/invitation.js';

const issuedSchema = z
  .strictObject({
    userId: id,
    link: z.string().nullable().meta({
      description: 'The link to hand over, shown this once; null when a mail carries it.',
    }),
    expiresAt: instant,
  })
  .meta({ id: 'IssuedPasswordReset', description: 'A link to a new password.' });

export const passwordResetRoutes: readonly Route[] = [
  defineRoute({
    method: 'POST',
    path: '/api/v1/users/{userId}/password-resets',
    operationId: 'passwordResets.create',
    tag: 'Sessions',
    summary: 'Make a link to a new password',
    description:
      'For an account that has a password here. The link is good for an hour, once; the one before is worthless. The mail goes to the address that the account was given its password with. Whoever uses the link is signed out everywhere.',
    permission: 'organization:update_user_role',
    params: z.strictObject({ userId: id }),
    body: z.strictObject({ sendEmail }),
    bodyExamples: { handOver: { summary: 'A link to hand over', value: { sendEmail: false } } },
    answers: { 200: { description: 'The link was made.', schema: issuedSchema } },
    problems: ['user.not_found', 'account.no_password'],
    handle: async ({ passwordResets }, { context, params: { userId }, body }) => {
      const { link, expiresAt } = await passwordResets.issue(context, userId, body);
      return ok({ userId, link: orNull(link), expiresAt });
    },
  }),
];
