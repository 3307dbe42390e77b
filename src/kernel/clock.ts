/** A moment in UTC as ISO 8601 with milliseconds, for example `2026-01-15T09:00:00.000Z`. */
export type Instant = string;

/** The only source of time, so that tests can hold it still. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
}

export const systemClock: Clock = { now: () => Date.now() };

export const toInstant = (milliseconds: number): Instant => new Date(milliseconds).toISOString();
