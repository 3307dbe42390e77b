import { randomInt } from 'node:crypto';

/** The counter rows that every organization has of each kind. */
export const COUNTER_SLOTS: readonly number[] = Array.from({ length: 32 }, (_, slot) => slot);

let next = randomInt(COUNTER_SLOTS.length);

/** The counter slot for the next write. Writers that follow each other take different slots and never wait. */
export function nextCounterSlot(): number {
  next = (next + 1) % COUNTER_SLOTS.length;
  return next;
}
