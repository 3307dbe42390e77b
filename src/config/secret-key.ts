import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileErrorCode } from './file-error-code.js';
import { newSecret } from '../kernel/secrets.js';

const KEY_FILE = 'secret-key';

/**
 * The SECRET_KEY of an installation with the embedded database: read from `DATA_DIR/secret-key`, or made there (mode
 * 0600) on the first start. The key appears under its name whole or not at all, so that a crash cannot leave half a
 * key behind. The caller holds the lock on DATA_DIR.
 * @throws when the file cannot be read or written, or is empty
 */
export function readOrCreateSecretKey(dataDir: string): string {
  const path = join(dataDir, KEY_FILE);
  const existing = readIfPresent(path);
  if (existing !== undefined) return existing;

  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const key = newSecret('');
  const draft = `${path}.new`;
  writeFileSync(draft, `${key}\n`, { mode: 0o600, flush: true });
  renameSync(draft, path);
  return key;
}

function readIfPresent(path: string): string | undefined {
  try {
    const key = readFileSync(path, 'utf8').trim();
    return key === '' ? fail(`${path} is empty; restore it, or the data signed with it is lost`) : key;
  } catch (error) {
    if (fileErrorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function fail(message: string): never {
  throw new Error(message);
}
