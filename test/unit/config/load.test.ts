import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadConfig, type Config, type Environment } from '../../../src/config/load.js';

const KEY = 'k'.repeat(32);

function load(env: Environment): Config {
  const loaded = loadConfig(env);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.error));
  return loaded.value;
}

function problemsOf(env: Environment): readonly string[] {
  const loaded = loadConfig(env);
  return loaded.ok ? [] : loaded.error.map(({ variable, message }) => `${variable} ${message}`);
}

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'rollcall-config-'));
});
afterAll(() => {
  rmSync(directory, { recursive: true, force: true });
});

function writeSecret(text: string): string {
  const path = join(directory, `secret-${Math.floor(performance.now() * 1000)}`);
  writeFileSync(path, text);
  return path;
}

describe('the configuration', () => {
  it('needs nothing: an empty environment gives the embedded database on the loopback address', () => {
    expect(load({})).toEqual({
      http: { host: '127.0.0.1', port: 3000, publicUrl: 'http://127.0.0.1:3000', trustProxy: false },
      database: { kind: 'embedded' },
      dataDir: resolve('data'),
      secretKey: undefined,
      scim: { rateLimit: 200, logDays: 30 },
      api: { rateLimit: 50 },
      signIn: { sessionLength: 720, isLocalAllowed: true, isRestoring: false },
      sso: {
        isProvisioningDisabled: false,
        takesGroupClaims: false,
        allowsPrivateProviders: true,
        oidc: undefined,
        saml: undefined,
      },
      teams: { mayMembersCreate: false, mayAdminsJoin: true },
      mail: undefined,
      seatLimits: { full: undefined, viewer: undefined },
      bootstrap: { admin: undefined, scimToken: undefined },
      logLevel: 'info',
      metricsPort: undefined,
    });
  });

  it('is frozen, all the way down', () => {
    const config = load({ TRUST_PROXY: 'loopback' });
    expect(Object.isFrozen(config)).toBe(true);
    expect(Object.isFrozen(config.http)).toBe(true);
    expect(Object.isFrozen(config.http.trustProxy)).toBe(true);
  });

  it('takes an empty variable as unset and ignores names it does not know', () => {
    expect(load({ PORT: '', PUBLIC_URL: '', ROLLCALL_PORT: 'x', constructor: 'y' }).http.port).toBe(3000);
  });

  it('reports every problem at once', () => {
    const problems = problemsOf({
      PORT: '70000',
      LOG_LEVEL: 'loud',
      PUBLIC_URL: 'example.com',
      DATABASE_URL: 'mysql://localhost/x',
      BOOTSTRAP_SCIM_TOKEN: 'short',
    });
    expect(problems).toEqual([
      'PORT must be a whole number from 0 to 65535',
      'PUBLIC_URL must be an absolute http or https URL',
      'DATABASE_URL must be a URL that starts with postgres://',
      'BOOTSTRAP_SCIM_TOKEN must have at least 32 characters',
      'LOG_LEVEL must be one of fatal, error, warn, info, debug, trace, silent',
    ]);
  });

  it('has a mail server only with a sender', () => {
    expect(problemsOf({ SMTP_URL: 'smtp://mail.example.com' })).toEqual([
      'EMAIL_FROM is required with SMTP_URL',
    ]);
    expect(load({ EMAIL_FROM: 'Rollcall <rollcall@example.com>' }).mail).toBeUndefined();
    const SMTP_URL = 'smtps://user:p%40ss@mail.example.com:2465';
    expect(load({ SMTP_URL, EMAIL_FROM: 'Rollcall <rollcall@example.com>' }).mail).toEqual({
      smtpUrl: SMTP_URL,
      from: { name: 'Rollcall', address: 'rollcall@example.com' },
    });
  });

  it.each([
    'http://mail.example.com',
    'smtp://mail.example.com/x',
    'smtp://mail.example.com?x',
    'smtp://a%zz@b',
  ])('refuses the mail server %s', (SMTP_URL) => {
    expect(problemsOf({ SMTP_URL, EMAIL_FROM: 'a@b.c' })).toEqual([expect.stringMatching(/^SMTP_URL must/)]);
  });

  it('never puts a secret into a problem', () => {
    const problems = problemsOf({ SECRET_KEY: 'hunter2', BOOTSTRAP_SCIM_TOKEN: `p w${'x'.repeat(40)}` });
    expect(problems).toHaveLength(2);
    expect(problems.join()).not.toMatch(/hunter2|p w/);
  });
});

