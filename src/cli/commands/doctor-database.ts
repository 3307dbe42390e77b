import { listMigrations } from '../../persistence/index.js';
import { defineDatabaseCommand } from '../command.js';
import { EXIT } from '../exit-code.js';
import { formatCheck, type Check } from '../doctor/check.js';

/** The part of `doctor` that has to run where the database is open. */
export const doctorDatabase = defineDatabaseCommand({
  name: 'doctor database',
  summary: 'check the database',
  options: {},
  isInternal: true,
  needsSchema: false,
  async execute(_values, { output, connection, serverUrl }) {
    await connection.ping();
    const migrations = await listMigrations(connection.db);
    const pending = migrations.filter(({ executedAt }) => executedAt === undefined).length;
    const server = serverUrl === undefined ? '' : `, asked through the server at ${serverUrl}`;
    const checks: readonly Check[] = [
      { subject: 'database', verdict: 'ok', finding: `${connection.kind} answers${server}` },
      pending === 0
        ? { subject: 'migrations', verdict: 'ok', finding: `all ${migrations.length} are there` }
        : {
            subject: 'migrations',
            verdict: 'wrong',
            finding: `${pending} are missing; run \`migrate\` or \`serve\``,
          },
    ];
    output.out(checks.map(formatCheck).join(''));
    return pending === 0 ? EXIT.ok : EXIT.failure;
  },
});
