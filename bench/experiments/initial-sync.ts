import type { Subject } from '../environment/child-server.ts';
import { scimSurface, SEQUENCE, type Plan, type PlanResult, type Scenario } from '../load/plan.ts';
import { addMembers, entraGroup } from '../population/groups.ts';
import { entraUser } from '../population/user-bodies.ts';
import type { Bench } from './bench.ts';
import { compareServers, type Sample } from './compare-servers.ts';
import type { ThroughputResult } from './results.ts';

const RATIO_TARGET = 0.6;
const GROUPS = 10;
const MEMBERS_PER_PATCH = 100;
const WARM_UP_USERS = 200;

/**
 * The first cycle of Microsoft Entra ID against an empty application: per user a match that finds nothing and a
 * create, then the groups, then their members in batches (Microsoft, "How application provisioning works").
 */
export async function measureInitialSync(bench: Bench): Promise<ThroughputResult> {
  const next = new Map<Subject, number>();
  const sync = async (subject: Subject, users: number): Promise<Sample> => {
    const startAt = next.get(subject) ?? 0;
    next.set(subject, startAt + users);
    return runSync(bench, subject, startAt, users);
  };
  return compareServers(bench, {
    cell: 'sync',
    title: 'initial sync as Entra does it, users',
    ratioTarget: RATIO_TARGET,
    warmUp: (subject) => sync(subject, WARM_UP_USERS),
    measure: (subject) => sync(subject, bench.options.syncUsers),
  });
}

/** @param startAt number of the first user; groups take their numbers from the same range. */
async function runSync(bench: Bench, subject: Subject, startAt: number, users: number): Promise<Sample> {
  const run = (scenarios: readonly Scenario[], count: number): Promise<PlanResult> => {
    const plan: Plan = {
      port: subject.port,
      surface: scimSurface(subject.token),
      connections: bench.options.connections,
      scenarios,
      startAt,
      stopAfter: { scenarios: count },
      keepLocations: true,
    };
    return bench.load.run(plan);
  };

  const createdUsers = await run([matchAndCreate()], users);
  const userIds = createdUsers.locations.map(lastSegment);
  const createdGroups = await run([createGroup()], GROUPS);
  const additions = createdGroups.locations.map((location, index) =>
    addInBatches(lastSegment(location), shareOf(userIds, index)),
  );
  const addedMembers = await run(additions, additions.length);

  const phases = [createdUsers, createdGroups, addedMembers];
  return {
    perSecond: users / sum(phases.map((phase) => phase.elapsedSeconds)),
    requests: sum(phases.map((phase) => phase.requests)),
    ...createdUsers.latency,
  };
}

function matchAndCreate(): Scenario {
  const userName = `sync.${SEQUENCE}@bench.example`;
  return [
    { method: 'GET', path: `/Users?filter=userName+eq+%22${userName}%22`, expect: 200 },
    {
      method: 'POST',
      path: '/Users',
      body: JSON.stringify(entraUser(userName, `Sync ${SEQUENCE}`)),
      expect: 201,
    },
  ];
}

const createGroup = (): Scenario => [
  { method: 'POST', path: '/Groups', body: JSON.stringify(entraGroup(`Sync ${SEQUENCE}`)), expect: 201 },
];

/** Batches of one group follow each other, as they do from one client. */
function addInBatches(groupId: string, memberIds: readonly string[]): Scenario {
  const batches = Array.from({ length: Math.ceil(memberIds.length / MEMBERS_PER_PATCH) }, (_, index) =>
    memberIds.slice(index * MEMBERS_PER_PATCH, (index + 1) * MEMBERS_PER_PATCH),
  );
  return batches.map((batch) => ({
    method: 'PATCH',
    path: `/Groups/${groupId}`,
    body: JSON.stringify(addMembers(batch)),
    expect: 204,
  }));
}

const shareOf = (ids: readonly string[], group: number): string[] =>
  ids.filter((_, index) => index % GROUPS === group);
const lastSegment = (location: string): string => location.slice(location.lastIndexOf('/') + 1);
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
