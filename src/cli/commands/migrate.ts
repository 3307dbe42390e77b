import { listMigrations, migrateDown, migrateToLatest } from '../../persistence/index.js';
import { defineDatabaseCommand } from '../command.js';
import { EXIT } from '../exit-code.js';
import { CommandFailure, UsageError } from '../failure.js';
import { formatTable } from '../format-table.js';

export const migrate = defineDatabaseCommand({
  name: 'migrate',
  summary: 'bring the database schema to this release (`serve` does so too)',
  options: {
    down: { type: 'boolean', help: 'take the newest migration back instead' },
    status: { type: 'boolean', help: 'only say what the database has' },
  },
  needsSchema: false,
  async execute({ down, status }, { output, connection, serverUrl }) {
    if (down && status) throw new UsageError('--down and --status exclude each other.');
    if (status) {
      const migrations = await listMigrations(connection.db);
      const rows = migrations.map(({ name, executedAt }) => [name, executedAt?.toISOString() ?? 'pending']);
      output.out(formatTable(['MIGRATION', 'EXECUTED'], rows));
    } else if (down) {
      // The code of a running server needs the schema it was made for.
      if (serverUrl !== undefined)
        throw new CommandFailure('Stop the server first: it needs the schema it has.');
      const name = await migrateDown(connection.db);
      output.out(name === undefined ? 'There is nothing to take back.\n' : `Took back ${name}\n`);
    } else {
      const names = await migrateToLatest(connection.db);
      output.out(
        names.length === 0 ? 'The schema is current.\n' : names.map((name) => `Ran ${name}\n`).join(''),
      );
    }
    return EXIT.ok;
  },
});
