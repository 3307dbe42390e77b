import { explainFailure } from '../../directory/provisioning-log/explanations.js';
import type { LogEntry } from '../../directory/provisioning-log/log-entry.js';
import { LIMITS } from '../../kernel/limits.js';
import { defineDatabaseCommand } from '../command.js';
import { EXIT } from '../exit-code.js';
import { UsageError } from '../failure.js';
import { formatTable } from '../format-table.js';
import { parsePositiveInteger } from '../options.js';
import { operateIn, organizationOption } from './organization.js';

const DEFAULT_LIMIT = 20;

export const connectionLog = defineDatabaseCommand({
  name: 'connection log',
  summary: 'show the last SCIM requests of a connection, and why those failed that did',
  options: {
    failures: { type: 'boolean', help: 'only those that failed' },
    limit: { type: 'string', placeholder: 'N', help: `so many; ${DEFAULT_LIMIT} unless given` },
    organization: organizationOption,
  },
  positionals: ['NAME'],
  async execute(values, { output, services }, [name = '']) {
    const limit = values.limit === undefined ? DEFAULT_LIMIT : parsePositiveInteger('limit', values.limit);
    if (limit > LIMITS.pageSize) throw new UsageError(`--limit is at most ${LIMITS.pageSize}.`);
    const { organizationId } = await operateIn(services, values.organization);
    const connection = await services.connections.get(organizationId, name);
    const { items } = await services.provisioningLog.list(organizationId, connection.id, {
      outcome: values.failures ? 'failure' : undefined,
      requestId: undefined,
      after: undefined,
      limit,
      descending: true,
    });
    const oldestFirst = items.toReversed();
    output.out(
      formatTable(
        ['TIME', 'CLIENT', 'OPERATION', 'STATUS', 'COUNT', 'MS', 'REQUEST ID'],
        oldestFirst.map(toRow),
      ),
    );
    for (const entry of oldestFirst) output.out(describeFailure(entry));
    return EXIT.ok;
  },
});

const toRow = (entry: LogEntry): string[] => [
  entry.occurredAt,
  entry.client,
  entry.operation,
  String(entry.status),
  String(entry.count),
  String(entry.duration),
  entry.requestId,
];

function describeFailure({ failure, client, requestId }: LogEntry): string {
  if (!failure) return '';
  const { cause, setting } = explainFailure(failure.code, client);
  const lines = [`\n${requestId}: ${failure.code}`, failure.detail, cause, setting, failure.request];
  return `${lines.filter((line) => line !== undefined && line !== '').join('\n  ')}\n`;
}
