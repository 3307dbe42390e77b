import type pg from 'pg';
import type { Wire } from './prepared-query.js';

export type WiredClient = pg.Client & { readonly connection: Wire };

export interface SharedConnectionOptions {
  /** Makes a client that is not connected yet. */
  readonly makeClient: () => pg.Client;
  /** Milliseconds without any answer after which the connection counts as lost. */
  readonly answerTimeout: number;
  /** Called with errors while nothing is asked of it; it is made anew on its next use. */
  readonly onError: (error: Error) => void;
}

/** One connection that many requests use at once: made on first use and again after it broke. */
export class SharedConnection {
  readonly #options: SharedConnectionOptions;
  #client: Promise<WiredClient> | undefined;
  #underWay = 0;
  /** On the monotonic clock: when an answer came last, or the first question was asked. */
  #progressAt = 0;
  #isClosed = false;

  constructor(options: SharedConnectionOptions) {
    this.#options = options;
  }

  /** Statements whose answers have not come yet. */
  get underWay(): number {
    return this.#underWay;
  }

  /** Counts the work as under way until it ends. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    if (this.#underWay === 0) this.#progressAt = performance.now();
    this.#underWay += 1;
    try {
      return await work();
    } finally {
      this.#underWay -= 1;
      this.#progressAt = performance.now();
    }
  }

  /** Rejects with the driver's error when there is no connection to be had, and once it is closed. */
  client(): Promise<WiredClient> {
    if (this.#isClosed) return Promise.reject(new Error('the connection is closed'));
    return (this.#client ??= this.#connect());
  }

  /** Breaks a connection off whose answers do not come; what waits for them fails. */
  async breakOffIfStuck(now: number): Promise<void> {
    if (this.#underWay === 0 || now - this.#progressAt < this.#options.answerTimeout) return;
    const client = await this.#client?.catch(() => undefined);
    client?.connection.stream.destroy();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const client = await this.#client?.catch(() => undefined);
    await client?.end();
  }

  #connect(): Promise<WiredClient> {
    const client = this.#options.makeClient() as WiredClient;
    const connected = client.connect().then(() => client);
    const forget = (): void => {
      if (this.#client === connected) this.#client = undefined;
    };
    client.on('error', (error) => {
      forget();
      if (!this.#isClosed) this.#options.onError(error);
    });
    client.on('end', forget);
    connected.catch(forget);
    return connected;
  }
}
