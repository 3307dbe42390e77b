import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { migratedDump } from '../support/database.js';

const repository = join(import.meta.dirname, '../..');
const START_TIMEOUT = 60_000;
/** Every start of the program reads the same sources. */
const COMPILE_CACHE = join(tmpdir(), 'rollcall-test-compile-cache');

export interface Ended {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

export interface RunningProgram {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** What it has said on stdout so far. */
  readonly out: () => string;
}

type Environment = Readonly<Record<string, string>>;

/** Starts the program from its sources, as a process of its own with nothing in its environment but `env`. */
export function startProgram(args: readonly string[], env: Environment, input = ''): RunningProgram {
  const child = spawn(process.execPath, ['--import', './scripts/register-ts.js', 'src/main.ts', ...args], {
    cwd: repository,
    env: { PATH: process.env['PATH'], NODE_COMPILE_CACHE: COMPILE_CACHE, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  child.stdin.end(input);
  const ended = new Promise<Ended>((resolve) => {
    child.once('close', (exitCode, signal) => resolve({ exitCode, signal, out, err }));
  });
  return { child, ended, out: () => out };
}

/** Runs the program to its end. */
export const runProgram = (args: readonly string[], env: Environment, input?: string): Promise<Ended> =>
  startProgram(args, env, input).ended;

export interface RunningServer extends RunningProgram {
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  readonly env: Environment;
  /** Sends the signal and waits for the end. */
  end(signal: NodeJS.Signals): Promise<Ended>;
}

/** A directory for DATA_DIR, and the programs that use it: `remove` ends what is left of them. */
export class Installation {
  readonly #directory = mkdtempSync(join(tmpdir(), 'rollcall-process-'));
  readonly dataDir = join(this.#directory, 'data');
  readonly #children: ChildProcess[] = [];

  /** With `isMigrated` the embedded database is there already, as after a first start, which takes seconds. */
  constructor({ isMigrated }: { readonly isMigrated: boolean }) {
    if (!isMigrated) return;
    const database = join(this.dataDir, 'postgres');
    mkdirSync(database, { recursive: true, mode: 0o700 });
    execFileSync('tar', ['-xf', migratedDump(), '-C', database], { stdio: 'pipe' });
  }

  /** Starts `serve` on the embedded database and waits until it listens. */
  async serve(env: Environment = {}): Promise<RunningServer> {
    const port = await findFreePort();
    const environment = { DATA_DIR: this.dataDir, PORT: String(port), LOG_LEVEL: 'warn', ...env };
    const program = startProgram(['serve'], environment);
    this.#children.push(program.child);
    await waitForBanner(program);
    return {
      ...program,
      url: `http://127.0.0.1:${port}`,
      env: environment,
      end: (signal) => {
        program.child.kill(signal);
        return program.ended;
      },
    };
  }

  remove(): void {
    for (const child of this.#children) child.kill('SIGKILL');
    rmSync(this.#directory, { recursive: true, force: true });
  }
}

async function waitForBanner(program: RunningProgram): Promise<void> {
  let ended: Ended | undefined;
  void program.ended.then((end) => (ended = end));
  const deadline = performance.now() + START_TIMEOUT;
  while (!/is running\.[\s\S]*SCIM base URL[\s\S]*\n\n(?:$|\{)/.test(program.out())) {
    if (ended !== undefined)
      throw new Error(`the server ended with ${ended.exitCode}: ${ended.err}${ended.out}`);
    if (performance.now() > deadline) throw new Error('the server did not start in time');
    await setTimeout(50);
  }
}

export async function findFreePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
