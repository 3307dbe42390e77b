import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';

/** Tests of one or more runs. A file that did not even load counts as one failure. */
export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

const repository = join(import.meta.dirname, '..');
/** Each worker holds an embedded Postgres of about half a gigabyte. */
const MAX_WORKERS = 4;
/** Of V8's heap. A worker keeps something of each file it ran and gets slower with it; a new one is there in a second. */
const WORKER_HEAP_LIMIT = '400MB';

/**
 * Runs jest in a process of its own and waits for it.
 * @param parameters jest's own
 * @param env added to the environment
 */
export async function runJest(
  parameters: readonly string[],
  env: Record<string, string>,
): Promise<TestCounts> {
  const directory = mkdtempSync(join(tmpdir(), 'rollcall-test-'));
  const report = join(directory, 'report.json');
  try {
    const status = await spawnJest(
      [
        `--maxWorkers=${Math.min(availableParallelism(), MAX_WORKERS)}`,
        `--workerIdleMemoryLimit=${WORKER_HEAP_LIMIT}`,
        ...parameters,
        '--json',
        `--outputFile=${report}`,
      ],
      env,
    );
    const counts = readReport(report);
    const hasFailedSilently = status !== 0 && counts.failed === 0;
    return hasFailedSilently ? { ...counts, failed: 1 } : counts;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function spawnJest(parameters: readonly string[], env: Record<string, string>): Promise<number | null> {
  // Jest needs the first for ES modules; the second silences the notice that it is experimental.
  const options = '--experimental-vm-modules --disable-warning=ExperimentalWarning';
  const jest = spawn(process.execPath, [join(repository, 'node_modules/jest/bin/jest.js'), ...parameters], {
    cwd: repository,
    env: { ...process.env, ...env, NODE_OPTIONS: `${process.env['NODE_OPTIONS'] ?? ''} ${options}` },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return new Promise((resolve, reject) => {
    jest.once('error', reject).once('exit', resolve);
  });
}

interface JestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numRuntimeErrorTestSuites: number;
}

function readReport(path: string): TestCounts {
  try {
    const report = JSON.parse(readFileSync(path, 'utf8')) as JestReport;
    return {
      passed: report.numPassedTests,
      failed: report.numFailedTests + report.numRuntimeErrorTestSuites,
      skipped: report.numPendingTests,
    };
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
}
