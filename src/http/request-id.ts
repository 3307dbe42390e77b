import { randomUUID } from 'node:crypto';

/** Letters, digits and what UUIDs, ULIDs, trace ids and AWS ids are made of. Nothing that could forge a log line. */
const SANE = /^[A-Za-z0-9._:=+/@-]{1,128}$/;

/**
 * The id under which a request is logged, audited and answered: the client's or proxy's `X-Request-Id` when that is
 * 1 to 128 harmless characters, otherwise a new UUID.
 */
export const requestIdOf = (header: string | readonly string[] | undefined): string =>
  typeof header === 'string' && SANE.test(header) ? header : randomUUID();
