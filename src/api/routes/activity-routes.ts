import { z } from 'zod';
import { DomainError } from '../../kernel/errors.js';
import { LIMITS } from '../../kernel/limits.js';
import { defineRoute, ok, type Route } from '../frame/route.js';
import { orNull } from '../schemas/common.js';

const TAG = 'Audit';
const DAY = 86_400_000;

const date = z.iso.date('must be a date like 2026-01-15');

const activeUsers = z.int().min(0).meta({
  description:
    'People who used the product: with a session, an API key or a sign-in. Service accounts are not counted.',
});

const monthSchema = z.strictObject({
  month: z.string().meta({ description: 'Month in UTC: the year and the month, with a hyphen between.' }),
  activeUsers: activeUsers.meta({
    description: 'People who were active on at least one of its days in the range.',
  }),
});

const daySchema = z.strictObject({
  date: date.meta({ description: 'Day in UTC.' }),
  activeUsers,
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
    summary: 'Read who was active and what was done on each day',
    description: `Of people who were removed from the organization nothing is counted any more. Active people are kept for ${LIMITS.activityMonths} months before this one.`,
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
        schema: z
          .strictObject({
            activeUsers: activeUsers.meta({ description: 'People who were active on any day of the range.' }),
            months: z.array(monthSchema).meta({ description: 'Every month that the range touches.' }),
            items: z.array(daySchema),
          })
          .meta({ id: 'Activity' }),
      },
    },
    handle: async ({ audit, activeUsers: people }, { context: { organizationId }, query }) => {
      const [from, to] = [Date.parse(query.from), Date.parse(query.to)];
      requireRange(from, to);
      const [days, active] = await Promise.all([
        audit.activity(organizationId, from, to),
        people.count(organizationId, from, to),
      ]);
      return ok({
        activeUsers: active.total,
        months: active.months.map(({ month, count }) => ({ month, activeUsers: count })),
        items: days.map((day) => ({ ...day, activeUsers: active.on(day.date) })),
      });
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
