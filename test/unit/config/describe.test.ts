import { describe, expect, it } from '@jest/globals';
import { describeConfig } from '../../../src/config/describe.js';

const line = (env: Record<string, string>, variable: string) =>
  describeConfig(env).find((described) => described.variable === variable);

describe('the effective configuration', () => {
  it('says what holds and where it comes from', () => {
    expect(line({}, 'PORT')).toEqual({
      variable: 'PORT',
      value: '3000',
      source: 'default',
      problem: undefined,
    });
    expect(line({ PORT: '4000' }, 'PORT')).toMatchObject({ value: '4000', source: 'environment' });
    expect(line({}, 'SEAT_LIMIT')).toMatchObject({ value: 'no limit', source: 'default' });
    expect(line({ PORT: 'x' }, 'PORT')?.problem).toBe('must be a whole number from 0 to 65535');
  });

  it('masks every secret', () => {
    const text = JSON.stringify(
      describeConfig({
        SECRET_KEY: `hidden-${'k'.repeat(32)}`,
        BOOTSTRAP_SCIM_TOKEN: `hidden-${'t'.repeat(32)}`,
        BOOTSTRAP_ADMIN_PASSWORD: 'hidden-password',
        DATABASE_URL: 'postgres://rollcall:hidden@db.internal:5432/rollcall?password=hidden',
      }),
    );
    expect(text).not.toContain('hidden');
    expect(text).toContain('postgres://rollcall:********@db.internal:5432/rollcall');
  });
});
