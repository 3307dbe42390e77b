import type { MappingRuns } from './mapping-runs.js';

/** Milliseconds between looks for runs that are due. */
const POLL_INTERVAL = 5_000;

/** Goes on with runs that no request waits for any more. Every process has one; they may meet without harm. */
export class MappingWorker {
  readonly #runs: MappingRuns;
  readonly #onFailure: (error: unknown) => void;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #isStopped = false;

  /** @param onFailure - told why runs could not be gone on with; they are tried again */
  constructor(runs: MappingRuns, onFailure: (error: unknown) => void) {
    this.#runs = runs;
    this.#onFailure = onFailure;
  }

  start(): void {
    if (this.#isStopped || this.#running) return;
    this.#running = this.#runs
      .goOn(() => this.#isStopped)
      .catch(this.#onFailure)
      .finally(() => {
        this.#running = undefined;
        if (this.#isStopped) return;
        this.#timer = setTimeout(() => {
          this.start();
        }, POLL_INTERVAL).unref();
      });
  }

  /** Ends after the batch that is under way. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    await this.#running;
  }
}
