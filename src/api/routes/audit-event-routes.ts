import { z } from 'zod';
import { anonymize } from '../../directory/audit/anonymize.js';
import {
  ACTOR_KINDS,
  AUDIT_ACTIONS,
  AUDIT_TARGET_TYPES,
  type AuditEvent,
} from '../../directory/audit/audit-event.js';
import type { AuditFilter } from '../../directory/audit/audit-store.js';
import { toInstant } from '../../kernel/clock.js';
import { LIMITS } from '../../kernel/limits.js';
import { defineRoute, type Route } from '../frame/route.js';
import { auditEventSchema, auditEventToWire } from '../schemas/audit-event.js';
import { id } from '../schemas/common.js';
import { pageOf } from '../schemas/page.js';

const PATH = '/api/v1/audit-events';
const TAG = 'Audit';

const moment = z.iso.datetime({ offset: true, error: 'must be a date-time of RFC 3339' });

const querySchema = z.strictObject({
  action: z
    .enum(AUDIT_ACTIONS)
    .optional()
    .meta({ description: 'What was done.', example: 'user:deactivate' }),
  actorKind: z.enum(ACTOR_KINDS).optional().meta({ description: 'Who did it: the kind of actor.' }),
  actorId: z.string().max(LIMITS.nameLength).optional().meta({ description: 'Who did it: the id.' }),
  targetType: z.enum(AUDIT_TARGET_TYPES).optional().meta({ description: 'To what it was done: the kind.' }),
  targetId: id.optional().meta({ description: 'To what it was done: the id.' }),
  from: moment.optional().meta({ description: 'Events of this moment and later (RFC 3339).' }),
  to: moment.optional().meta({ description: 'Events before this moment (RFC 3339).' }),
  anonymize: z.enum(['true', 'false']).optional().meta({
    description:
      '`true`: without names, userNames, e-mail addresses, subjects and network addresses; people remain as ids.',
  }),
});

type AuditQuery = z.output<typeof querySchema>;

export const auditEventRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: PATH,
    operationId: 'auditEvents.list',
    tag: TAG,
    summary: 'List audit events',
    description:
      'Every mutation on every surface, with what it changed and who made it. Nothing can change or remove an event.',
    permission: 'audit:read',
    list: { sort: ['id'], defaultOrder: '-id' },
    query: querySchema,
    answers: {
      200: { description: 'A page of the events, the newest first.', schema: pageOf(auditEventSchema) },
    },
    handle: async ({ audit }, { context, query, page }) => {
      const window = { after: page.after, limit: page.limit, descending: page.sort.descending };
      const found = await audit.list(context.organizationId, filterOf(query), window);
      return page.reply(found, toWireOf(query));
    },
  }),
  defineRoute({
    method: 'GET',
    path: `${PATH}/export`,
    operationId: 'auditEvents.export',
    tag: TAG,
    summary: 'Export audit events',
    description:
      'All events that the filter selects, the newest first, as one JSON object of the schema AuditEvent per line. A connection that breaks off before the end was not a complete export.',
    permission: 'audit:read',
    query: querySchema,
    answers: {
      200: { description: 'The events.', contentType: 'application/x-ndjson', schema: z.string() },
    },
    handle: ({ audit }, { context, query }) => {
      const pages = audit.export(context.organizationId, filterOf(query));
      return Promise.resolve({
        status: 200,
        stream: { contentType: 'application/x-ndjson', pieces: linesOf(pages, toWireOf(query)) },
        headers: { 'Content-Disposition': 'attachment; filename="audit-events.ndjson"' },
      });
    },
  }),
];

const filterOf = ({
  action,
  actorKind,
  actorId,
  targetType,
  targetId,
  from,
  to,
}: AuditQuery): AuditFilter => ({
  action,
  actorKind,
  actorId,
  targetType,
  targetId,
  from: from === undefined ? undefined : toInstant(Date.parse(from)),
  to: to === undefined ? undefined : toInstant(Date.parse(to)),
});

const toWireOf =
  ({ anonymize: isAnonymous }: AuditQuery) =>
  (event: AuditEvent): unknown =>
    auditEventToWire(isAnonymous === 'true' ? anonymize(event) : event);

async function* linesOf(
  pages: AsyncIterable<readonly AuditEvent[]>,
  toWire: (event: AuditEvent) => unknown,
): AsyncGenerator<string> {
  for await (const events of pages)
    yield events.map((event) => `${JSON.stringify(toWire(event))}\n`).join('');
}
