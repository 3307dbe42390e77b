import { DomainError } from '../../kernel/errors.js';
import type { ErrorCode } from '../../kernel/error-codes.js';
import { isUuid } from '../../kernel/ids.js';
import type { ConnectionMode } from '../../directory/connections/connection.js';
import type { ScimRequest } from '../exchange.js';

/** How the asking connection wants its requests read. */
export const modeOf = (request: ScimRequest): ConnectionMode => request.context.connection.settings.mode;

/** An id from an address. @throws DomainError `notFound` for one that cannot be ours, so it belongs to nobody */
export function knownId(id: string, notFound: ErrorCode): string {
  if (!isUuid(id)) throw new DomainError(notFound);
  return id;
}
