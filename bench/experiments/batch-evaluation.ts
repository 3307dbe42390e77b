import type { Subject } from '../environment/child-server.ts';
import type { Latency, PlannedRequest, Scenario } from '../load/plan.ts';
import { spreadUsers } from '../population/population.ts';
import { getAccessQuestions } from './access-questions.ts';
import type { Bench } from './bench.ts';
import type { ScalingResult } from './results.ts';
import { measureSequentially } from './sequential.ts';

const BATCH = 100;
const REPETITIONS = 300;
const WARM_UPS = 100;
const GROWTH_TARGET = 10;

interface Measured {
  readonly one: Latency;
  readonly batch: Latency;
}

/** Compares a batch of questions, each about somebody else, with a single one. */
export async function measureBatchEvaluation(bench: Bench): Promise<ScalingResult> {
  const product = await measureBatches(bench, bench.product);
  const reference = await measureBatches(bench, bench.reference);
  const title = 'evaluations in one request';
  return {
    kind: 'scaling',
    cell: 'evaluations',
    rows: [
      {
        title,
        size: 1,
        product: product.one,
        reference: reference.one,
        growth: 1,
        growthTarget: undefined,
      },
      {
        title,
        size: BATCH,
        product: product.batch,
        reference: reference.batch,
        growth: product.batch.p50 / product.one.p50,
        growthTarget: GROWTH_TARGET,
      },
    ],
  };
}

async function measureBatches(bench: Bench, subject: Subject): Promise<Measured> {
  const questions = await getAccessQuestions(bench);
  const spread = spreadUsers(questions.bodies, REPETITIONS * (BATCH + 2)).map(({ id: body }) => body);
  const scenarios = Array.from({ length: REPETITIONS }, (_, index): Scenario => {
    const pick = (place: number): string => spread[(index * (BATCH + 2) + place) % spread.length] ?? '';
    const batch = Array.from({ length: BATCH }, (_question, place) => pick(place + 2));
    const requests: PlannedRequest[] = [
      // The first request after one of another kind is slower, and not what is compared.
      { method: 'POST', path: '/evaluation', body: pick(0), expect: 200 },
      { method: 'POST', path: '/evaluation', body: pick(1), expect: 200 },
      { method: 'POST', path: '/evaluations', body: `{"evaluations":[${batch.join(',')}]}`, expect: 200 },
    ];
    return requests;
  });
  const surface = questions.surfaceOf(subject);
  await measureSequentially(bench, subject, scenarios.slice(0, WARM_UPS), surface);
  const [, one, batch] = await measureSequentially(bench, subject, scenarios, surface);
  if (one === undefined || batch === undefined) throw new Error('no evaluation was measured');
  return { one, batch };
}
