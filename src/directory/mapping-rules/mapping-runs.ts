import { toInstant, type Clock } from '../../kernel/clock.js';
import type { RequestContext } from '../request-context.js';
import type { UnitOfWork } from '../unit-of-work.js';
import { GroupMapping } from './group-mapping.js';
import type { MappingRun } from './group-mapping-store.js';

/** People gone through in one transaction. */
const BATCH = 500;
/** Batches that a request waits for: everybody of groups of a usual size. The rest goes on behind it. */
const BATCHES_PER_REQUEST = 10;
/**
 * Milliseconds until everybody is gone through once more. A push that was let in while its Connection had no rules does
 * not know the first of them; by then it has been answered or given up.
 */
const SECOND_PASS_AFTER = 60_000;
const RUNS_AT_ONCE = 20;

type Step = 'more' | 'done';

/**
 * Goes through the people of a Connection whose rules or groups have changed, in batches with transactions of their own.
 * What is asked for stands in the database: any process takes it up, from the person where another one ended.
 */
export class MappingRuns {
  readonly #unitOfWork: UnitOfWork;
  readonly #clock: Clock;

  constructor({ unitOfWork, clock }: { readonly unitOfWork: UnitOfWork; readonly clock: Clock }) {
    this.#unitOfWork = unitOfWork;
    this.#clock = clock;
  }

  /** Begins a run that has just been asked for. What fails is taken up again with the runs that are due. */
  async begin(organizationId: string, connectionId: string): Promise<void> {
    try {
      for (let batch = 0; batch < BATCHES_PER_REQUEST; batch += 1)
        if ((await this.#step(organizationId, connectionId)) === 'done') return;
    } catch {
      // The change that asked for the run is committed, and the run with it.
    }
  }

  /** Goes on with every run that is due, until it is done. @param isStopped - asked between batches */
  async goOn(isStopped: () => boolean): Promise<void> {
    const due = await this.#unitOfWork.stores.groupMapping.findDueRuns(this.#now(), RUNS_AT_ONCE);
    for (const { organizationId, connectionId } of due)
      while (!isStopped() && (await this.#step(organizationId, connectionId)) === 'more');
  }

  #step(organizationId: string, connectionId: string): Promise<Step> {
    return this.#unitOfWork.transaction(async (stores) => {
      const connection = await stores.connections.find(organizationId, connectionId);
      if (!connection) return 'done';
      // Before the run is locked: who asks for a run has the organization already.
      await stores.organizations.lock(organizationId);
      const run = await stores.groupMapping.lockDueRun(organizationId, connectionId, this.#now());
      if (!run) return 'done';
      const context = contextOf(organizationId, connectionId, run.requestId);
      const mapping = await GroupMapping.open(stores, context, connection);
      const ids = await stores.groupMapping.peopleAfter(organizationId, connectionId, run.afterUserId, BATCH);
      await mapping.settle(ids);
      const isPassDone = ids.length < BATCH;
      const next = isPassDone
        ? this.#nextPass(run)
        : { afterUserId: ids.at(-1), isLast: run.isLast, dueAt: this.#now() };
      await stores.groupMapping.advanceRun(organizationId, connectionId, next);
      return isPassDone ? 'done' : 'more';
    });
  }

  #nextPass({ isLast }: MappingRun) {
    if (isLast) return undefined;
    const dueAt = toInstant(this.#clock.now() + SECOND_PASS_AFTER);
    return { afterUserId: undefined, isLast: true, dueAt };
  }

  #now() {
    return toInstant(this.#clock.now());
  }
}

/** Roles that rules give come from the Connection, whoever changed the rules: the request tells. */
const contextOf = (organizationId: string, connectionId: string, requestId: string): RequestContext => ({
  organizationId,
  actor: { kind: 'connection', id: connectionId },
  requestId,
  sourceAddress: undefined,
});
