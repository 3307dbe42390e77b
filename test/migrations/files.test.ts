import { describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join(import.meta.dirname, '../../migrations');
const CHECKSUMS = join(import.meta.dirname, 'checksums.json');

const files = readdirSync(FOLDER).sort();
const source = (file: string): string => readFileSync(join(FOLDER, file), 'utf8');
const checksum = (file: string): string => createHash('sha256').update(source(file)).digest('hex');

const recorded = JSON.parse(readFileSync(CHECKSUMS, 'utf8')) as Record<string, string>;

describe('migration files (style guide)', () => {
  it.each(files)('%s is named YYYYMMDDHHMM_verb_object.ts', (file) => {
    const match = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})_[a-z]+(_[a-z0-9]+)+\.ts$/.exec(file);
    const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = (match ?? []).slice(1, 6).map(Number);
    const at = new Date(Date.UTC(year, month - 1, day, hour, minute));
    expect(at.toISOString().replaceAll(/\D/g, '').slice(0, 12)).toBe(file.slice(0, 12));
  });

  it('have different times, so that their order is one', () => {
    expect(new Set(files.map((file) => file.slice(0, 12))).size).toBe(files.length);
  });

  it.each(files)('%s imports kysely and nothing else: it must mean the same in two years', (file) => {
    const imports = [...source(file).matchAll(/\bfrom\s+['"]([^'"]+)['"]|\bimport\s*\(\s*['"]([^'"]+)['"]/g)];
    expect(imports.map((match) => match[1] ?? match[2])).toEqual(['kysely']);
  });

  it.each(files)('%s goes up and down', (file) => {
    expect(source(file)).toMatch(/^export async function up\(/m);
    expect(source(file)).toMatch(/^export async function down\(/m);
  });
});

/**
 * A migration that somebody has run must never change: databases that have it would not get the change. Write a new
 * one instead. The checksum of a new file (`sha256sum migrations/<file>`) is written to checksums.json by hand, so that
 * whoever reviews the change sees the line.
 */
describe('migration files, once recorded in checksums.json', () => {
  it.each(files)('%s is as it was recorded', (file) => {
    const actual = checksum(file);
    if (recorded[file] !== actual)
      throw new Error(
        `${file} has the checksum ${actual}. If no released database can have run it, write that to ` +
          'test/migrations/checksums.json. Otherwise take the edit back and write a new migration.',
      );
  });

  it('are all still there', () => {
    expect(Object.keys(recorded).sort()).toEqual(files);
  });
});
