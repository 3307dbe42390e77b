import pg from 'pg';
import type { Statement } from '../statement.js';
import { PreparedBatch, type Run } from './prepared-batch.js';
import { columnsOf, PreparedQuery } from './prepared-query.js';
import { SharedConnection, type SharedConnectionOptions, type WiredClient } from './shared-connection.js';

/** Statements of a batch at most. Writes hold their locks until the last of them is done. */
const BATCH_SIZE = 32;

interface Waiting extends Run {
  readonly resolve: (rows: unknown[]) => void;
  readonly reject: (error: unknown) => void;
}

export interface LaneOptions extends SharedConnectionOptions {
  /** Runs a statement on another connection, where it may wait for locks as long as it has to. */
  readonly runAlone: (statement: Statement, values: readonly unknown[]) => Promise<unknown[]>;
}

/**
 * A connection that takes together, as one transaction, what came while it was busy. Small reads and short writes cost
 * less than the system calls and the commit around them, and under load those are shared. When the database refuses one
 * of a batch, none of it has happened, and each is run again alone. The same is done with a write that meets a lock which
 * is held for long: the clients of a connection for writes have a `lock_timeout`.
 */
export class Lane {
  readonly connection: SharedConnection;
  readonly #runAlone: LaneOptions['runAlone'];
  #waiting: Waiting[] = [];
  #isBusy = false;

  constructor(options: LaneOptions) {
    this.connection = new SharedConnection(options);
    this.#runAlone = options.runAlone;
  }

  /** Rejects with the driver's error. */
  run(statement: Statement, values: readonly unknown[]): Promise<unknown[]> {
    return this.connection.during(
      () =>
        new Promise<unknown[]>((resolve, reject) => {
          this.#waiting.push({ statement, values, resolve, reject });
          this.#start();
        }),
    );
  }

  /** After everything that has arrived by now has been read, so that it goes together. */
  #start(): void {
    if (this.#isBusy || this.#waiting.length === 0) return;
    this.#isBusy = true;
    setImmediate(() => {
      void this.#runBatch(this.#takeBatch()).finally(() => {
        this.#isBusy = false;
        this.#start();
      });
    });
  }

  /** Writes in the order of what they lock, as in every other batch: so that no two wait for each other. */
  #takeBatch(): readonly Waiting[] {
    const batch = this.#waiting.slice(0, BATCH_SIZE);
    this.#waiting = this.#waiting.slice(BATCH_SIZE);
    return batch[0]?.statement.isRead
      ? batch
      : batch.sort((a, b) => (lockKey(a) < lockKey(b) ? -1 : lockKey(a) > lockKey(b) ? 1 : 0));
  }

  async #runBatch(batch: readonly Waiting[]): Promise<void> {
    try {
      const client = await this.connection.client();
      const isKnown = ({ statement }: Waiting): boolean =>
        columnsOf(client.connection, statement) !== undefined;
      const [known, unknown] = [batch.filter(isKnown), batch.filter((run) => !isKnown(run))];
      for (const run of unknown) await this.#runSingle(client, run);
      const [first, ...others] = known;
      if (first && others.length === 0) await this.#runSingle(client, first);
      else if (first) await this.#runTogether(client, known);
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }

  async #runSingle(client: WiredClient, { statement, values, resolve, reject }: Waiting): Promise<void> {
    const query = new PreparedQuery(statement, values);
    client.query(query as unknown as pg.Submittable);
    try {
      resolve(await query.answer);
    } catch (error) {
      if (isLockTimeout(error)) this.#runAlone(statement, values).then(resolve, reject);
      else reject(error);
    }
  }

  async #runTogether(client: WiredClient, batch: readonly Waiting[]): Promise<void> {
    const query = new PreparedBatch(batch);
    client.query(query as unknown as pg.Submittable);
    try {
      const rows = await query.answer;
      for (const [index, { resolve }] of batch.entries()) resolve(rows[index] ?? []);
    } catch (error) {
      // Only what the server refused has certainly not happened; a connection that broke may have committed.
      if (!isRefusal(error)) throw error;
      for (const { statement, values, resolve, reject } of batch)
        this.#runAlone(statement, values).then(resolve, reject);
    }
  }
}

const lockKey = ({ statement, values }: Run): string => String(values[statement.lockedBy ?? 0]);

const isRefusal = (error: unknown): boolean =>
  error instanceof pg.DatabaseError && error.severity === 'ERROR';

/** SQLSTATE lock_not_available. */
const isLockTimeout = (error: unknown): boolean =>
  error instanceof pg.DatabaseError && error.code === '55P03';
