import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { acquireDataDirLock } from '../../src/persistence/data-dir-lock.js';

const repository = join(import.meta.dirname, '../..');
const holdLock = `
  import { acquireDataDirLock } from './src/persistence/data-dir-lock.js';
  const lock = acquireDataDirLock(process.argv[1]);
  process.stdout.write(lock.ok ? 'held' : 'refused');
  if (lock.ok) setInterval(() => globalThis.gc(), 20);
`;

let directory: string;
let children: ChildProcess[];

/** Starts a process that tries to take the lock and says `held` or `refused`; resolves once it has said so. */
async function startHolder(): Promise<{ child: ChildProcess; answer: string; warnings: () => string }> {
  const child = spawn(
    process.execPath,
    [
      '--expose-gc',
      '--import',
      './scripts/register-ts.js',
      '--input-type=module',
      '--eval',
      holdLock,
      directory,
    ],
    { cwd: repository, env: { PATH: process.env['PATH'] }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  children.push(child);
  let warnings = '';
  child.stderr.on('data', (chunk: Buffer) => (warnings += chunk.toString()));
  const [chunk] = (await once(child.stdout, 'data')) as [Buffer];
  return { child, answer: chunk.toString(), warnings: () => warnings };
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  const exited = once(child, 'exit');
  child.kill(signal);
  await exited;
}

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'rollcall-lock-'));
  children = [];
});

afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(directory, { recursive: true, force: true });
});

describe('the lock on DATA_DIR', () => {
  it('refuses a second process and names the first', async () => {
    const first = await startHolder();
    expect(first.answer).toBe('held');

    const second = acquireDataDirLock(directory);
    expect(second).toEqual({
      ok: false,
      error: { holder: { pid: first.child.pid, since: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) } },
    });
  });

  it('is free again at once after the holder was killed with SIGKILL', async () => {
    const first = await startHolder();
    await end(first.child, 'SIGKILL');

    const second = acquireDataDirLock(directory);
    expect(second.ok).toBe(true);
    if (second.ok) second.value.release();
  });

  it('stays held when nothing but the process refers to it', async () => {
    await startHolder();
    await setTimeout(200);
    expect(acquireDataDirLock(directory).ok).toBe(false);
  });

  it('lets exactly one of several processes that start together through', async () => {
    const answers = await Promise.all([startHolder(), startHolder(), startHolder()]);
    expect(answers.map(({ answer }) => answer).sort()).toEqual(['held', 'refused', 'refused']);
  });

  it('refuses the same process too, until it is released', () => {
    const first = acquireDataDirLock(directory);
    expect(first.ok).toBe(true);
    expect(acquireDataDirLock(directory)).toMatchObject({
      ok: false,
      error: { holder: { pid: process.pid } },
    });
    if (first.ok) {
      first.value.release();
      first.value.release();
    }
    const again = acquireDataDirLock(directory);
    expect(again.ok).toBe(true);
    if (again.ok) again.value.release();
  });

  it('makes the directory when it is missing', () => {
    const lock = acquireDataDirLock(join(directory, 'deep', 'data'));
    expect(lock.ok).toBe(true);
    if (lock.ok) lock.value.release();
  });

  it('prints no warning of the runtime', async () => {
    const first = await startHolder();
    await end(first.child, 'SIGTERM');
    expect(first.warnings()).toBe('');
  });
});
