import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { FIXTURES } from './fixture-world.js';
import type { ResponseCase } from './response-cases.js';

export interface ResponseFixture {
  /** Below the fixtures: `valid/<case>.xml` or `invalid/<refusal>/<case>.xml`. */
  readonly path: string;
  readonly xml: string;
}

/** The folder of a case is its verdict. */
export const pathOfCase = ({ name, verdict }: Pick<ResponseCase, 'name' | 'verdict'>): string =>
  verdict === 'valid' ? `valid/${name}.xml` : `invalid/${verdict}/${name}.xml`;

export function readFixtures(folder: 'valid' | 'invalid'): readonly ResponseFixture[] {
  return readdirSync(join(FIXTURES, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.name.endsWith('.xml'))
    .map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return { path: relative(FIXTURES, path), xml: readFileSync(path, 'utf8') };
    })
    .sort((one, other) => (one.path < other.path ? -1 : 1));
}
