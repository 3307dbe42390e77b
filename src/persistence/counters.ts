import { randomInt } from 'node:crypto';

const SLOTS = 64;

let next = randomInt(SLOTS);

/** The counter slot for the next write. Writers that follow each other take different slots and never wait. */
export function nextCounterSlot(): number {
  next = (next + 1) % SLOTS;
  return next;
}
