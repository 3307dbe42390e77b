import { CompiledQuery, type Kysely } from 'kysely';
import type { Database } from './database.js';
import { retryConflicts } from './retry.js';

/**
 * A fixed SQL text for a hot path. On Postgres it is prepared once per connection under its name, so its text must
 * never depend on what a client sends.
 */
export interface Statement {
  readonly name: string;
  readonly text: string;
  /** Whether it may share a connection with others that are under way: quick, and without locks. */
  readonly isRead: boolean;
  /** For a short write that may be committed together with others: which parameter names the row it locks. */
  readonly lockedBy: number | undefined;
  /**
   * Whether it takes many runs at once. Each has two parameters, a key and an object; the statement has one, a JSON array
   * of the objects, and answers a row for each, in order. No key is twice in it.
   */
  readonly takesMany: boolean;
  /** Whether its caller has gathered what goes together: it is sent without waiting for what else has arrived. */
  readonly isGathered: boolean;
}

const statementsByText = new Map<string, Statement>();
const usedNames = new Set<string>();

const PLAIN = { isRead: false, lockedBy: undefined, takesMany: false, isGathered: false } as const;

/** Registers a fixed statement. Names are unique; declare statements at module level only. */
export const defineStatement = (name: string, text: string): Statement => register({ ...PLAIN, name, text });

/** Registers a fixed statement that reads a few rows by an index, and locks and changes nothing. */
export const defineRead = (name: string, text: string): Statement =>
  register({ ...PLAIN, name, text, isRead: true });

/** Registers a read of what its caller has gathered, and sends on as soon as it can. */
export const defineGatheredRead = (name: string, text: string): Statement =>
  register({ ...PLAIN, name, text, isRead: true, isGathered: true });

/**
 * Registers a fixed statement that writes one row and what belongs to it, and may be committed together with others.
 * @param lockedBy - index of the parameter that identifies the row
 */
export const defineShortWrite = (name: string, text: string, lockedBy: number): Statement =>
  register({ ...PLAIN, name, text, lockedBy });

/** Registers a fixed statement over many objects, each of which writes one row and what belongs to it. */
export const defineManyWrites = (name: string, text: string): Statement =>
  register({ ...PLAIN, name, text, lockedBy: 0, takesMany: true });

/** What a statement is sent with, for these runs of it: one, unless it takes many. */
export const parametersOf = (
  statement: Statement,
  runs: readonly (readonly unknown[])[],
): readonly unknown[] =>
  statement.takesMany ? [JSON.stringify(runs.map(([, object]) => object))] : (runs[0] ?? []);

function register(declared: Statement): Statement {
  const { name } = declared;
  const statement = { ...declared, text: declared.text.replaceAll(/\s+/g, ' ').trim() };
  if (usedNames.has(name)) throw new Error(`two statements are named ${name}`);
  usedNames.add(name);
  statementsByText.set(statement.text, statement);
  return statement;
}

/** The statement with this text, or undefined for text that was built for one request. */
export const preparedStatement = (text: string): Statement | undefined => statementsByText.get(text);

/** Runs a fixed statement on a connection of its own, without the way through Kysely. */
export type DirectQuery = (statement: Statement, parameters: readonly unknown[]) => Promise<unknown[]>;

const directQueries = new WeakMap<Kysely<Database>, DirectQuery>();

/** Gives fixed statements outside transactions a short way to the driver: they are most of what the server runs. */
export const useDirectQuery = (db: Kysely<Database>, query: DirectQuery): void => {
  directQueries.set(db, query);
};

/** Runs a fixed statement on the database, where it is a transaction of its own, or inside a transaction. */
export async function run<Row>(
  db: Kysely<Database>,
  statement: Statement,
  parameters: readonly unknown[],
): Promise<Row[]> {
  if (db.isTransaction) {
    const result = await db.executeQuery<Row>(
      CompiledQuery.raw(statement.text, [...parametersOf(statement, [parameters])]),
    );
    return result.rows;
  }
  const query = directQueries.get(db);
  if (!query) throw new Error('the database has no direct query');
  return retryConflicts(() => query(statement, parameters) as Promise<Row[]>);
}
