import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const repository = join(import.meta.dirname, '../..');

describe('the commands that run the server', () => {
  it('give Node the same flags in a checkout and in the image (ADR 32)', () => {
    const { scripts } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as {
      readonly scripts: Readonly<Record<string, string>>;
    };
    const image = readFileSync(join(repository, 'scripts/rollcall.sh'), 'utf8');
    const flags = /^exec node (.*) \/app\/dist/m.exec(image)?.[1];
    expect(flags).toContain('--max-semi-space-size=');
    for (const name of ['start', 'rollcall'])
      expect(scripts[name]).toContain(`node ${flags} --import ./scripts/register-ts.js scripts/run.ts`);
  });
});

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
