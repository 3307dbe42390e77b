import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const repository = join(import.meta.dirname, '../..');

describe('npm run rollcall', () => {
  it('builds what is not built, and answers on stdout alone', () => {
    const parameters = ['--import', './scripts/register-ts.js', 'scripts/run.ts', 'version'];
    const result = spawnSync(process.execPath, parameters, {
      cwd: repository,
      encoding: 'utf8',
      env: { PATH: process.env['PATH'] },
    });
    expect(result.status).toBe(0);
    expect(result.stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});
