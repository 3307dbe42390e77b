import type { Subject } from '../environment/child-server.ts';
import { send } from '../environment/scim-client.ts';
import {
  scimSurface,
  SEQUENCE,
  type Plan,
  type PlanResult,
  type Scenario,
  type Surface,
} from '../load/plan.ts';
import type { CellName } from '../options.ts';
import { tenDigits } from '../population/user-bodies.ts';
import type { Bench } from './bench.ts';
import { compareServers, type Sample } from './compare-servers.ts';
import type { ThroughputResult } from './results.ts';

/** One kind of request, sent by all connections at once for a fixed time. */
export interface ThroughputCell {
  readonly cell: CellName;
  readonly title: string;
  readonly ratioTarget?: number;
  readonly cpuTarget?: number;
  readonly tailTarget?: number;
  /** Where the requests go; SCIM unless given. */
  findSurface?(bench: Bench, subject: Subject): Promise<Surface>;
  /** The requests, each a scenario of its own; a server may need its own, because a cursor is opaque. */
  prepare(bench: Bench, subject: Subject): Scenario[] | Promise<Scenario[]>;
  /** Whether an answer holds what was asked for: a status alone would let an empty page win. */
  verify(body: unknown): boolean;
}

/** Runs a cell on both servers. Every run goes on with the next scenario, so that a write is always a change. */
export async function runThroughputCell(bench: Bench, cell: ThroughputCell): Promise<ThroughputResult> {
  const states = new Map<
    Subject,
    { readonly surface: Surface; readonly scenarios: Scenario[]; next: number }
  >();
  for (const subject of [bench.product, bench.reference]) {
    const scenarios = await cell.prepare(bench, subject);
    const surface = (await cell.findSurface?.(bench, subject)) ?? scimSurface(subject.token);
    await probe(subject, surface, cell, scenarios[0]);
    states.set(subject, { surface, scenarios, next: 1 });
  }

  async function run(subject: Subject, seconds: number): Promise<PlanResult> {
    const state = states.get(subject);
    if (state === undefined) throw new Error(`${subject.name} was not prepared`);
    const plan: Plan = {
      port: subject.port,
      surface: state.surface,
      connections: bench.options.connections,
      scenarios: state.scenarios,
      startAt: state.next,
      stopAfter: { seconds },
      keepLocations: false,
    };
    const result = await bench.load.run(plan);
    state.next += result.scenarios;
    return result;
  }

  return compareServers(bench, {
    ...cell,
    warmUp: (subject) => run(subject, bench.options.warmUpSeconds),
    measure: async (subject) => toSample(await run(subject, bench.options.seconds)),
  });
}

const toSample = ({ requests, elapsedSeconds, latency }: PlanResult): Sample => ({
  perSecond: requests / elapsedSeconds,
  requests,
  ...latency,
});

async function probe(
  subject: Subject,
  surface: Surface,
  cell: ThroughputCell,
  scenario: Scenario | undefined,
): Promise<void> {
  for (const { method, path, body, expect } of scenario ?? []) {
    const fill = (text: string): string => text.replaceAll(SEQUENCE, tenDigits(0));
    const answer = await send(subject, surface, method, fill(path), {
      expect,
      ...(body === undefined ? {} : { body: fill(body) }),
    });
    if (!cell.verify(answer.body)) {
      throw new Error(`${subject.name}: ${method} ${path} was answered with ${answer.text.slice(0, 500)}`);
    }
  }
}
