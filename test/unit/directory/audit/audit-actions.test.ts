import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { AUDIT_ACTIONS } from '../../../../src/directory/audit/audit-event.js';

const ROOT = join(import.meta.dirname, '../../../..');

/** The code that writes to the database: repositories, and functions of the database in migrations. */
const writers = ['src/persistence', 'migrations'].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => readFileSync(join(ROOT, folder, path), 'utf8')),
);

describe('the catalogue of audit actions', () => {
  it.each(AUDIT_ACTIONS)('has %s, which something writes', (action) => {
    expect(writers.some((text) => text.includes(`'${action}'`))).toBe(true);
  });
});
