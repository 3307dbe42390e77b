import { describe } from '@jest/globals';
import { databaseKind } from './database.js';

/** True when the tests run on a Postgres server, which takes any number of connections. */
export const isRealPostgres = databaseKind() === 'postgres';

/**
 * A `describe` for what one embedded connection cannot show: races, replicas, a server that goes away. On the embedded
 * database its tests are reported as skipped, under a name that says why.
 */
export function describeOnPostgres(name: string, tests: () => void): void {
  if (isRealPostgres) describe(name, tests);
  else describe.skip(`${name} [needs a real Postgres: TEST_DATABASE=postgres]`, tests);
}
