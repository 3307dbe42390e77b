import { prepareValue } from 'pg/lib/utils.js';
import type { Statement } from '../statement.js';
import { columnsOf, readRow, type Column, type Wire } from './prepared-query.js';

export interface Run {
  readonly statement: Statement;
  readonly values: readonly unknown[];
}

/**
 * Several runs of statements that the connection knows, as one transaction: without a Sync between them Postgres commits
 * once, after the last (PostgreSQL documentation, "Pipelining"). When one fails, none has happened.
 */
export class PreparedBatch {
  /** The rows of each run, in order. */
  readonly answer: Promise<readonly unknown[][]>;
  readonly #runs: readonly Run[];
  readonly #found: unknown[][];
  #columns: readonly (readonly Column[])[] = [];
  #current = 0;
  #resolve!: (rows: readonly unknown[][]) => void;
  #reject!: (error: unknown) => void;

  constructor(runs: readonly Run[]) {
    this.#runs = runs;
    this.#found = runs.map(() => []);
    this.answer = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  /** Called by pg. Every statement must have run on this connection before. */
  submit(wire: Wire): Error | null {
    this.#columns = this.#runs.map(({ statement }) => columnsOf(wire, statement) ?? []);
    wire.stream.cork();
    try {
      for (const { statement, values } of this.#runs) {
        wire.bind({ statement: statement.name, values, valueMapper: prepareValue });
        wire.execute();
      }
      wire.sync();
      return null;
    } finally {
      wire.stream.uncork();
    }
  }

  handleDataRow({ fields }: { readonly fields: readonly (string | null)[] }): void {
    this.#found[this.#current]?.push(readRow(this.#columns[this.#current] ?? [], fields));
  }

  handleCommandComplete(): void {
    this.#current += 1;
  }

  handleReadyForQuery(): void {
    this.#resolve(this.#found);
  }

  handleError(error: unknown): void {
    this.#reject(error);
  }
}
