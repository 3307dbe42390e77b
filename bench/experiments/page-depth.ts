import type { Subject } from '../environment/child-server.ts';
import type { Latency, Scenario } from '../load/plan.ts';
import { walkToDepth } from './cursor-walk.ts';
import type { Bench } from './bench.ts';
import type { ScalingResult } from './results.ts';
import { measureSequentially } from './sequential.ts';

const PAGE_SIZE = 100;
const REPETITIONS = 300;
const GROWTH_TARGET = 1.3;

/** Compares a page at the far end with the first page, both by cursor. */
export async function measurePageDepth(bench: Bench): Promise<ScalingResult> {
  const product = await measurePages(bench, bench.product);
  const reference = await measurePages(bench, bench.reference);
  const growth = product.deep.p50 / product.first.p50;
  const title = `page of ${PAGE_SIZE} by cursor, at depth`;
  return {
    kind: 'scaling',
    cell: 'depth',
    rows: [
      {
        title,
        size: 0,
        product: product.first,
        reference: reference.first,
        growth: 1,
        growthTarget: undefined,
      },
      {
        title,
        size: bench.population.ids.length,
        product: product.deep,
        reference: reference.deep,
        growth,
        growthTarget: GROWTH_TARGET,
      },
    ],
  };
}

async function measurePages(bench: Bench, subject: Subject): Promise<{ first: Latency; deep: Latency }> {
  const { first, deep } = await walkToDepth(subject, bench.population.ids.length, PAGE_SIZE);
  const scenarios = Array.from({ length: REPETITIONS }, (_, index): Scenario => {
    const pages = [first, deep[index % deep.length] ?? first];
    return pages.map((path) => ({ method: 'GET', path, expect: 200 }));
  });
  await measureSequentially(bench, subject, scenarios);
  const [atFirst, atDepth] = await measureSequentially(bench, subject, scenarios);
  if (atFirst === undefined || atDepth === undefined) throw new Error('no page was measured');
  return { first: atFirst, deep: atDepth };
}
