import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import openapiTypeScript, { astToString } from 'openapi-typescript';

const repository = join(import.meta.dirname, '..');
const source = join(repository, 'openapi.yaml');
/** What package.json exports as `rollcall/client`. */
const target = join(repository, 'dist/client/rollcall-api.d.ts');

/**
 * Writes the types of every request and answer in openapi.yaml, for applications that call Rollcall: one file that imports
 * nothing. Does nothing when it is newer than its source.
 */
export async function writeClientTypes(): Promise<void> {
  const writtenAt = statSync(target, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (writtenAt > statSync(source).mtimeMs) return;
  const types = astToString(await openapiTypeScript(pathToFileURL(source)));
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, `// Written from openapi.yaml by npm run build.\n\n${types}`);
}
