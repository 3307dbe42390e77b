import type { Kysely } from 'kysely';
import { toInstant, type Clock, type Instant } from '../../kernel/clock.js';
import { newId } from '../../kernel/ids.js';
import type {
  GroupMappingStore,
  GroupName,
  MappedPerson,
  MappingRun,
  PersonChange,
} from '../../directory/mapping-rules/group-mapping-store.js';
import type { RequestContext } from '../../directory/request-context.js';
import type { Database } from '../database.js';
import { run } from '../statement.js';
import {
  COUNT_OTHER_ADMINS,
  FIND_DUE_RUNS,
  FIND_GROUP,
  LOCK_DUE_RUN,
  LOCK_PEOPLE,
  PEOPLE_AFTER,
  READ_PEOPLE,
  REQUEST_RUN,
} from './group-mapping-statements.js';
import { writePeople } from './write-people.js';
import { toPerson, type PersonRow } from './person-rows.js';

/** What mapping rules for pushed groups read and write, in SQL. */
export class GroupMappingRepository implements GroupMappingStore {
  readonly #db: Kysely<Database>;
  readonly #clock: Clock;

  constructor(db: Kysely<Database>, clock: Clock) {
    this.#db = db;
    this.#clock = clock;
  }

  async findGroup(organizationId: string, teamId: string): Promise<GroupName | undefined> {
    const [row] = await run<{ connection_id: string; group_key: string }>(this.#db, FIND_GROUP, [
      organizationId,
      teamId,
    ]);
    return row && { connectionId: row.connection_id, groupKey: row.group_key };
  }

  async lockPeople(
    organizationId: string,
    connectionId: string,
    userIds: readonly string[],
    namedTeamIds: readonly string[],
  ): Promise<readonly MappedPerson[]> {
    const locked = await run<{ id: string }>(this.#db, LOCK_PEOPLE, [organizationId, userIds]);
    if (locked.length === 0) return [];
    const ids = locked.map(({ id }) => id);
    const rows = await run<PersonRow>(this.#db, READ_PEOPLE, [
      organizationId,
      connectionId,
      ids,
      namedTeamIds,
    ]);
    return rows.map(toPerson);
  }

  async countOtherAdmins(organizationId: string, exceptUserIds: readonly string[]): Promise<number> {
    const [row] = await run<{ count: number }>(this.#db, COUNT_OTHER_ADMINS, [organizationId, exceptUserIds]);
    return row?.count ?? 0;
  }

  write(context: RequestContext, connectionId: string, changes: readonly PersonChange[]): Promise<void> {
    const now = this.#clock.now();
    const ids = changes.map(() => newId(now));
    return writePeople(this.#db, context, connectionId, { changes, eventIds: ids, now: toInstant(now) });
  }

  async peopleAfter(
    organizationId: string,
    connectionId: string,
    afterUserId: string | undefined,
    limit: number,
  ): Promise<readonly string[]> {
    const rows = await run<{ user_id: string }>(this.#db, PEOPLE_AFTER, [
      organizationId,
      connectionId,
      afterUserId ?? null,
      limit,
    ]);
    return rows.map((row) => row.user_id);
  }

  async requestRun(context: RequestContext, connectionId: string): Promise<void> {
    const now = toInstant(this.#clock.now());
    await run(this.#db, REQUEST_RUN, [context.organizationId, connectionId, now, context.requestId]);
  }

  async lockDueRun(
    organizationId: string,
    connectionId: string,
    now: Instant,
  ): Promise<MappingRun | undefined> {
    const [row] = await run<{ after_user_id: string | null; is_last: boolean; request_id: string }>(
      this.#db,
      LOCK_DUE_RUN,
      [organizationId, connectionId, now],
    );
    return (
      row && {
        afterUserId: row.after_user_id ?? undefined,
        isLast: row.is_last,
        requestId: row.request_id,
      }
    );
  }

  async advanceRun(
    organizationId: string,
    connectionId: string,
    next: Parameters<GroupMappingStore['advanceRun']>[2],
  ): Promise<void> {
    if (!next) {
      await this.#db
        .deleteFrom('mapping_runs')
        .where('org_id', '=', organizationId)
        .where('connection_id', '=', connectionId)
        .execute();
      return;
    }
    await this.#db
      .updateTable('mapping_runs')
      .set({ after_user_id: next.afterUserId ?? null, is_last: next.isLast, due_at: next.dueAt })
      .where('org_id', '=', organizationId)
      .where('connection_id', '=', connectionId)
      .execute();
  }

  async findDueRuns(
    now: Instant,
    limit: number,
  ): Promise<readonly { readonly organizationId: string; readonly connectionId: string }[]> {
    const rows = await run<{ org_id: string; connection_id: string }>(this.#db, FIND_DUE_RUNS, [now, limit]);
    return rows.map((row) => ({ organizationId: row.org_id, connectionId: row.connection_id }));
  }
}
