import { toInstant } from '../../kernel/clock.js';
import { newId } from '../../kernel/ids.js';
import type { AnsweredRequest, LogEntry } from './log-entry.js';

/** Entries that wait at most; beyond that requests are only counted as lost. */
export const MAX_WAITING = 10_000;
/** Of requests that are alike, so many are kept singly before the others are only counted. */
const KEPT_SINGLY = 100;
/** Successful reads say nothing singly: an identity provider looks for everybody all the time. */
const KEPT_READS = 1;

type WaitingEntry = LogEntry & { count: number; duration: number };

interface Alike {
  kept: number;
  last: WaitingEntry;
}

/** What the buffer gives away. */
export interface Batch {
  readonly entries: readonly LogEntry[];
  /** Requests of which nothing was kept. */
  readonly lost: number;
}

/**
 * Requests on their way into the log. Those that are alike (connection, client, operation, status and code) are kept
 * singly only up to a number and then counted at the last one, so that a flood costs a few rows.
 */
export class LogBuffer {
  #entries: WaitingEntry[] = [];
  #alike = new Map<string, Alike>();
  #lost = 0;

  get size(): number {
    return this.#entries.length;
  }

  /** @param now milliseconds since the epoch */
  add(request: AnsweredRequest, now: number): void {
    const key = `${request.connectionId} ${request.operation} ${request.status} ${request.failure?.code ?? ''} ${request.client}`;
    const alike = this.#alike.get(key);
    const limit = request.isRead && !request.failure ? KEPT_READS : KEPT_SINGLY;
    if (alike && alike.kept >= limit) {
      alike.last.count += 1;
      alike.last.duration = Math.max(alike.last.duration, request.duration);
      return;
    }
    if (this.#entries.length >= MAX_WAITING) {
      this.#lost += 1;
      return;
    }
    const entry = toEntry(request, now);
    this.#entries.push(entry);
    this.#alike.set(key, { kept: (alike?.kept ?? 0) + 1, last: entry });
  }

  /** Everything that waits; from now on nothing is like it any more. */
  take(): Batch {
    const batch = { entries: this.#entries, lost: this.#lost };
    this.#entries = [];
    this.#alike = new Map();
    this.#lost = 0;
    return batch;
  }

  /** Takes a batch back that could not be written; what does not fit is lost. */
  putBack({ entries, lost }: Batch): void {
    const kept = entries.slice(0, Math.max(0, MAX_WAITING - this.#entries.length));
    this.#entries.unshift(...kept);
    this.#lost += countRequests({ entries: entries.slice(kept.length), lost });
  }
}

/** The requests that a batch stands for. */
export const countRequests = ({ entries, lost }: Batch): number =>
  entries.reduce((sum, { count }) => sum + count, lost);

function toEntry({ failure, isRead: _, ...request }: AnsweredRequest, now: number): WaitingEntry {
  return {
    ...request,
    id: newId(now),
    occurredAt: toInstant(now),
    failure: failure && { code: failure.code, detail: failure.detail, request: failure.renderRequest() },
    count: 1,
  };
}
