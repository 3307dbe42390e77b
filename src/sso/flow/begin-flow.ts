import type { IncomingMessage } from 'node:http';
import type { AttemptLimiter, BrowserCookie, ClientAddress } from '../../http/index.js';
import { isDomainError } from '../../kernel/errors.js';
import { newSecret } from '../../kernel/secrets.js';
import { errorAnswer, type PageAnswer, type PageRequest } from '../../pages/index.js';

const BROWSER_SECRET = /^[\w-]{43}$/;

/** What a sign-in at an identity provider begins with, whatever the protocol. */
export interface FlowParts {
  readonly starts: Pick<AttemptLimiter, 'begin'>;
  readonly clientAddress: ClientAddress;
  readonly flowCookie: BrowserCookie;
}

/** 429 for an address that begins too many sign-ins; undefined otherwise. */
export function refuseTooManyStarts(
  { starts, clientAddress }: FlowParts,
  page: PageRequest,
  request: IncomingMessage,
): PageAnswer | undefined {
  try {
    starts.begin(clientAddress(request));
    return undefined;
  } catch (error) {
    if (!isDomainError(error, 'credential.too_many_attempts')) throw error;
    return errorAnswer(429, 'Too many sign-ins', 'Wait a moment, then try again.', page.id);
  }
}

/** The secret that binds a flow to its browser. A browser keeps it: a second tab must not take the first one's flow away. */
export function browserSecretOf({ flowCookie }: FlowParts, request: IncomingMessage): string {
  const kept = flowCookie.read(request);
  return kept !== undefined && BROWSER_SECRET.test(kept) ? kept : newSecret('');
}

/** For an address that names no connection of this protocol. */
export const noConnection = ({ id }: PageRequest): PageAnswer =>
  errorAnswer(404, 'No such sign-in', 'Begin at the sign-in page.', id);
