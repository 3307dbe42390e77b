import { z } from 'zod';
import { DomainError } from '../../kernel/errors.js';
import { LIMITS } from '../../kernel/limits.js';
import { defineRoute, ok, type Route } from '../frame/route.js';
import { orNull } from '../schemas/common.js';

const TAG = 'Audit';
const DAY = 86_400_000;

const date = z.iso.date('must be a date like 2026-01-15');

const daySchema = z.strictObject({
  date: date.meta({ description: 'Day in UTC.' }),
  total: z.int().min(0).meta({ description: 'Mutations on every surface.' }),
  provisioned: z.int().min(0).meta({ description: 'Those that identity providers made over SCIM.' }),
  actions: z.record(z.string(), z.int().min(1)).meta({
    description: 'How often each action was done, in the words of the audit events.',
  }),
});

const seatsSchema = z.strictObject({
  kind: z.enum(['full', 'viewer']),
  limit: z.int().min(0).nullable().meta({ description: 'Null: there is none.' }),
  used: z.int().min(0).meta({ description: 'Active people who have one.' }),
  free: z.int().min(0).nullable().meta({ description: 'Null without a limit.' }),
});

export const activityRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: '/api/v1/activity',
    operationId: 'activity.get',
    tag: TAG,
    summary: 'Read what was done on each day',
    permission: 'system:view_activity',
    query: z.strictObject({
      from: date.meta({ description: 'The first day, in UTC.', example: '2026-01-01' }),
      to: date.meta({
        description: `The last day, in UTC; at most ${LIMITS.activityDays} days in all.`,
        example: '2026-01-31',
      }),
    }),
    answers: {
      200: {
        description: 'Every day of the range, also those on which nothing was done.',
        schema: z.strictObject({ items: z.array(daySchema) }).meta({ id: 'Activity' }),
      },
    },
    handle: async ({ audit }, { context, query }) => {
      const [from, to] = [Date.parse(query.from), Date.parse(query.to)];
      requireRange(from, to);
      return ok({ items: await audit.activity(context.organizationId, from, to) });
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/api/v1/seats',
    operationId: 'seats.get',
    tag: TAG,
    summary: 'Read how many seats are taken',
    permission: 'system:view_activity',
    answers: {
      200: {
        description: 'The seats of each kind.',
        schema: z.strictObject({ items: z.array(seatsSchema) }).meta({ id: 'Seats' }),
      },
    },
    handle: async ({ seats }, { context }) => {
      const usage = await seats.usage(context.organizationId);
      return ok({
        items: usage.map(({ kind, limit, used, free }) => ({
          kind,
          limit: orNull(limit),
          used,
          free: orNull(free),
        })),
      });
    },
  }),
];

/** @throws DomainError request.invalid */
function requireRange(from: number, to: number): void {
  if (to < from)
    throw new DomainError('request.invalid', { field: 'to', detail: 'to must not be before from.' });
  if (to - from >= LIMITS.activityDays * DAY)
    throw new DomainError('request.invalid', {
      field: 'to',
      detail: `The range must not be longer than ${LIMITS.activityDays} days.`,
    });
}
