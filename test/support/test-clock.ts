import type { Clock } from '../../src/kernel/clock.js';

/** A clock that stands until it is moved. */
export class TestClock implements Clock {
  #now = 1_795_000_000_000;

  now(): number {
    return this.#now;
  }

  /** @param milliseconds - how far to move it ahead */
  advance(milliseconds: number): void {
    this.#now += milliseconds;
  }
}
