import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Installation } from './composition.js';

/** Finds the release this module belongs to: the sources and the compiled files are differently deep inside it. */
export function findInstallation(from: string = import.meta.dirname): Installation {
  const file = join(from, 'package.json');
  if (!existsSync(file)) {
    if (dirname(from) === from) throw new Error('package.json is missing from this installation');
    return findInstallation(dirname(from));
  }
  const { version } = JSON.parse(readFileSync(file, 'utf8')) as { readonly version: string };
  return { version, directory: from };
}
