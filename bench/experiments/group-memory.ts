import { setTimeout as sleep } from 'node:timers/promises';
import type { Subject } from '../environment/child-server.ts';
import { readResidentBytes } from '../environment/process-stats.ts';
import type { Scenario } from '../load/plan.ts';
import type { Bench } from './bench.ts';
import type { MemoryResult } from './results.ts';
import { measureSequentially } from './sequential.ts';
import { getSizedGroups } from './sized-groups.ts';

const READS = 20;
const SAMPLE_MILLISECONDS = 20;
const DELTA_TARGET_BYTES = 50 * 1_024 ** 2;

/** Watches the memory of a server while its largest group is read with all members, one read after the other. */
export async function measureGroupMemory(bench: Bench, subject: Subject): Promise<MemoryResult> {
  const group = (await getSizedGroups(bench, subject)).at(-1);
  if (group === undefined) throw new Error('too few users for a group');
  const read: Scenario = [{ method: 'GET', path: `/Groups/${group.id}`, expect: 200 }];

  await sleep(1_000);
  const before = readResidentBytes(subject.pid);
  if (before === undefined) throw new Error('memory can only be read where there is /proc');
  const samples = [before];
  const timer = setInterval(() => {
    const bytes = readResidentBytes(subject.pid);
    if (bytes !== undefined) samples.push(bytes);
  }, SAMPLE_MILLISECONDS);
  try {
    await measureSequentially(
      bench,
      subject,
      Array.from({ length: READS }, () => read),
    );
  } finally {
    clearInterval(timer);
  }

  const deltas = samples.map((bytes) => bytes - before);
  return {
    kind: 'memory',
    cell: 'memory',
    title: `GET a group of ${group.size} members, ${READS} times`,
    server: subject.name,
    beforeBytes: before,
    peakBytes: before + Math.max(...deltas),
    deltaBytes: deltas.reduce((worst, delta) => (Math.abs(delta) > Math.abs(worst) ? delta : worst), 0),
    deltaTarget: DELTA_TARGET_BYTES,
  };
}
