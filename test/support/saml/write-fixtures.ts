/** Writes the corpus of responses anew: `node --import ./scripts/register-ts.js test/support/saml/write-fixtures.ts`. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { FIXTURES } from './fixture-world.js';
import { RESPONSE_CASES } from './response-cases.js';
import { pathOfCase } from './read-fixtures.js';

for (const verdict of ['valid', 'invalid']) rmSync(join(FIXTURES, verdict), { recursive: true, force: true });
for (const one of RESPONSE_CASES) {
  const path = join(FIXTURES, pathOfCase(one));
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, one.xml);
}
