import type pg from 'pg';
import type { Statement } from '../statement.js';
import { PreparedQuery } from './prepared-query.js';
import { SharedConnection, type SharedConnectionOptions, type WiredClient } from './shared-connection.js';

/**
 * A connection for reading: a statement is sent without waiting for the answers to those before it, and what comes in
 * together goes out together. Only for fixed statements that take no locks and little time, since answers keep the order
 * of the questions. Its clients are in pipeline mode.
 */
export class Reader {
  readonly connection: SharedConnection;
  #isCorked = false;

  constructor(options: SharedConnectionOptions) {
    this.connection = new SharedConnection(options);
  }

  /** Rejects with the driver's error. */
  run(statement: Statement, values: readonly unknown[]): Promise<unknown[]> {
    return this.connection.during(async () => {
      const client = await this.connection.client();
      const query = new PreparedQuery(statement, values);
      this.#cork(client);
      client.query(query as unknown as pg.Submittable);
      return query.answer;
    });
  }

  /** Holds back what is sent until everything that has arrived by now has been read: one system call for all of it. */
  #cork(client: WiredClient): void {
    if (this.#isCorked) return;
    this.#isCorked = true;
    client.connection.stream.cork();
    setImmediate(() => {
      this.#isCorked = false;
      client.connection.stream.uncork();
    });
  }
}
