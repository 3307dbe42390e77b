import type { Output } from '../terminal.js';

const ERASE_LINE = '\r\u001b[2K';

/** Says on stderr how far the demo is: one line that changes, or one line a phase when nobody watches. */
export class Progress {
  readonly #output: Output;
  readonly #isInteractive: boolean;

  constructor(output: Output, isInteractive: boolean) {
    this.#output = output;
    this.#isInteractive = isInteractive;
  }

  /** Runs a phase; `tick` counts one of its `total` steps as done. */
  async phase(title: string, total: number, work: (tick: () => void) => Promise<void>): Promise<void> {
    const startedAt = performance.now();
    let done = 0;
    this.#draw(`  ${title} ...`);
    await work(() => {
      done += 1;
      this.#draw(`  ${title} ... ${done} of ${total}`);
    });
    const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
    this.#output.err(`${this.#isInteractive ? ERASE_LINE : ''}  ${title}: ${total} in ${seconds} s\n`);
  }

  #draw(line: string): void {
    if (this.#isInteractive) this.#output.err(ERASE_LINE + line);
  }
}
