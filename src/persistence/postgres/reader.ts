import type pg from 'pg';
import type { Statement } from '../statement.js';
import { PreparedQuery, type Wire } from './prepared-query.js';

type PipelinedClient = pg.Client & { readonly connection: Wire & { readonly stream: { destroy(): void } } };

/** Makes a client in pipeline mode that is not connected yet. */
export type MakeClient = () => pg.Client;

/**
 * A connection for reading that many requests share at once: a statement is sent without waiting for the answers to
 * those before it, and what comes in together goes out together. Only for fixed statements that take no locks and no
 * time, since answers keep the order of the questions.
 */
export class Reader {
  readonly #makeClient: MakeClient;
  readonly #answerTimeout: number;
  readonly #onError: (error: Error) => void;
  #client: Promise<PipelinedClient> | undefined;
  #underWay = 0;
  /** On the monotonic clock: when an answer came last, or the first question was sent. */
  #progressAt = 0;
  #isCorked = false;
  #isClosed = false;

  constructor(options: {
    readonly makeClient: MakeClient;
    /** Milliseconds without any answer after which the connection counts as lost. */
    readonly answerTimeout: number;
    readonly onError: (error: Error) => void;
  }) {
    this.#makeClient = options.makeClient;
    this.#answerTimeout = options.answerTimeout;
    this.#onError = options.onError;
  }

  /** Statements whose answers have not come yet. */
  get underWay(): number {
    return this.#underWay;
  }

  /** Rejects with the driver's error. */
  async run(statement: Statement, values: readonly unknown[]): Promise<unknown[]> {
    if (this.#underWay === 0) this.#progressAt = performance.now();
    this.#underWay += 1;
    try {
      const client = await (this.#client ??= this.#connect());
      const query = new PreparedQuery(statement, values);
      this.#cork(client);
      client.query(query as unknown as pg.Submittable);
      return await query.answer;
    } finally {
      this.#underWay -= 1;
      this.#progressAt = performance.now();
    }
  }

  /** Breaks a connection off whose answers do not come; its statements fail and the next one connects again. */
  async breakOffIfStuck(now: number): Promise<void> {
    if (this.#underWay === 0 || now - this.#progressAt < this.#answerTimeout) return;
    const client = await this.#client?.catch(() => undefined);
    client?.connection.stream.destroy();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const client = await this.#client?.catch(() => undefined);
    await client?.end();
  }

  /** Holds back what is sent until everything that has arrived by now has been read: one system call for all of it. */
  #cork(client: PipelinedClient): void {
    if (this.#isCorked) return;
    this.#isCorked = true;
    client.connection.stream.cork();
    setImmediate(() => {
      this.#isCorked = false;
      client.connection.stream.uncork();
    });
  }

  #connect(): Promise<PipelinedClient> {
    const client = this.#makeClient() as PipelinedClient;
    const connected = client.connect().then(() => client);
    const forget = (): void => {
      if (this.#client === connected) this.#client = undefined;
    };
    client.on('error', (error) => {
      forget();
      if (!this.#isClosed) this.#onError(error);
    });
    client.on('end', forget);
    connected.catch(forget);
    return connected;
  }
}
