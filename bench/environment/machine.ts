import { availableParallelism, cpus, totalmem } from 'node:os';
import { queryDatabase } from './postgres.ts';

/** One line that says what the figures were measured on. */
export async function describeMachine(adminUrl: string): Promise<string> {
  const { rows } = await queryDatabase(adminUrl, 'show server_version');
  const memory = `${Math.round(totalmem() / 1_024 ** 3)} GB`;
  const model = cpus()[0]?.model.trim() ?? 'unknown processor';
  const postgres = String(rows[0]?.['server_version']);
  return `${availableParallelism()} cores (${model}), ${memory}, Node ${process.version}, Postgres ${postgres}`;
}
