import { percentile } from '../statistics.ts';
import { HttpConnection } from './http-connection.ts';
import { SEQUENCE, type Latency, type Plan, type PlannedRequest, type PlanResult } from './plan.ts';

interface CompiledRequest {
  /** The text of the request, cut where the sequence number goes. */
  readonly parts: readonly string[];
  readonly expect: number;
  readonly label: string;
}

/** Sends the requests of a plan as fast as the server answers them. */
export async function runPlan(plan: Plan): Promise<PlanResult> {
  const scenarios = plan.scenarios.map((scenario) => scenario.map((request) => compile(request, plan)));
  const steps: number[][] = (scenarios[0] ?? []).map(() => []);
  const locations: string[] = [];
  let failure: string | undefined;
  let failures = 0;
  let started = 0;

  const opened = Array.from({ length: plan.connections }, () => HttpConnection.open(plan.port));
  const connections = await Promise.all(opened);
  const startedAt = performance.now();
  const isOver =
    'seconds' in plan.stopAfter
      ? beforeTime(startedAt + plan.stopAfter.seconds * 1_000)
      : beforeCount(plan.stopAfter.scenarios);

  async function work(connection: HttpConnection): Promise<void> {
    while (!isOver(started)) {
      const index = started;
      started += 1;
      await play(connection, index);
    }
  }

  async function play(connection: HttpConnection, index: number): Promise<void> {
    const number = plan.startAt + index;
    const digits = String(number).padStart(SEQUENCE.length, '0');
    for (const [step, request] of (scenarios[number % scenarios.length] ?? []).entries()) {
      const sentAt = performance.now();
      const answer = await connection.send(request.parts.join(digits));
      steps[step]?.push(performance.now() - sentAt);
      if (answer.status !== request.expect) {
        failures += 1;
        failure ??= `${request.label} gave ${answer.status} instead of ${request.expect}`;
      }
      if (plan.keepLocations && answer.location !== undefined) locations[index] = answer.location;
    }
  }

  await Promise.all(connections.map(work));
  const elapsedSeconds = (performance.now() - startedAt) / 1_000;
  for (const connection of connections) connection.close();

  const all = steps.flat();
  return {
    requests: all.length,
    scenarios: started,
    elapsedSeconds,
    latency: summarize(all),
    steps: steps.map(summarize),
    locations,
    failure,
    failures,
  };
}

const beforeTime = (end: number) => (): boolean => performance.now() >= end;
const beforeCount =
  (count: number) =>
  (started: number): boolean =>
    started >= count;

const summarize = (values: readonly number[]): Latency => ({
  p50: percentile(values, 0.5),
  p99: percentile(values, 0.99),
});

function compile(request: PlannedRequest, { port, surface }: Plan): CompiledRequest {
  const lines = [
    `${request.method} ${surface.basePath}${request.path} HTTP/1.1`,
    `Host: 127.0.0.1:${port}`,
    `Authorization: Bearer ${surface.token}`,
    `Accept: ${surface.mediaType}`,
  ];
  if (request.body !== undefined) {
    lines.push(`Content-Type: ${surface.mediaType}; charset=utf-8`);
    lines.push(`Content-Length: ${Buffer.byteLength(request.body)}`);
  }
  const text = `${lines.join('\r\n')}\r\n\r\n${request.body ?? ''}`;
  const label = `${request.method} ${request.path.slice(0, 120)}`;
  return { parts: text.split(SEQUENCE), expect: request.expect, label };
}
