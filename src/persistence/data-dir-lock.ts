/**
 * The embedded database has no lock of its own: a second process on the same directory loses rows silently. So one
 * process at a time may hold DATA_DIR, by an exclusive transaction on an otherwise empty SQLite file. The operating
 * system drops that lock with the process, however it ends, and knows it across containers that share the volume;
 * a file with a process id in it can do neither.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { err, ok, type Result } from '../kernel/result.js';
import { systemClock, toInstant, type Instant } from '../kernel/clock.js';

const LOCK_FILE = 'rollcall.lock';
const HOLDER_FILE = 'rollcall.lock.json';
/** SQLITE_BUSY: another connection holds the lock. */
const BUSY = 5;
/** Keeps held locks reachable: a connection that is garbage-collected closes, and its lock would go silently. */
const held = new Set<DatabaseSync>();

export interface DataDirLock {
  /** Gives the directory free. Safe to call twice. */
  release(): void;
}

/** Who holds the lock, as it said itself; only for the message to the person who started the second process. */
export interface LockHolder {
  /** Process id, meaningful inside the holder's own container only. */
  readonly pid: number;
  readonly since: Instant;
}

export interface DataDirInUse {
  readonly holder?: LockHolder;
}

/**
 * Takes the exclusive lock on `dataDir`, making the directory when it is missing, and returns at once when it is held.
 * @throws when the directory cannot be made or written (a bug of the deployment, not a second process)
 */
export function acquireDataDirLock(dataDir: string): Result<DataDirLock, DataDirInUse> {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const holderFile = join(dataDir, HOLDER_FILE);
  const database = new DatabaseSync(join(dataDir, LOCK_FILE), { timeout: 0 });
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if (!isBusy(error)) throw error;
    const holder = readHolder(holderFile);
    return err(holder === undefined ? {} : { holder });
  }
  held.add(database);
  const holder: LockHolder = { pid: process.pid, since: toInstant(systemClock.now()) };
  writeFileSync(holderFile, JSON.stringify(holder));
  return ok({
    release() {
      if (!held.delete(database)) return;
      rmSync(holderFile, { force: true });
      database.close();
    },
  });
}

const isBusy = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'errcode' in error && error.errcode === BUSY;

/** The holder may be gone, or between taking the lock and writing its name: both leave nothing to say. */
function readHolder(file: string): LockHolder | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (typeof value !== 'object' || value === null || !('pid' in value) || !('since' in value))
      return undefined;
    if (typeof value.pid !== 'number' || typeof value.since !== 'string') return undefined;
    return { pid: value.pid, since: value.since };
  } catch {
    return undefined;
  }
}
