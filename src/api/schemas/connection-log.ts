import { z } from 'zod';
import { explainFailure } from '../../directory/provisioning-log/explanations.js';
import { IDP_CLIENTS, type LogEntry } from '../../directory/provisioning-log/log-entry.js';
import { id, instant, orNull } from './common.js';

export const logOutcome = z.enum(['success', 'failure']);

export const logEntrySchema = z
  .strictObject({
    id,
    occurredAt: instant,
    requestId: z
      .string()
      .meta({ description: 'As answered in `X-Request-Id`; audit events of the request have it too.' }),
    client: z.enum(IDP_CLIENTS).meta({
      description:
        'Who sent it, by what it sends. `script`: curl and the like. Most clients say nothing about themselves.',
    }),
    operation: z.string().meta({ description: 'What was asked for, such as `users.patch`.' }),
    method: z.string(),
    targetId: id.nullable().meta({ description: 'The id in the address.' }),
    status: z.int().meta({ description: 'HTTP status code of the answer.' }),
    outcome: logOutcome.meta({
      description: 'A Bulk request has failed when one of its operations has, although it is answered 200.',
    }),
    code: z
      .string()
      .nullable()
      .meta({ description: 'Why it failed: an error code or a SCIM error keyword.' }),
    detail: z.string().nullable().meta({ description: 'What the client was told.' }),
    cause: z.string().nullable().meta({ description: 'What that means, in a sentence.' }),
    setting: z
      .string()
      .nullable()
      .meta({ description: 'What to change, and where in the identity provider when that is known.' }),
    request: z
      .string()
      .nullable()
      .meta({ description: 'The shape of the body of a failed request, its values taken out; may be cut.' }),
    duration: z.int().min(0).meta({ description: 'Milliseconds; of several requests the longest.' }),
    count: z.int().min(1).meta({
      description: 'Requests of the same second that were like this one and are not listed, with itself.',
    }),
    sourceAddress: z.string().nullable(),
  })
  .meta({ id: 'LogEntry', description: 'A SCIM request of a connection, and what became of it.' });

export function logEntryToWire(entry: LogEntry): z.input<typeof logEntrySchema> {
  const { failure } = entry;
  const explanation = failure && explainFailure(failure.code, entry.client);
  return {
    id: entry.id,
    occurredAt: entry.occurredAt,
    requestId: entry.requestId,
    client: entry.client,
    operation: entry.operation,
    method: entry.method,
    targetId: orNull(entry.targetId),
    status: entry.status,
    outcome: failure ? 'failure' : 'success',
    code: orNull(failure?.code),
    detail: orNull(failure?.detail),
    cause: orNull(explanation?.cause),
    setting: orNull(explanation?.setting),
    request: orNull(failure?.request),
    duration: entry.duration,
    count: entry.count,
    sourceAddress: orNull(entry.sourceAddress),
  };
}
