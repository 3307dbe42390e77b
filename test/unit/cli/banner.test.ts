import { describe, expect, it } from '@jest/globals';
import { renderBanner } from '../../../src/cli/serve/banner.js';
import { loadConfig, type Config } from '../../../src/config/index.js';

function configOf(env: Record<string, string>): Config {
  const config = loadConfig(env);
  if (!config.ok) throw new Error('the configuration of the test is wrong');
  return config.value;
}

const embedded = configOf({ PUBLIC_URL: 'https://rollcall.example.com/', DATA_DIR: '/srv/rollcall' });
const postgres = configOf({
  DATABASE_URL: 'postgres://user:secret@db/rollcall',
  SECRET_KEY: 'k'.repeat(32),
});

describe('the banner', () => {
  it('names the start page, the SCIM base URL, and where the embedded database is and what it is for', () => {
    const banner = renderBanner({
      config: embedded,
      version: '1.2.3',
      setupLink: undefined,
      restore: undefined,
    });
    expect(banner).toContain('Rollcall 1.2.3 is running');
    expect(banner).toMatch(/Start page +https:\/\/rollcall\.example\.com\n/);
    expect(banner).toMatch(/SCIM base URL +https:\/\/rollcall\.example\.com\/scim\/v2\n/);
    expect(banner).toMatch(/Database +embedded, in \/srv\/rollcall\n/);
    expect(banner).toContain('trying out and small teams');
  });

  it('has the one-time link while nobody administers the instance, and nothing of it afterwards', () => {
    const first = renderBanner({ config: embedded, version: '1', setupLink: 'abc_-1', restore: undefined });
    expect(first).toContain('https://rollcall.example.com/setup?token=abc_-1\n');
    expect(
      renderBanner({ config: embedded, version: '1', setupLink: undefined, restore: undefined }),
    ).not.toContain('/setup');
  });

  it('says Postgres without its address, and no notice', () => {
    const banner = renderBanner({ config: postgres, version: '1', setupLink: undefined, restore: undefined });
    expect(banner).toMatch(/Database +Postgres\n/);
    expect(banner).not.toContain('secret');
    expect(banner).not.toContain('embedded');
  });
});
