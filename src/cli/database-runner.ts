import { loadConfig } from '../config/index.js';
import { createLogger } from '../observability/index.js';
import { listMigrations, migrateToLatest, type DatabaseConnection } from '../persistence/index.js';
import type { DatabaseCommand, DatabaseContext, ProcessContext } from './command.js';
import { describeHolder } from './data-dir-in-use.js';
import { CommandFailure } from './failure.js';
import { forwardCommand } from './local-control/forward-command.js';
import { reportConfigProblems } from './report-config-problems.js';
import type { Output } from './terminal.js';

/**
 * Runs a command on the database: here, or in the running server when that holds the embedded database.
 * @returns the exit code. @throws UsageError, CommandFailure, DomainError
 */
export async function runDatabaseCommand(
  command: DatabaseCommand,
  args: readonly string[],
  { terminal, env, composition }: ProcessContext,
  output: Output = terminal,
): Promise<number> {
  command.check(args);
  const config = loadConfig(env);
  if (!config.ok) return reportConfigProblems(config.error, terminal);
  const input = await command.readInput(args, terminal);
  // Commands report to the person in front of them; only trouble is worth a log line besides.
  const opened = await composition.openDatabase(config.value, createLogger('fatal'));
  if (!opened.ok) {
    const request = { command: command.name, args, ...(input === undefined ? {} : { input }) };
    const forwarded = await forwardCommand(config.value.dataDir, request, output);
    if (forwarded.ok) return forwarded.value;
    throw new CommandFailure(
      `${describeHolder(config.value.dataDir, opened.error)}\nIt could not be asked to do this: ${forwarded.error}.`,
    );
  }
  const { connection } = opened.value;
  try {
    if (command.needsSchema) await ensureSchema(connection);
    const services = composition.createServices(connection, config.value);
    const context = { output, config: config.value, connection, services, input, serverUrl: undefined };
    return await command.execute(args, context satisfies DatabaseContext);
  } finally {
    await opened.value.release();
  }
}

/** An embedded database is this release's own. A Postgres may be shared with servers that still run the one before. */
async function ensureSchema(connection: DatabaseConnection): Promise<void> {
  if (connection.kind === 'pglite') {
    await migrateToLatest(connection.db);
    return;
  }
  const pending = (await listMigrations(connection.db)).filter(({ executedAt }) => executedAt === undefined);
  if (pending.length > 0)
    throw new CommandFailure(
      `The database lacks ${pending.length} migrations of this release: run \`migrate\`.`,
    );
}
