import { randomBytes } from 'node:crypto';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** True for a UUID in the lower-case form this server hands out; ids compare exactly (RFC 7643 section 3.1). */
export const isUuid = (value: unknown): value is string => typeof value === 'string' && UUID.test(value);

/** Random bytes are drawn for many ids at once: each draw is a call into the system. */
const POOL_BYTES = 4_096;
const ID_BYTES = 8;

let pool = Buffer.alloc(0);
let used = 0;

function takeRandom(): Buffer {
  if (used >= pool.length) {
    pool = randomBytes(POOL_BYTES);
    used = 0;
  }
  used += ID_BYTES;
  return pool.subarray(used - ID_BYTES, used);
}

let lastMillisecond = 0;
let sequence = 0;

/**
 * Makes a UUIDv7 (RFC 9562 section 5.7): ordered by time, and strictly increasing within this process, so
 * that ids can serve as the stable order of lists.
 */
export function newId(milliseconds: number): string {
  if (milliseconds > lastMillisecond) {
    lastMillisecond = milliseconds;
    sequence = takeRandom().readUInt16BE() & 0x07ff;
  } else {
    sequence += 1;
    if (sequence > 0x0fff) {
      lastMillisecond += 1;
      sequence = 0;
    }
  }
  const time = lastMillisecond.toString(16).padStart(12, '0');
  const random = takeRandom();
  random[0] = ((random[0] ?? 0) & 0x3f) | 0x80;
  const tail = random.toString('hex');
  const counter = sequence.toString(16).padStart(3, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${counter}-${tail.slice(0, 4)}-${tail.slice(4)}`;
}
