import type { Subject } from '../environment/child-server.ts';
import { scimSurface, type Latency, type Scenario, type Surface } from '../load/plan.ts';
import type { Bench } from './bench.ts';

/**
 * Plays every scenario once on a single connection. Sizes that are compared belong into one scenario: they are then
 * measured a moment apart, and whatever else goes on meets them alike.
 *
 * @returns latencies by position in the scenario.
 */
export async function measureSequentially(
  bench: Bench,
  subject: Subject,
  scenarios: readonly Scenario[],
  surface: Surface = scimSurface(subject.token),
): Promise<readonly Latency[]> {
  const { steps } = await bench.load.run({
    port: subject.port,
    surface,
    connections: 1,
    scenarios,
    startAt: 0,
    stopAfter: { scenarios: scenarios.length },
    keepLocations: false,
  });
  return steps;
}
