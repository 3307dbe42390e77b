import type { Subject } from '../environment/child-server.ts';
import { readCpuSeconds, readResidentBytes } from '../environment/process-stats.ts';
import { say } from '../progress.ts';
import { median } from '../statistics.ts';
import type { Bench } from './bench.ts';
import type { ServerFigures, ThroughputResult } from './results.ts';

/** One measurement of one server. */
export interface Sample {
  readonly perSecond: number;
  readonly requests: number;
  readonly p50: number;
  readonly p99: number;
}

interface CostedSample extends Sample {
  readonly cpuMs: number | undefined;
}

export interface Comparison {
  readonly cell: string;
  readonly title: string;
  readonly ratioTarget?: number;
  readonly cpuTarget?: number;
  readonly tailTarget?: number;
  /** Runs before the rounds, so that neither server is measured cold. */
  warmUp(subject: Subject): Promise<unknown>;
  measure(subject: Subject): Promise<Sample>;
}

/**
 * Measures product and reference in turn. Each round gives one ratio of neighbours in time, so that a machine that
 * slows down for a while slows both; the median of the ratios is the result.
 */
export async function compareServers(bench: Bench, comparison: Comparison): Promise<ThroughputResult> {
  const product: CostedSample[] = [];
  const reference: CostedSample[] = [];
  const ratios: number[] = [];
  await comparison.warmUp(bench.product);
  await comparison.warmUp(bench.reference);
  for (let round = 0; round < bench.options.rounds; round += 1) {
    const ours = await measureWithCpu(bench.product, comparison);
    const bare = await measureWithCpu(bench.reference, comparison);
    product.push(ours);
    reference.push(bare);
    ratios.push(ours.perSecond / bare.perSecond);
    say(`${comparison.cell}: ${ours.perSecond.toFixed(0)} / ${bare.perSecond.toFixed(0)} per second`);
  }
  const productFigures = summarize(bench.product, product);
  const referenceFigures = summarize(bench.reference, reference);
  return {
    kind: 'throughput',
    cell: comparison.cell,
    title: comparison.title,
    product: productFigures,
    reference: referenceFigures,
    ratios,
    ratio: median(ratios),
    ratioTarget: comparison.ratioTarget,
    tailTarget: comparison.tailTarget,
    cpuRatio: divide(productFigures.cpuMs, referenceFigures.cpuMs),
    cpuTarget: comparison.cpuTarget,
  };
}

async function measureWithCpu(subject: Subject, comparison: Comparison): Promise<CostedSample> {
  const before = readCpuSeconds(subject.pid);
  const sample = await comparison.measure(subject);
  const after = readCpuSeconds(subject.pid);
  const used = before === undefined || after === undefined ? undefined : after - before;
  return { ...sample, cpuMs: used === undefined ? undefined : (used * 1_000) / sample.requests };
}

function summarize(subject: Subject, samples: readonly CostedSample[]): ServerFigures {
  const costs = samples.flatMap(({ cpuMs }) => (cpuMs === undefined ? [] : [cpuMs]));
  return {
    perSecond: median(samples.map((sample) => sample.perSecond)),
    p50: median(samples.map((sample) => sample.p50)),
    p99: median(samples.map((sample) => sample.p99)),
    cpuMs: costs.length === 0 ? undefined : median(costs),
    residentBytes: readResidentBytes(subject.pid),
  };
}

const divide = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined || b === undefined ? undefined : a / b;
