import type { Kysely } from 'kysely';
import { DomainError } from '../kernel/errors.js';
import type { Database } from './database.js';

export interface DatabaseConnection {
  readonly db: Kysely<Database>;
  readonly kind: 'postgres' | 'pglite';
  /** Its pool; the embedded database has none. */
  readonly pool: ConnectionPool | undefined;
  /** Rejects with `database.unavailable` when the database does not answer. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** Connections to a Postgres server. */
export interface ConnectionPool {
  /** Connections there may be. */
  readonly size: number;
  /** Connections there are, those of them that do nothing, and statements that wait for one. */
  usage(): { readonly total: number; readonly idle: number; readonly waiting: number };
}

/** @throws DomainError database.unavailable */
export async function ping(db: Kysely<Database>): Promise<void> {
  try {
    await db.selectNoFrom((expression) => expression.lit(1).as('one')).execute();
  } catch (error) {
    throw new DomainError('database.unavailable', { cause: error });
  }
}
