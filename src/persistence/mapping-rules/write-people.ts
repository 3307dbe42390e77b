import type { Kysely } from 'kysely';
import type { Instant } from '../../kernel/clock.js';
import type { PersonChange } from '../../directory/mapping-rules/group-mapping-store.js';
import type { RequestContext } from '../../directory/request-context.js';
import type { MembershipWrite } from '../../directory/sign-on/sign-on-store.js';
import type { Database } from '../database.js';
import { run } from '../statement.js';
import {
  APPEND_EVENTS,
  DELETE_GIVEN,
  DELETE_MEMBERS,
  INSERT_MEMBERS,
  TOUCH_TEAMS,
  WRITE_GIVEN,
  WRITE_MEMBERS,
  WRITE_ROLES,
  WRITE_ROLE_RULES,
} from './group-mapping-statements.js';

interface Placed extends MembershipWrite {
  readonly userId: string;
}

/** Writes what mapping rules make of people they have been worked out for, each kind of row by one statement. */
export async function writePeople(
  db: Kysely<Database>,
  context: RequestContext,
  connectionId: string,
  work: {
    readonly changes: readonly PersonChange[];
    /** One for each change. */
    readonly eventIds: readonly string[];
    readonly now: Instant;
  },
): Promise<void> {
  const { changes, now } = work;
  const { organizationId } = context;
  const roles = changes.filter(({ organizationRole }) => organizationRole !== undefined);
  if (roles.length > 0) {
    const columns = [roles.map(idOf), roles.map(({ organizationRole }) => organizationRole)];
    await run(db, WRITE_ROLES, [organizationId, ...columns, now]);
  }
  const sourced = changes.filter(
    ({ person, organizationRole, roleRuleId }) =>
      roleRuleId !== (organizationRole === undefined ? person.roleRuleId : undefined),
  );
  if (sourced.length > 0) {
    const columns = [sourced.map(idOf), sourced.map(({ roleRuleId }) => roleRuleId ?? null)];
    await run(db, WRITE_ROLE_RULES, [organizationId, ...columns]);
  }
  await writeGiven(db, organizationId, connectionId, changes);
  await writeMemberships(db, organizationId, connectionId, { changes, now });
  await appendEvents(db, context, work);
}

const idOf = ({ person }: PersonChange): string => person.id;

async function writeGiven(
  db: Kysely<Database>,
  organizationId: string,
  connectionId: string,
  changes: readonly PersonChange[],
): Promise<void> {
  const ended = changes.filter(({ person, given }) => person.given !== undefined && given === undefined);
  if (ended.length > 0) await run(db, DELETE_GIVEN, [organizationId, connectionId, ended.map(idOf)]);
  const given = changes.flatMap((change) => (change.given ? [{ id: idOf(change), ...change.given }] : []));
  if (given.length > 0)
    await run(db, WRITE_GIVEN, [
      organizationId,
      connectionId,
      given.map(({ id }) => id),
      given.map(({ role }) => role),
      given.map(({ base }) => base),
      given.map(({ isKept }) => isKept),
    ]);
}

async function writeMemberships(
  db: Kysely<Database>,
  organizationId: string,
  connectionId: string,
  { changes, now }: { readonly changes: readonly PersonChange[]; readonly now: Instant },
): Promise<void> {
  const placed = (kind: 'add' | 'change'): readonly Placed[] =>
    changes.flatMap((change) =>
      change.memberships[kind].map((write) => ({ ...write, userId: idOf(change) })),
    );
  const added = placed('add');
  const changed = placed('change');
  const removed = changes.flatMap((change) =>
    change.memberships.removeTeamIds.map((teamId) => ({ teamId, userId: idOf(change) })),
  );
  const touched = new Set([...added, ...removed].map(({ teamId }) => teamId));
  if (touched.size > 0) await run(db, TOUCH_TEAMS, [organizationId, [...touched], now]);
  if (removed.length > 0)
    await run(db, DELETE_MEMBERS, [
      organizationId,
      connectionId,
      removed.map(({ userId }) => userId),
      removed.map(({ teamId }) => teamId),
    ]);
  if (added.length > 0)
    await run(db, INSERT_MEMBERS, [organizationId, connectionId, ...columnsOf(added), now]);
  if (changed.length > 0) await run(db, WRITE_MEMBERS, [organizationId, ...columnsOf(changed)]);
}

const columnsOf = (writes: readonly Placed[]): readonly (readonly (string | null)[])[] => [
  writes.map(({ userId }) => userId),
  writes.map(({ teamId }) => teamId),
  writes.map(({ role }) => role),
  writes.map(({ customRoleId }) => customRoleId ?? null),
  writes.map(({ mappingRuleId }) => mappingRuleId ?? null),
];

/** One event for each person of whom more has changed than what is remembered of a role that stayed. */
async function appendEvents(
  db: Kysely<Database>,
  context: RequestContext,
  {
    changes,
    eventIds,
    now,
  }: {
    readonly changes: readonly PersonChange[];
    readonly eventIds: readonly string[];
    readonly now: Instant;
  },
): Promise<void> {
  const events = changes.flatMap((change, index) => {
    const told = tell(change);
    return told ? [{ id: eventIds[index], userId: idOf(change), ...told }] : [];
  });
  if (events.length === 0) return;
  await run(db, APPEND_EVENTS, [
    context.organizationId,
    events.map(({ id }) => id),
    events.map(({ userId }) => userId),
    events.map(({ before }) => before),
    events.map(({ after }) => after),
    now,
    context.actor.kind,
    context.actor.id,
    context.requestId,
    context.sourceAddress ?? null,
  ]);
}

function tell(change: PersonChange): { readonly before: string; readonly after: string } | undefined {
  const { person, organizationRole, given, memberships } = change;
  const isKept = given?.isKept === true && person.given?.isKept !== true;
  const { add, removeTeamIds } = memberships;
  const hasTeams = add.length + memberships.change.length + removeTeamIds.length > 0;
  if (organizationRole === undefined && !hasTeams && !isKept) return undefined;
  const concerned = new Set([...memberships.change.map(({ teamId }) => teamId), ...removeTeamIds]);
  const teamsBefore = person.memberships.filter(({ teamId }) => concerned.has(teamId));
  const hasRole = organizationRole !== undefined || isKept;
  return {
    before: JSON.stringify({
      ...(hasRole ? { organizationRole: person.organizationRole } : {}),
      ...(hasTeams ? { teamRoles: teamsBefore.map(roleOf) } : {}),
    }),
    after: JSON.stringify({
      ...(hasRole ? { organizationRole: organizationRole ?? person.organizationRole } : {}),
      ...(isKept ? { keptAs: 'last_admin' } : {}),
      ...(hasTeams
        ? { added: add.map(roleOf), changed: memberships.change.map(roleOf), removed: removeTeamIds }
        : {}),
    }),
  };
}

const roleOf = ({
  teamId,
  role,
  customRoleId,
  mappingRuleId,
}: Pick<MembershipWrite, 'teamId' | 'customRoleId' | 'mappingRuleId'> & { readonly role: string }) => ({
  teamId,
  role,
  customRoleId,
  mappingRuleId,
});
