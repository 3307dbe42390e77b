import { z } from 'zod';
import { ATTRIBUTION_OUTCOMES } from '../../directory/attributions/attribution-service.js';
import { LIMITS } from '../../kernel/limits.js';
import { defineRoute, ok, type Route } from '../frame/route.js';
import { id, orNull } from '../schemas/common.js';

const person = z.string().min(1).max(LIMITS.stringLength);

const attributionSchema = z
  .strictObject({
    userId: id.nullable().meta({ description: '`null`: the work is attributed to nobody, and goes on.' }),
    teamId: id.meta({ description: 'The team that was looked at.' }),
    outcome: z.enum(ATTRIBUTION_OUTCOMES),
  })
  .meta({ id: 'Attribution', description: 'Whose the work of a service account is.' });

export const attributionRoutes: readonly Route[] = [
  defineRoute({
    method: 'POST',
    path: '/api/v1/attributions',
    operationId: 'attributions.find',
    tag: 'Service accounts',
    summary: 'Find out whose work it is',
    description:
      'Work of a service account is attributed to the person that its client names, if that is an active member of the team. Exactly one of `username` and `email` is given.',
    permission: 'organization:read_users',
    body: z
      .strictObject({
        serviceAccountId: id.optional().meta({ description: 'The caller unless given.' }),
        teamId: id.optional().meta({ description: "The service account's team unless given." }),
        username: person.optional(),
        email: person.optional(),
      })
      .refine(({ username, email }) => (username === undefined) !== (email === undefined), {
        path: ['username'],
        message: 'exactly one of username and email is required',
      }),
    bodyExamples: {
      email: {
        summary: 'By e-mail address',
        value: { serviceAccountId: '019aa006-1c20-7d63-8b52-4a5b6c7d8e08', email: 'ada@example.com' },
      },
    },
    answers: { 200: { description: 'Whose it is, and why.', schema: attributionSchema } },
    problems: ['service_account.not_found', 'team.not_found'],
    handle: async ({ attributions }, { context, body }) => {
      const { organizationId, principal } = context;
      const { userId, teamId, outcome } = await attributions.attribute(organizationId, {
        serviceAccountId: body.serviceAccountId ?? principal.userId,
        teamId: body.teamId,
        person: body.username ?? body.email ?? '',
      });
      return ok({ userId: orNull(userId), teamId, outcome });
    },
  }),
];
