import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { runCli } from '../../../src/cli/run-cli.js';
import { recordTerminal, untouchableComposition } from './support.js';

async function run(argv: readonly string[], env: Record<string, string> = {}) {
  const terminal = recordTerminal();
  const exitCode = await runCli(argv, env, untouchableComposition, terminal);
  return { exitCode, ...terminal.said };
}

describe('the command line', () => {
  it('lists its commands without arguments and with help, and no internal ones', async () => {
    for (const argv of [[], ['help'], ['--help'], ['-h']]) {
      const { exitCode, out } = await run(argv);
      expect(exitCode).toBe(0);
      for (const name of [
        'serve',
        'migrate',
        'token create',
        'connection list',
        'admin create',
        'doctor',
        'demo',
      ])
        expect(out).toContain(`  ${name} `);
      expect(out).not.toContain('demo prepare');
    }
  });

  it('says what one command takes', async () => {
    for (const argv of [
      ['help', 'token', 'create'],
      ['token', 'create', '--help'],
    ]) {
      const { exitCode, out } = await run(argv);
      expect(exitCode).toBe(0);
      expect(out).toContain('token create --connection NAME [OPTIONS]');
      expect(out).toContain('--expires-in-days N');
    }
  });

  it('prints the version of package.json', async () => {
    const file = join(import.meta.dirname, '../../../package.json');
    const { version } = JSON.parse(readFileSync(file, 'utf8')) as { version: string };
    expect(await run(['version'])).toMatchObject({ exitCode: 0, out: `${version}\n` });
    expect(await run(['--version'])).toMatchObject({ exitCode: 0, out: `${version}\n` });
  });

  it.each([
    [['nope'], 'There is no command "nope".'],
    [['token'], 'There is no command "token".'],
    [['token', 'steal'], 'There is no command "token steal".'],
    [['demo', 'prepare'], 'Unexpected argument "prepare".'],
    [['serve', '--fast'], "Unknown option '--fast'."],
    [['token', 'create'], '--connection NAME is missing.'],
    [['token', 'revoke'], 'ID is missing.'],
  ])('ends with 64 (EX_USAGE) and the usage on stderr for %j', async (argv, message) => {
    const { exitCode, out, err } = await run(argv);
    expect(exitCode).toBe(64);
    expect(out).toBe('');
    expect(err).toContain(message);
    expect(err).toContain('Usage:');
  });

  it('offers the commands that begin like an unfinished one', async () => {
    const { err } = await run(['token']);
    expect(err).toContain('token revoke');
    expect(err).not.toContain('admin create');
  });

  it.each([[['serve']], [['token', 'list']], [['migrate']]])(
    'lists every problem of the configuration and ends with 78 (EX_CONFIG) for %j',
    async (argv) => {
      const { exitCode, err } = await run(argv, {
        PORT: 'x',
        DATABASE_URL: 'mysql://localhost',
        BOOTSTRAP_SCIM_TOKEN: 'too-short',
      });
      expect(exitCode).toBe(78);
      expect(err).toContain('3 problems');
      for (const variable of ['PORT', 'DATABASE_URL', 'BOOTSTRAP_SCIM_TOKEN'])
        expect(err).toContain(`  ${variable} `);
      expect(err).not.toContain('too-short');
    },
  );
});

describe('doctor', () => {
  it('reports problems of the configuration, with secrets masked, and ends with 1', async () => {
    const secret = 'a-secret-that-nobody-else-may-ever-see';
    const { exitCode, out } = await run(['doctor'], { PORT: 'x', BOOTSTRAP_SCIM_TOKEN: secret });
    expect(exitCode).toBe(1);
    expect(out).toContain('wrong  configuration   PORT must be');
    expect(out).not.toContain(secret);
  });

  it('looks without making a database', async () => {
    const { exitCode, out } = await run(['doctor'], { DATA_DIR: join(import.meta.dirname, 'not-there') });
    expect(exitCode).toBe(0);
    expect(out).toContain('will be made at the first start');
  });

  it.each([
    ['https://rollcall.example.com', 'ok', 0],
    ['http://rollcall.example.com', 'in the clear', 1],
    ['https://roll_call.example.com', 'underscore, which Okta refuses', 1],
    ['http://localhost:3000', 'this machine only', 0],
  ])('judges PUBLIC_URL %s', async (url, finding, expected) => {
    const env = { PUBLIC_URL: url, DATA_DIR: join(import.meta.dirname, 'not-there') };
    const { exitCode, out } = await run(['doctor'], env);
    expect(out).toContain(finding);
    expect(exitCode).toBe(expected);
  });
});
