import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readOrCreateSecretKey } from '../../../src/config/secret-key.js';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'rollcall-key-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

describe('the SECRET_KEY of the embedded mode', () => {
  it('is made once, readable by its owner only, and found again', () => {
    const dataDir = join(directory, 'data');
    const key = readOrCreateSecretKey(dataDir);
    expect(key.length).toBeGreaterThanOrEqual(32);
    expect(readOrCreateSecretKey(dataDir)).toBe(key);
    expect(statSync(join(dataDir, 'secret-key')).mode & 0o777).toBe(0o600);
    expect(readdirSync(dataDir)).toEqual(['secret-key']);
  });

  it('is not replaced when its file is empty, because what it signed would be lost', () => {
    writeFileSync(join(directory, 'secret-key'), '');
    expect(() => readOrCreateSecretKey(directory)).toThrow(/secret-key is empty/);
  });
});
