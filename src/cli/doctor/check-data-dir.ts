import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Check } from './check.js';

const OTHERS = 0o077;

/** Whether the embedded database can write where it has to, and nobody else can read it. Changes nothing. */
export function checkDataDir(dataDir: string): Check {
  const subject = 'DATA_DIR';
  const nearest = findExisting(dataDir);
  try {
    accessSync(nearest, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch {
    return { subject, verdict: 'wrong', finding: `${nearest} is not writable for this user` };
  }
  if (nearest !== dataDir)
    return { subject, verdict: 'ok', finding: `${dataDir} will be made at the first start` };
  const mode = statSync(dataDir).mode;
  if (process.platform !== 'win32' && (mode & OTHERS) !== 0)
    return { subject, verdict: 'note', finding: `${dataDir} is open to other users; chmod 700 it` };
  return { subject, verdict: 'ok', finding: `${dataDir} is writable` };
}

const findExisting = (path: string): string => (existsSync(path) ? path : findExisting(dirname(path)));
