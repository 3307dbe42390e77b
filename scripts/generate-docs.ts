// Writes the documents that are rendered from code. With --check writes nothing and fails when one is out of date.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderConfigurationDocs } from '../src/config/render-docs.js';
import { renderPermissionsDocs } from '../src/permissions/render-docs.js';
import { renderErrorsDocs } from './render-errors.js';
import { renderOpenApi } from './render-openapi.js';

const DOCUMENTS: Readonly<Record<string, (current: string, path: string) => string | Promise<string>>> = {
  'openapi.yaml': renderOpenApi,
  'docs/configuration.md': renderConfigurationDocs,
  'docs/errors.md': renderErrorsDocs,
  'docs/permissions.md': renderPermissionsDocs,
};

const repository = join(import.meta.dirname, '..');
const isCheck = process.argv.includes('--check');

for (const [path, render] of Object.entries(DOCUMENTS)) {
  const file = join(repository, path);
  const current = readIfPresent(file) ?? '';
  const rendered = await render(current, file);
  if (!isCheck) {
    writeFileSync(file, rendered);
  } else if (current !== rendered) {
    process.exitCode = 1;
    process.stderr.write(`${path} is out of date: run npm run docs:generate\n`);
  }
}

function readIfPresent(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
