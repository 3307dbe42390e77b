import { z } from 'zod';
import { ACTOR_KINDS, AUDIT_TARGET_TYPES, type AuditEvent } from '../../directory/audit/audit-event.js';
import { id, instant, orNull } from './common.js';

const change = z.record(z.string(), z.unknown()).nullable();

export const auditEventSchema = z
  .strictObject({
    id,
    occurredAt: instant,
    actorKind: z.enum(ACTOR_KINDS).meta({
      description:
        'Who did it: `user` in a browser, `api_key` a program, `connection` an identity provider over SCIM, `sso_connection` a sign-in, `invitation` whoever had its link, `system` the operator.',
    }),
    actorId: z.string().meta({ description: 'Id of that account, key, connection or invitation.' }),
    action: z.string().meta({ description: 'What was done.' }),
    targetType: z.enum(AUDIT_TARGET_TYPES),
    targetId: id,
    before: change.meta({ description: 'What was changed, as it was; null when there was nothing.' }),
    after: change.meta({ description: 'What was changed, as it is since; null when it is gone.' }),
    requestId: z.string().meta({ description: 'As answered in `X-Request-Id`.' }),
    sourceAddress: z.string().nullable().meta({ description: 'Network address that the request came from.' }),
  })
  .meta({ id: 'AuditEvent', description: 'One mutation.' });

export function auditEventToWire(event: AuditEvent): z.input<typeof auditEventSchema> {
  return {
    id: event.id,
    occurredAt: event.occurredAt,
    actorKind: event.actorKind,
    actorId: event.actorId,
    action: event.action,
    targetType: event.targetType,
    targetId: event.targetId,
    before: parsed(event.before),
    after: parsed(event.after),
    requestId: event.requestId,
    sourceAddress: orNull(event.sourceAddress),
  };
}

const parsed = (text: string | undefined): Record<string, unknown> | null =>
  text === undefined ? null : (JSON.parse(text) as Record<string, unknown>);
