import type { Subject } from '../environment/child-server.ts';
import { createGroup } from '../population/groups.ts';
import { say } from '../progress.ts';
import type { Bench } from './bench.ts';

const SIZES = [10, 1_000, 10_000, 100_000];

export interface SizedGroup {
  readonly size: number;
  readonly id: string;
}

const created = new WeakMap<Subject, Promise<SizedGroup[]>>();

/** Groups of growing size, created on first use; sizes beyond the loaded users are left out. */
export function getSizedGroups(bench: Bench, subject: Subject): Promise<SizedGroup[]> {
  const known = created.get(subject) ?? createSizedGroups(bench, subject);
  created.set(subject, known);
  return known;
}

async function createSizedGroups({ population }: Bench, subject: Subject): Promise<SizedGroup[]> {
  const groups: SizedGroup[] = [];
  for (const size of SIZES.filter((candidate) => candidate <= population.ids.length)) {
    say(`${subject.name}: creating a group of ${size}`);
    groups.push({ size, id: await createGroup(subject, `Bench ${size}`, population.ids.slice(0, size)) });
  }
  return groups;
}
