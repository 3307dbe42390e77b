import type { Instant } from '../../kernel/clock.js';
import type { KeysetPosition, Page } from '../query.js';
import type { LogEntry } from './log-entry.js';

export interface LogQuery {
  /** Undefined: both. */
  readonly outcome: 'success' | 'failure' | undefined;
  readonly requestId: string | undefined;
  readonly limit: number;
  readonly after: KeysetPosition | undefined;
  /** Newest first. */
  readonly descending: boolean;
}

/** The provisioning log in the database. */
export interface ProvisioningLogStore {
  /** Writes entries; those of a connection that is gone are left out. */
  append(entries: readonly LogEntry[]): Promise<void>;
  list(organizationId: string, connectionId: string, query: LogQuery): Promise<Page<LogEntry>>;
  /** Takes away what is older, at most `limit` entries. @returns how many went */
  deleteBefore(moment: Instant, limit: number): Promise<number>;
}
