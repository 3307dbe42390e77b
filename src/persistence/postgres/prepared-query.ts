import type pg from 'pg';
import { prepareValue } from 'pg/lib/utils.js';
import { typeParser } from '../column-values.js';
import type { Statement } from '../statement.js';

/** A column of an answer. */
export interface Column {
  readonly name: string;
  readonly parse: (text: string) => unknown;
}

/** What pg gives a query to send its messages with. */
export interface Wire {
  readonly stream: { cork(): void; uncork(): void; destroy(): void };
  readonly parsedStatements: Record<string, string | undefined>;
  readonly submittedNamedStatements: Record<string, string | undefined>;
  parse(statement: { readonly name: string; readonly text: string }): void;
  bind(values: {
    readonly statement: string;
    readonly values: readonly unknown[];
    readonly valueMapper: (value: unknown) => unknown;
  }): void;
  describe(portal: { readonly type: 'P'; readonly name: string }): void;
  execute(): void;
  sync(): void;
}

/** The columns of each statement on a connection that has run it: Postgres need not describe them again. */
const knownColumns = new WeakMap<Wire, Map<string, readonly Column[]>>();

/** The columns of a statement that has run on this connection; undefined for one that has not. */
export const columnsOf = (wire: Wire, { name }: Statement): readonly Column[] | undefined =>
  knownColumns.get(wire)?.get(name);

/** A row of an answer as an object. */
export function readRow(columns: readonly Column[], fields: readonly (string | null)[]): unknown {
  const row: Record<string, unknown> = {};
  for (const [index, { name, parse }] of columns.entries()) {
    const text = fields[index] ?? null;
    row[name] = text === null ? null : parse(text);
  }
  return row;
}

/**
 * One run of a prepared statement, as pg's interface for queries of one's own wants it (Submittable). It parses and
 * describes a statement once for each connection; afterwards only values travel, and rows.
 */
export class PreparedQuery {
  readonly name: string;
  readonly text: string;
  readonly answer: Promise<unknown[]>;
  readonly #statement: Statement;
  readonly #values: readonly unknown[];
  readonly #found: unknown[] = [];
  #wire: Wire | undefined;
  #columns: readonly Column[] | undefined;
  #resolve!: (rows: unknown[]) => void;
  #reject!: (error: unknown) => void;

  constructor(statement: Statement, values: readonly unknown[]) {
    this.name = statement.name;
    this.text = statement.text;
    this.#statement = statement;
    this.#values = values;
    this.answer = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  /** Called by pg when it is this query's turn. What goes wrong is handed to `handleError`. */
  submit(wire: Wire): Error | null {
    this.#wire = wire;
    this.#columns = columnsOf(wire, this.#statement);
    wire.stream.cork();
    try {
      const { name, text } = this;
      if (wire.parsedStatements[name] === undefined && wire.submittedNamedStatements[name] === undefined) {
        wire.parse({ name, text });
        wire.submittedNamedStatements[name] = text;
      }
      wire.bind({ statement: name, values: this.#values, valueMapper: prepareValue });
      if (!this.#columns) wire.describe({ type: 'P', name: '' });
      wire.execute();
      wire.sync();
      return null;
    } finally {
      wire.stream.uncork();
    }
  }

  handleRowDescription({ fields }: pg.QueryResult): void {
    this.#columns = fields.map(({ name, dataTypeID }) => ({ name, parse: typeParser(dataTypeID, 'text') }));
    if (!this.#wire) return;
    const known = knownColumns.get(this.#wire);
    if (known) known.set(this.name, this.#columns);
    else knownColumns.set(this.#wire, new Map([[this.name, this.#columns]]));
  }

  handleDataRow({ fields }: { readonly fields: readonly (string | null)[] }): void {
    this.#found.push(readRow(this.#columns ?? [], fields));
  }

  handleCommandComplete(): void {
    // The rows are complete when the connection is ready again.
  }

  handleReadyForQuery(): void {
    this.#resolve(this.#found);
  }

  handleError(error: unknown): void {
    this.#reject(error);
  }
}
