/**
 * Runs the tests: what touches a database on a real Postgres, at TEST_DATABASE_URL or one that is started for the
 * purpose, then everything on the embedded database. `--pglite` or `--postgres` (or TEST_DATABASE) does one of
 * the two; everything else is passed on to jest. Ends with one line, `N passed, N failed`.
 */
import { ensureChromium } from './chromium.js';
import { runJest, type TestCounts } from './run-jest.js';
import { startTestPostgres, type TestPostgres } from './test-postgres.js';

/** In this order: Chromium, which only the second half needs, is installed during the first. */
const DATABASES = ['postgres', 'pglite'] as const;
type Database = (typeof DATABASES)[number];

const POSTGRES_PROJECTS = ['persistence', 'protocol', 'conformance', 'concurrency', 'migrations'];
/** When both databases are tested, what speaks only of the wire is tested on the faster of them. */
const NOT_TWICE = {
  pglite: ['--testPathIgnorePatterns', '/test/conformance/', '/test/protocol/openapi/'],
  postgres: [],
} as const;

const jestParameters = process.argv.slice(2).filter((parameter) => !isDatabaseFlag(parameter));
let counts: TestCounts = { passed: 0, failed: 0, skipped: 0 };
let postgres: TestPostgres | undefined;
const chromium = runsBrowser() ? ensureChromium() : undefined;

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void stopPostgres().finally(() => process.exit(1)));
}

try {
  for (const database of chooseDatabases()) {
    process.stderr.write(`\nTests on ${database}\n`);
    counts = add(counts, await runOn(database));
  }
} finally {
  await stopPostgres();
}
if (counts.failed > 0) process.exitCode = 1;
if (counts.skipped > 0) process.stdout.write(`${counts.skipped} skipped\n`);
process.stdout.write(`${counts.passed} passed, ${counts.failed} failed\n`);

async function runOn(database: Database): Promise<TestCounts> {
  const env: Record<string, string> = { TEST_DATABASE: database };
  const isOneOfBoth = chooseDatabases().length > 1 && jestParameters.length === 0;
  const skipped = isOneOfBoth ? NOT_TWICE[database] : [];
  if (database === 'pglite') {
    await chromium;
    return runJest(['--passWithNoTests', ...jestParameters, ...skipped], env);
  }
  env['TEST_DATABASE_URL'] = process.env['TEST_DATABASE_URL'] ?? (await startPostgres());
  const projects = jestParameters.includes('--selectProjects')
    ? []
    : ['--selectProjects', ...POSTGRES_PROJECTS];
  return runJest(['--passWithNoTests', ...jestParameters, ...projects, ...skipped], env);
}

function chooseDatabases(): readonly Database[] {
  const named = DATABASES.filter((database) => process.argv.includes(`--${database}`));
  if (named.length > 0) return named;
  const wanted = process.env['TEST_DATABASE'];
  if (wanted === undefined || wanted === '') return DATABASES;
  const chosen = DATABASES.filter((database) => database === wanted);
  if (chosen.length === 0) throw new Error(`TEST_DATABASE must be one of ${DATABASES.join(', ')}`);
  return chosen;
}

async function startPostgres(): Promise<string> {
  postgres = await startTestPostgres();
  return postgres.url;
}

async function stopPostgres(): Promise<void> {
  await postgres?.stop();
  postgres = undefined;
}

/** Whether nothing narrows the run down to other projects. */
function runsBrowser(): boolean {
  if (!chooseDatabases().includes('pglite')) return false;
  return !jestParameters.includes('--selectProjects') || jestParameters.includes('browser');
}

function isDatabaseFlag(parameter: string): boolean {
  return DATABASES.some((database) => parameter === `--${database}`);
}

function add(a: TestCounts, b: TestCounts): TestCounts {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped };
}
