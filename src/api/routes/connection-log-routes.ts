import { z } from 'zod';
import { LIMITS } from '../../kernel/limits.js';
import { defineRoute, type Route } from '../frame/route.js';
import { id } from '../schemas/common.js';
import { logEntrySchema, logEntryToWire, logOutcome } from '../schemas/connection-log.js';
import { pageOf } from '../schemas/page.js';

export const connectionLogRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: '/api/v1/connections/{connectionId}/log',
    operationId: 'connections.listLog',
    tag: 'Connections',
    summary: "List a connection's requests",
    description:
      'What the identity provider asked for over SCIM and what became of it, with the cause of each failure and the setting to change. Kept for `PROVISIONING_LOG_DAYS`, without bodies; other processes write theirs at most a second later.',
    permission: 'connection:manage',
    params: z.strictObject({ connectionId: id }),
    list: { sort: ['id'], defaultOrder: '-id' },
    query: z.strictObject({
      outcome: logOutcome.optional().meta({ description: 'Only these.', example: 'failure' }),
      requestId: z
        .string()
        .max(LIMITS.nameLength)
        .optional()
        .meta({ description: 'The request with this id.' }),
    }),
    answers: { 200: { description: 'A page of the log, the newest first.', schema: pageOf(logEntrySchema) } },
    problems: ['connection.not_found'],
    handle: async ({ provisioningLog }, { context, params: { connectionId }, query, page }) => {
      const found = await provisioningLog.list(context.organizationId, connectionId, {
        outcome: query.outcome,
        requestId: query.requestId,
        after: page.after,
        limit: page.limit,
        descending: page.sort.descending,
      });
      return page.reply(found, logEntryToWire);
    },
  }),
];
