import { promises as dns } from 'node:dns';

/**
 * Reads the TXT records of a name, each as one text; none when there is no such name.
 * @throws when the name servers do not answer
 */
export type ResolveTxt = (name: string) => Promise<readonly string[]>;

/** Milliseconds to wait for a name server, and how often to ask. */
const TIMEOUT = 3_000;
const TRIES = 2;
/** The name is not there, or has no such records (c-ares). */
const ABSENT = new Set(['ENOTFOUND', 'ENODATA']);

/** Asks the name servers of this machine. Nothing is cached: who has just made a record must not have to wait. */
export function createTxtResolver(): ResolveTxt {
  const resolver = new dns.Resolver({ timeout: TIMEOUT, tries: TRIES });
  return async (name) => {
    try {
      // A record longer than 255 bytes comes in pieces (RFC 1035 section 3.3.14).
      return (await resolver.resolveTxt(name)).map((pieces) => pieces.join(''));
    } catch (error) {
      if (ABSENT.has((error as NodeJS.ErrnoException).code ?? '')) return [];
      throw error;
    }
  };
}
