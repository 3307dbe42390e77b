import { isDomainError } from '../../kernel/errors.js';
import type { ScimError } from '../errors.js';
import type { ScimRequest } from '../exchange.js';
import { badRequest, type ScimProblem } from '../problem.js';
import { quoteText } from '../resource/index.js';
import type { BulkOperation } from './bulk-operation.js';
import type { BulkRequest } from './bulk-request.js';
import type { BulkResult } from './bulk-response.js';
import { createRing, type RingMember } from './create-ring.js';
import { orderOperations } from './order-operations.js';
import {
  locationOf,
  performWith,
  resolveAction,
  type BulkOperations,
  type Perform,
  type Performed,
} from './perform-action.js';

export interface BulkDependencies {
  readonly operations: BulkOperations;
  /** How the error of one operation is told; an unknown one becomes a 500 with a reference to the log. */
  readonly describeError: (error: unknown) => ScimError;
}

/**
 * One Bulk request on its way: what is created, what has failed. The operations run one after the other, because which
 * of two creates gets a name or the last seat is part of what their order means.
 */
export class BulkRun {
  readonly #bulk: BulkRequest;
  readonly #baseUrl: string;
  readonly #describeError: (error: unknown) => ScimError;
  readonly #perform: Perform;
  readonly #undo: Perform;
  readonly #creates: ReadonlySet<string | undefined>;
  readonly #ids = new Map<string, string>();
  readonly #results: (BulkResult | undefined)[];
  #errorCount = 0;

  constructor(bulk: BulkRequest, request: ScimRequest, { operations, describeError }: BulkDependencies) {
    this.#bulk = bulk;
    this.#baseUrl = request.baseUrl;
    this.#describeError = describeError;
    this.#perform = performWith(operations, request);
    this.#undo = performWith(operations, withReversibleRemoval(request));
    this.#creates = new Set(bulk.operations.filter(isCreate).map(({ bulkId }) => bulkId));
    this.#results = bulk.operations.map(() => undefined);
  }

  /**
   * Runs the operations until failOnErrors is reached (RFC 7644 section 3.7.3).
   * @returns results of those that were processed, in the order of the request
   * @throws DomainError database.unavailable
   */
  async run(): Promise<readonly BulkResult[]> {
    for (const { operations, isRing } of orderOperations(this.#bulk.operations)) {
      if (this.#errorCount >= this.#bulk.failOnErrors) break;
      if (isRing) await this.#runRing(operations);
      else for (const operation of operations) await this.#runOne(operation);
    }
    return this.#results.filter((result) => result !== undefined);
  }

  async #runOne(operation: BulkOperation): Promise<void> {
    const { action, references, version } = operation;
    if (!action.ok) {
      this.#fail(operation, action.error);
      return;
    }
    const resolved = references.size > 0 ? resolveAction(action.value, this.#ids) : action.value;
    const location = locationOf(resolved, this.#baseUrl);
    const unmet = this.#findUnmet(operation);
    if (unmet) {
      this.#fail(operation, unmet, location);
      return;
    }
    try {
      this.#succeed(operation, await this.#perform(resolved, version));
    } catch (error) {
      this.#fail(operation, this.#explain(error), location);
    }
  }

  /** Creates that refer to each other succeed or fail together. */
  async #runRing(operations: readonly BulkOperation[]): Promise<void> {
    const members = operations.flatMap(toRingMember);
    const inside = new Set(members.map(({ bulkId }) => bulkId));
    const unmet = operations.map((operation) => this.#findUnmet(operation, inside));
    if (unmet.some((problem) => problem !== undefined)) {
      for (const [place, operation] of operations.entries())
        this.#fail(operation, unmet[place] ?? brokenRing);
      return;
    }
    const outcome = await createRing(members, this.#ids, { perform: this.#perform, undo: this.#undo });
    for (const [place, operation] of operations.entries()) {
      const performed = outcome.ok ? outcome.value[place] : undefined;
      const error = outcome.ok ? undefined : outcome.error[place];
      if (performed) this.#succeed(operation, performed);
      else this.#fail(operation, error === undefined ? brokenRing : this.#explain(error));
    }
  }

  /** The first reference to something that does not exist, and why it does not. */
  #findUnmet({ references }: BulkOperation, inside?: ReadonlySet<string>): ScimProblem | undefined {
    for (const bulkId of references) {
      if (this.#ids.has(bulkId) || inside?.has(bulkId)) continue;
      const reason = this.#creates.has(bulkId) ? 'could not be created' : 'is the bulkId of no POST';
      return conflict(`The operation refers to ${quoteText(bulkId)}, which ${reason}.`);
    }
    return undefined;
  }

  /** The problem of one operation. Without a database there is no point in trying the others. */
  #explain(error: unknown): ScimProblem {
    if (isDomainError(error, 'database.unavailable')) throw error;
    return this.#describeError(error).problem;
  }

  #succeed(operation: BulkOperation, { status, id, location, version }: Performed): void {
    const { index, method, bulkId } = operation;
    if (isCreate(operation) && bulkId !== undefined) this.#ids.set(bulkId, id);
    this.#results[index] = { method, bulkId, status, location, version };
  }

  #fail({ index, method, bulkId }: BulkOperation, problem: ScimProblem, location?: string): void {
    this.#errorCount += 1;
    this.#results[index] = { method, bulkId, status: problem.status, location, version: undefined, problem };
  }
}

const isCreate = ({ method }: BulkOperation): boolean => method === 'POST';

const toRingMember = ({ action, bulkId }: BulkOperation): readonly RingMember[] =>
  action.ok && action.value.kind === 'create' && bulkId !== undefined
    ? [{ bulkId, action: action.value }]
    : [];

/** RFC 7644 section 3.7.2: a reference that cannot be resolved is a conflict. */
const conflict = (detail: string): ScimProblem => ({ ...badRequest('invalidValue', detail), status: 409 });

const brokenRing = conflict(
  'The operation and another one refer to each other, and the other could not be done.',
);

/**
 * What a failed ring made must go again even where the Connection refuses to delete groups; and an account that was
 * restored must not be erased for it.
 */
function withReversibleRemoval(request: ScimRequest): ScimRequest {
  const { context } = request;
  const { connection } = context;
  const settings = { ...connection.settings, onGroupDelete: 'archive', onUserDelete: 'deactivate' } as const;
  return { ...request, context: { ...context, connection: { ...connection, settings } } };
}
