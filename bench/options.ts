import { parseArgs } from 'node:util';

export const CELL_NAMES = [
  'get',
  'match',
  'miss',
  'create',
  'patch',
  'put',
  'list',
  'cursor',
  'index',
  'depth',
  'groups',
  'memory',
  'sync',
  'evaluation',
  'evaluations',
  'deactivation',
] as const;
export type CellName = (typeof CELL_NAMES)[number];

export interface Options {
  /** Seconds of one measurement of one server in one cell. */
  readonly seconds: number;
  /** Seconds of load before the first measurement of a server in a cell; not counted. */
  readonly warmUpSeconds: number;
  /** Measurements of each server in each cell, alternating. */
  readonly rounds: number;
  /** Users in the directory before anything is measured. */
  readonly users: number;
  /** Users created in one round of the initial sync. */
  readonly syncUsers: number;
  /** People deactivated in the measurement of how soon that is felt. */
  readonly deactivations: number;
  readonly connections: number;
  /** Database connections of each server. */
  readonly poolSize: number;
  readonly cells: ReadonlySet<CellName>;
  /** Measures the reference against a second reference, which shows how far a ratio strays by chance. */
  readonly calibrate: boolean;
  readonly jsonFile: string | undefined;
}

/**
 * Reads flags and BENCH_* variables.
 *
 * @throws Error naming the flag or variable that cannot be used.
 */
export function readOptions(args: readonly string[], env: NodeJS.ProcessEnv): Options {
  const { values } = parseArgs({
    args: [...args],
    options: { only: { type: 'string' }, json: { type: 'string' }, calibrate: { type: 'boolean' } },
  });
  return {
    seconds: readPositiveInteger(env, 'BENCH_SECONDS', 2),
    warmUpSeconds: readPositiveInteger(env, 'BENCH_WARM_UP_SECONDS', 10),
    rounds: readPositiveInteger(env, 'BENCH_ROUNDS', 7),
    users: readPositiveInteger(env, 'BENCH_USERS', 100_000),
    syncUsers: readPositiveInteger(env, 'BENCH_SYNC_USERS', 2_000),
    deactivations: readPositiveInteger(env, 'BENCH_DEACTIVATIONS', 200),
    connections: readPositiveInteger(env, 'BENCH_CONNECTIONS', 16),
    poolSize: readPositiveInteger(env, 'BENCH_POOL_SIZE', 10),
    cells: readCells(values.only),
    calibrate: values.calibrate ?? false,
    jsonFile: values.json,
  };
}

function readPositiveInteger(env: NodeJS.ProcessEnv, name: string, fallback: number): number {
  const text = env[name];
  if (text === undefined || text === '') return fallback;
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) throw new Error(`${name} must be a positive integer`);
  return value;
}

function readCells(only: string | undefined): ReadonlySet<CellName> {
  if (only === undefined) return new Set(CELL_NAMES);
  const isCell = (name: string): name is CellName => (CELL_NAMES as readonly string[]).includes(name);
  const names = only.split(',').map((name) => name.trim());
  const unknown = names.filter((name) => !isCell(name));
  if (unknown.length > 0) {
    throw new Error(`--only: unknown cell ${unknown.join(', ')}; known are ${CELL_NAMES.join(', ')}`);
  }
  return new Set(names.filter(isCell));
}
