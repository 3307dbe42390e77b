import type { CellName } from '../options.ts';
import { say } from '../progress.ts';
import type { Bench } from './bench.ts';
import { measureBatchEvaluation } from './batch-evaluation.ts';
import { measureDeactivation } from './deactivation.ts';
import { measureGroupMemory } from './group-memory.ts';
import { measureGroupScaling } from './group-scaling.ts';
import { measureInitialSync } from './initial-sync.ts';
import { measurePageDepth } from './page-depth.ts';
import type { Result } from './results.ts';
import { runThroughputCell, type ThroughputCell } from './throughput.ts';
import { THROUGHPUT_CELLS } from './throughput-cells.ts';

interface Experiment {
  readonly cell: CellName;
  run(bench: Bench): Promise<Result>;
}

const throughput = (isChosen: (cell: ThroughputCell) => boolean): Experiment[] =>
  THROUGHPUT_CELLS.filter(isChosen).map((cell) => ({
    cell: cell.cell,
    run: (bench) => runThroughputCell(bench, cell),
  }));

const EXPERIMENTS: readonly Experiment[] = [
  ...throughput(({ cell }) => cell !== 'evaluation'),
  { cell: 'depth', run: measurePageDepth },
  { cell: 'groups', run: measureGroupScaling },
  { cell: 'memory', run: (bench) => measureGroupMemory(bench, bench.product) },
  { cell: 'sync', run: measureInitialSync },
  // Last, because they put teams and projects around the users.
  ...throughput(({ cell }) => cell === 'evaluation'),
  { cell: 'evaluations', run: measureBatchEvaluation },
  { cell: 'deactivation', run: measureDeactivation },
];

/** Runs the chosen experiments. One that fails is reported as failed, and the others go on. */
export async function runExperiments(bench: Bench): Promise<Result[]> {
  const results: Result[] = [];
  for (const experiment of EXPERIMENTS.filter(({ cell }) => bench.options.cells.has(cell))) {
    const { cell } = experiment;
    say(`measuring ${cell}`);
    try {
      results.push(await experiment.run(bench));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      say(`${cell} failed: ${reason}`);
      results.push({ kind: 'failed', cell, reason });
    }
  }
  return results;
}
