import pg from 'pg';
import { parametersOf, type Statement } from '../statement.js';
import { PreparedBatch, type Run } from './prepared-batch.js';
import { columnsOf, PreparedQuery } from './prepared-query.js';
import { SharedConnection, type SharedConnectionOptions, type WiredClient } from './shared-connection.js';

/** Statements of a batch at most. Writes hold their locks until the last of them is done. */
const BATCH_SIZE = 32;

interface Waiting extends Run {
  readonly resolve: (rows: unknown[]) => void;
  readonly reject: (error: unknown) => void;
}

/** One run of a statement, and those for whom it is: several where the statement takes many. */
interface Question extends Run {
  readonly waiting: readonly Waiting[];
}

export interface LaneOptions extends SharedConnectionOptions {
  /** Runs a statement on another connection, where it may wait for locks as long as it has to. */
  readonly runAlone: (statement: Statement, values: readonly unknown[]) => Promise<unknown[]>;
}

/** Hands the answers of a batch to those who asked. */
type Settle = () => void;

/**
 * A connection that takes together, as one transaction, what came while it was busy. Small reads and short writes cost
 * less than the system calls and the commit around them, and under load those are shared. The next batch is sent before
 * the answers of the last are handed out, so that the database works while this process does. When the database refuses
 * one of a batch, none of it has happened, and each is run again alone. The same is done with a write that meets a lock
 * which is held for long: the clients of a connection for writes have a `lock_timeout`.
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
          this.#start(statement);
        }),
    );
  }

  /** After everything that has arrived by now has been read, so that it goes together. */
  #start({ isGathered }: Statement): void {
    if (this.#isBusy) return;
    this.#isBusy = true;
    if (isGathered) this.#next();
    else
      setImmediate(() => {
        this.#next();
      });
  }

  #next(): void {
    const batch = this.#takeBatch();
    this.#isBusy = batch.length > 0;
    if (!this.#isBusy) return;
    void this.#ask(batch).then((settle) => {
      this.#next();
      settle();
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

  /** Never rejects. */
  async #ask(batch: readonly Waiting[]): Promise<Settle> {
    const settles: Settle[] = [];
    try {
      const client = await this.connection.client();
      const isKnown = ({ statement }: Question): boolean =>
        columnsOf(client.connection, statement) !== undefined;
      const questions = toQuestions(batch);
      const [known, unknown] = [
        questions.filter(isKnown),
        questions.filter((question) => !isKnown(question)),
      ];
      for (const question of unknown) settles.push(await this.#askOne(client, question));
      const [first, ...others] = known;
      if (first)
        settles.push(
          others.length === 0 ? await this.#askOne(client, first) : await this.#askTogether(client, known),
        );
    } catch (error) {
      settles.push(rejecting(batch, error));
    }
    return () => {
      for (const settle of settles) settle();
    };
  }

  async #askOne(client: WiredClient, question: Question): Promise<Settle> {
    const { statement, values, waiting } = question;
    const query = new PreparedQuery(statement, values);
    client.query(query as unknown as pg.Submittable);
    try {
      const rows = await query.answer;
      return () => {
        handOut(question, rows);
      };
    } catch (error) {
      const mayRunAlone = isLockTimeout(error) || (waiting.length > 1 && isRefusal(error));
      return mayRunAlone ? this.#runningAlone(waiting) : rejecting(waiting, error);
    }
  }

  async #askTogether(client: WiredClient, questions: readonly Question[]): Promise<Settle> {
    const query = new PreparedBatch(questions);
    client.query(query as unknown as pg.Submittable);
    const waiting = questions.flatMap((question) => question.waiting);
    try {
      const rows = await query.answer;
      return () => {
        for (const [index, question] of questions.entries()) handOut(question, rows[index] ?? []);
      };
    } catch (error) {
      // Only what the server refused has certainly not happened; a connection that broke may have committed.
      return isRefusal(error) ? this.#runningAlone(waiting) : rejecting(waiting, error);
    }
  }

  #runningAlone(batch: readonly Waiting[]): Settle {
    return () => {
      for (const { statement, values, resolve, reject } of batch)
        this.#runAlone(statement, values).then(resolve, reject);
    };
  }
}

/** Runs of a statement that takes many become one where no other comes between, and no two write the same row. */
function toQuestions(batch: readonly Waiting[]): readonly Question[] {
  const groups: Waiting[][] = [];
  for (const run of batch) {
    const group = groups.at(-1);
    const last = group?.at(-1);
    const isTogether =
      last?.statement === run.statement && run.statement.takesMany && lockKey(last) !== lockKey(run);
    if (isTogether) group?.push(run);
    else groups.push([run]);
  }
  return groups.flatMap((waiting) => {
    const statement = waiting[0]?.statement;
    const runs = waiting.map(({ values }) => values);
    return statement ? [{ statement, values: parametersOf(statement, runs), waiting }] : [];
  });
}

function handOut({ statement, waiting }: Question, rows: unknown[]): void {
  for (const [index, { resolve }] of waiting.entries())
    resolve(statement.takesMany ? rows.slice(index, index + 1) : rows);
}

const rejecting = (batch: readonly Waiting[], error: unknown): Settle => {
  return () => {
    for (const { reject } of batch) reject(error);
  };
};

const lockKey = ({ statement, values }: Run): string => String(values[statement.lockedBy ?? 0]);

const isRefusal = (error: unknown): boolean =>
  error instanceof pg.DatabaseError && error.severity === 'ERROR';

/** SQLSTATE lock_not_available. */
const isLockTimeout = (error: unknown): boolean =>
  error instanceof pg.DatabaseError && error.code === '55P03';
