import type { Subject } from '../environment/child-server.ts';
import type { Latency, PlannedRequest, Scenario } from '../load/plan.ts';
import { addMembers, createGroup, removeMembers } from '../population/groups.ts';
import type { Bench } from './bench.ts';
import type { ScalingResult, ScalingRow } from './results.ts';
import { measureSequentially } from './sequential.ts';
import { getSizedGroups, type SizedGroup } from './sized-groups.ts';

const REPETITIONS = 100;
const WARM_UPS = 20;
const MANY = 100;
const GROWTH_TARGET = 1.3;

interface GroupOperation {
  readonly title: string;
  readonly growthTarget: number | undefined;
  /** @param member changes from scenario to scenario; @param many are always the same and never `member`. */
  request(groupId: string, member: string, many: readonly string[]): PlannedRequest;
}

const patch = (groupId: string, body: Record<string, unknown>): PlannedRequest => ({
  method: 'PATCH',
  path: `/Groups/${groupId}`,
  body: JSON.stringify(body),
  expect: 204,
});

/** In the order in which they are sent, so that each finds the group as it was before the scenario. */
const OPERATIONS: readonly GroupOperation[] = [
  {
    title: 'PATCH adding a member',
    growthTarget: GROWTH_TARGET,
    request: (groupId, member) => patch(groupId, addMembers([member])),
  },
  {
    title: 'PATCH removing a member',
    growthTarget: GROWTH_TARGET,
    request: (groupId, member) => patch(groupId, removeMembers([member])),
  },
  {
    title: `PATCH adding ${MANY} members`,
    growthTarget: undefined,
    request: (groupId, _, many) => patch(groupId, addMembers(many)),
  },
  {
    title: `PATCH removing ${MANY} members`,
    growthTarget: undefined,
    request: (groupId, _, many) => patch(groupId, removeMembers(many)),
  },
  {
    title: 'GET a group with excludedAttributes=members',
    growthTarget: undefined,
    request: (groupId) => ({
      method: 'GET',
      path: `/Groups/${groupId}?excludedAttributes=members`,
      expect: 200,
    }),
  },
];

/** Measures what a change of members costs as the group grows. */
export async function measureGroupScaling(bench: Bench): Promise<ScalingResult> {
  const groups = await getSizedGroups(bench, bench.product);
  const product = await measureGroups(bench, bench.product, groups);
  const reference = await measureGroups(bench, bench.reference, await getSizedGroups(bench, bench.reference));
  const rows = OPERATIONS.flatMap((operation, operationIndex) =>
    groups.map(({ size }, groupIndex): ScalingRow => {
      const step = stepOf(operationIndex, groupIndex, groups.length);
      const smallest = latencyAt(product, stepOf(operationIndex, 0, groups.length));
      const ours = latencyAt(product, step);
      return {
        title: operation.title,
        size,
        product: ours,
        reference: latencyAt(reference, step),
        growth: ours.p50 / smallest.p50,
        growthTarget: groupIndex === groups.length - 1 ? operation.growthTarget : undefined,
      };
    }),
  );
  return { kind: 'scaling', cell: 'groups', rows };
}

/** A scenario walks through the operations, and for each of them through the lead-in group and the sizes. */
const stepOf = (operationIndex: number, groupIndex: number, groupCount: number): number =>
  operationIndex * (groupCount + 1) + groupIndex + 1;

function latencyAt(steps: readonly Latency[], step: number): Latency {
  const latency = steps[step];
  if (latency === undefined) throw new Error('no group was measured');
  return latency;
}

async function measureGroups(
  bench: Bench,
  subject: Subject,
  groups: readonly SizedGroup[],
): Promise<readonly Latency[]> {
  // The first request after one of another kind is slower. A group that is not reported takes it, or it would fall
  // to the smallest size, and everything is compared with that.
  const leadIn = await createGroup(subject, 'Bench lead-in', bench.population.ids.slice(0, 10));
  const groupIds = [leadIn, ...groups.map(({ id }) => id)];
  const many = bench.population.spareIds.slice(0, MANY);
  const members = bench.population.spareIds.slice(MANY, MANY + REPETITIONS);
  const scenarios = members.map((member): Scenario =>
    OPERATIONS.flatMap((operation) => groupIds.map((id) => operation.request(id, member, many))),
  );
  await measureSequentially(bench, subject, scenarios.slice(0, WARM_UPS));
  return measureSequentially(bench, subject, scenarios);
}