describe('PUBLIC_URL', () => {
  it.each([
    [{ HOST: '0.0.0.0' }, 'http://localhost:3000'],
    [{ HOST: '::', PORT: '8080' }, 'http://localhost:8080'],
    [{ HOST: '::1' }, 'http://[::1]:3000'],
    [{ HOST: 'rollcall.internal', PORT: '80' }, 'http://rollcall.internal:80'],
    [{ PUBLIC_URL: 'https://id.example.com/' }, 'https://id.example.com'],
    [{ PUBLIC_URL: 'https://example.com/rollcall/' }, 'https://example.com/rollcall'],
  ])('%j is %s', (env, expected) => {
    expect(load(env).http.publicUrl).toBe(expected);
  });

  it.each(['https://u:p@example.com', 'https://example.com/?x=1', 'https://example.com/#x'])(
    '%s is refused',
    (url) => {
      expect(problemsOf({ PUBLIC_URL: url })).toEqual([
        'PUBLIC_URL must not have a query, a fragment, a user name or a password',
      ]);
    },
  );
});

describe('TRUST_PROXY', () => {
  it.each([
    ['false', false],
    ['0', false],
    ['2', 2],
    ['loopback', ['loopback']],
    ['10.0.0.0/8, fd00::/8 ,192.0.2.1', ['10.0.0.0/8', 'fd00::/8', '192.0.2.1']],
  ])('%s is %j', (text, expected) => {
    expect(load({ TRUST_PROXY: text }).http.trustProxy).toEqual(expected);
  });

  it.each(['true', '33', 'nginx', '10.0.0.0/33', '10.0.0.0/8/8', '10.0.0.1,', '::/129', '-1'])(
    '%s is refused',
    (text) => {
      expect(problemsOf({ TRUST_PROXY: text })).toHaveLength(1);
    },
  );
});

describe('settings that belong together', () => {
  it('asks for SECRET_KEY with DATABASE_URL', () => {
    const env = { DATABASE_URL: 'postgres://localhost/rollcall' };
    expect(problemsOf(env)).toEqual(['SECRET_KEY is required with DATABASE_URL']);
    expect(load({ ...env, SECRET_KEY: KEY, DATABASE_POOL_SIZE: '25' })).toMatchObject({
      database: { kind: 'postgres', url: env.DATABASE_URL, poolSize: 25 },
      secretKey: KEY,
    });
  });

  it('reports a SECRET_KEY that is too short once, not also as missing', () => {
    expect(problemsOf({ DATABASE_URL: 'postgres://localhost/rollcall', SECRET_KEY: 'short' })).toEqual([
      'SECRET_KEY must have at least 32 characters',
    ]);
  });

  it('asks for both halves of the first admin', () => {
    expect(problemsOf({ BOOTSTRAP_ADMIN_EMAIL: 'ada@example.com' })).toEqual([
      'BOOTSTRAP_ADMIN_PASSWORD is required with BOOTSTRAP_ADMIN_EMAIL',
    ]);
    expect(problemsOf({ BOOTSTRAP_ADMIN_PASSWORD: 'correct horse' })).toEqual([
      'BOOTSTRAP_ADMIN_EMAIL is required with BOOTSTRAP_ADMIN_PASSWORD',
    ]);
  });

  it('keeps METRICS_PORT apart from PORT', () => {
    expect(problemsOf({ METRICS_PORT: '3000' })).toEqual(['METRICS_PORT must differ from PORT']);
  });
});

describe('a secret in a file', () => {
  it('is read without the white space at its end', () => {
    expect(load({ SECRET_KEY_FILE: writeSecret(`${KEY}\n`) }).secretKey).toBe(KEY);
  });

  it('is refused beside the same secret in the environment', () => {
    expect(problemsOf({ SECRET_KEY: KEY, SECRET_KEY_FILE: writeSecret(KEY) })).toEqual([
      'SECRET_KEY must not be given twice, as SECRET_KEY and as SECRET_KEY_FILE',
    ]);
  });

  it('is refused when the file is missing or empty', () => {
    const env = { SECRET_KEY_FILE: join(directory, 'absent'), BOOTSTRAP_SCIM_TOKEN_FILE: writeSecret(' \n') };
    expect(problemsOf({ ...env, DATABASE_URL: 'postgres://localhost/rollcall' })).toEqual([
      'SECRET_KEY_FILE names a file that cannot be read (ENOENT)',
      'BOOTSTRAP_SCIM_TOKEN_FILE names an empty file',
    ]);
  });

  it('works for secrets only', () => {
    expect(load({ PORT_FILE: writeSecret('4000') }).http.port).toBe(3000);
  });
});
