import type { Clock } from '../../src/kernel/clock.js';

/** A clock that stands still until it is told otherwise. */
export interface TestClock extends Clock {
  advance(milliseconds: number): void;
}

/** @param start milliseconds since the epoch; now when absent */
export function testClock(start = Date.now()): TestClock {
  let now = start;
  return {
    now: () => now,
    advance: (milliseconds) => {
      now += milliseconds;
    },
  };
}

/** A clock that goes on with the real one, and can be put forward. */
export function runningClock(): TestClock {
  let ahead = 0;
  return {
    now: () => Date.now() + ahead,
    advance: (milliseconds) => {
      ahead += milliseconds;
    },
  };
}
