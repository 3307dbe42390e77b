import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Takes away what the global set-up left on disk. */
export default async function tearDown() {
  const dump = process.env.TEST_PGLITE_DUMP;
  if (dump === undefined) return;
  delete process.env.TEST_PGLITE_DUMP;
  await rm(dirname(dump), { recursive: true, force: true });
}
