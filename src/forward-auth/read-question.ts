import type { IncomingMessage } from 'node:http';
import { err, ok, type Result } from '../kernel/result.js';
import { LIMITS } from '../kernel/limits.js';

/** What the proxy's configuration asks, in the query. */
export interface Question {
  /** Being in one of these is needed; none are named: any account will do. */
  readonly teams: readonly string[];
  /** Whether a browser is to be sent to the sign-in page by the answer itself. */
  readonly isRedirecting: boolean;
}

/** Teams named in one question. */
const MAX_TEAMS = 20;

/**
 * Reads `team` (may be repeated) and `signIn=redirect`. Nothing else may be there: a mistyped requirement must not let
 * everybody in.
 * @returns or else what is wrong, one line
 */
export function readQuestion({ url = '' }: IncomingMessage): Result<Question, string> {
  if (url.length > LIMITS.urlLength) return err(`The address is longer than ${LIMITS.urlLength} characters.`);
  const start = url.indexOf('?');
  const query = new URLSearchParams(start === -1 ? '' : url.slice(start));
  for (const name of query.keys())
    if (name !== 'team' && name !== 'signIn') return err('There are no parameters but team and signIn.');
  const teams = query.getAll('team');
  if (teams.includes('') || teams.length > MAX_TEAMS)
    return err(`team: the name of a team, up to ${MAX_TEAMS} times.`);
  const signIn = query.getAll('signIn');
  if (signIn.some((value) => value !== 'redirect') || signIn.length > 1)
    return err('signIn: only redirect is possible.');
  return ok({ teams, isRedirecting: signIn.length > 0 });
}
