// Writes the documents that are rendered from code. With --check writes nothing and fails when one is out of date.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderConfigurationDocs } from '../src/config/render-docs.js';
import { renderPermissionsDocs } from '../src/permissions/render-docs.js';
import { renderErrorsDocs } from './render-errors.js';

const DOCUMENTS: Readonly<Record<string, () => string>> = {
  'docs/configuration.md': renderConfigurationDocs,
  'docs/errors.md': renderErrorsDocs,
  'docs/permissions.md': renderPermissionsDocs,
};

const repository = join(import.meta.dirname, '..');
const isCheck = process.argv.includes('--check');

for (const [path, render] of Object.entries(DOCUMENTS)) {
  const file = join(repository, path);
  if (!isCheck) {
    writeFileSync(file, render());
  } else if (readIfPresent(file) !== render()) {
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
