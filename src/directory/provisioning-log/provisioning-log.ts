import { toInstant, type Clock } from '../../kernel/clock.js';
import { DomainError, isDomainError } from '../../kernel/errors.js';
import type { Page } from '../query.js';
import type { UnitOfWork } from '../unit-of-work.js';
import { countRequests, LogBuffer } from './log-buffer.js';
import type { AnsweredRequest, LogEntry } from './log-entry.js';
import type { LogQuery } from './provisioning-log-store.js';

/** Milliseconds that an entry waits for others. */
const FLUSH_INTERVAL = 1_000;
/** Entries that are written without waiting. */
const FLUSH_AT = 1_000;
/** Entries in one statement. */
const BATCH = 1_000;
/** Milliseconds between looks for what is too old, and how much of it goes at a time. */
const SWEEP_INTERVAL = 3_600_000;
const SWEEP_BATCH = 10_000;
const DAY = 86_400_000;

/** Told when entries could not be written. `lost` requests will not be in the log. */
export type OnLogFailure = (error: unknown, lost: number) => void;

export interface ProvisioningLogDependencies {
  readonly unitOfWork: UnitOfWork;
  readonly clock: Clock;
  /** Days that entries are kept; 0 switches the log off. */
  readonly retentionDays: number;
}

/**
 * What each connection asked for and what became of it. Entries are gathered in memory and written together, at most a
 * second later, so that a request does not wait for its own: a process that crashes loses those of the last second.
 */
export class ProvisioningLog {
  readonly #unitOfWork: UnitOfWork;
  readonly #clock: Clock;
  readonly #retentionDays: number;
  readonly #buffer = new LogBuffer();
  #onFailure: OnLogFailure | undefined;
  #flushTimer: NodeJS.Timeout | undefined;
  #sweepTimer: NodeJS.Timeout | undefined;
  /** The write that is under way; writes come one after the other. */
  #writing: Promise<void> = Promise.resolve();
  #sweeping: Promise<void> = Promise.resolve();

  constructor({ unitOfWork, clock, retentionDays }: ProvisioningLogDependencies) {
    this.#unitOfWork = unitOfWork;
    this.#clock = clock;
    this.#retentionDays = retentionDays;
  }

  /** Whether requests are logged at all. */
  get isOn(): boolean {
    return this.#retentionDays > 0;
  }

  /** Begins to write what is recorded and to delete what is too old. */
  start(onFailure: OnLogFailure): void {
    this.#onFailure = onFailure;
    this.#sweepTimer = setInterval(() => {
      this.#sweep();
    }, SWEEP_INTERVAL).unref();
    this.#sweep();
  }

  /** Writes what waits and ends. */
  async stop(): Promise<void> {
    clearInterval(this.#sweepTimer);
    await this.#sweeping;
    await this.flush();
    this.#onFailure = undefined;
    clearTimeout(this.#flushTimer);
  }

  record(request: AnsweredRequest): void {
    if (!this.isOn) return;
    this.#buffer.add(request, this.#clock.now());
    if (!this.#onFailure) return;
    if (this.#buffer.size >= FLUSH_AT) void this.flush();
    else this.#flushTimer ??= setTimeout(() => void this.flush(), FLUSH_INTERVAL).unref();
  }

  /**
   * Records a request whose credential was refused, when it is one that a connection once had: its admins want to know
   * that it has ended. What no connection ever had is nobody's.
   * @param hash - of the credential, as connections keep it
   */
  recordRefusal(hash: string, request: Omit<AnsweredRequest, 'organizationId' | 'connectionId'>): void {
    if (!this.isOn) return;
    const { connections } = this.#unitOfWork.stores;
    connections.findEndedToken(hash, toInstant(this.#clock.now())).then((ended) => {
      if (!ended) return;
      const { organizationId, connectionId, name, reason } = ended;
      const failure = {
        code: `credential.${reason}`,
        detail: `The credential "${name}" was refused.`,
        renderRequest: () => undefined,
      };
      this.record({ ...request, organizationId, connectionId, failure });
    }, ignore);
  }

  /** Writes what waits. Never rejects. */
  flush(): Promise<void> {
    clearTimeout(this.#flushTimer);
    this.#flushTimer = undefined;
    this.#writing = this.#writing.then(() => this.#write());
    return this.#writing;
  }

  /**
   * A page of the log of one connection, with what this process has not written yet.
   * @throws DomainError connection.not_found
   */
  async list(organizationId: string, connectionId: string, query: LogQuery): Promise<Page<LogEntry>> {
    const { connections, provisioningLog } = this.#unitOfWork.stores;
    if (!(await connections.find(organizationId, connectionId)))
      throw new DomainError('connection.not_found');
    await this.flush();
    return provisioningLog.list(organizationId, connectionId, query);
  }

  async #write(): Promise<void> {
    const batch = this.#buffer.take();
    const { provisioningLog } = this.#unitOfWork.stores;
    let written = 0;
    try {
      for (; written < batch.entries.length; written += BATCH)
        await provisioningLog.append(batch.entries.slice(written, written + BATCH));
      if (batch.lost > 0) this.#onFailure?.(undefined, batch.lost);
    } catch (error) {
      const rest = { entries: batch.entries.slice(written), lost: batch.lost };
      const isAway = isDomainError(error) && error.kind === 'unavailable';
      // Kept for the next time: what failed while the database was away is what people will look for.
      if (isAway) this.#buffer.putBack(rest);
      this.#onFailure?.(error, isAway ? 0 : countRequests(rest));
    }
  }

  #sweep(): void {
    if (!this.isOn) return;
    this.#sweeping = this.#deleteOld().catch((error: unknown) => {
      this.#onFailure?.(error, 0);
    });
  }

  async #deleteOld(): Promise<void> {
    const { provisioningLog } = this.#unitOfWork.stores;
    const moment = toInstant(this.#clock.now() - this.#retentionDays * DAY);
    while (this.#onFailure && (await provisioningLog.deleteBefore(moment, SWEEP_BATCH)) === SWEEP_BATCH);
  }
}

const ignore = (): void => undefined;
