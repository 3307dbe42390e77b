import { isDomainError } from '../kernel/errors.js';
import { EXIT } from './exit-code.js';
import type { Output } from './terminal.js';

/** The command was given wrongly. The message is one sentence for the person who typed it. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The command could not be done, for a reason its user can do something about. */
export class CommandFailure extends Error {
  override readonly name = 'CommandFailure';
}

/** Says on stderr what went wrong. @returns the exit code */
export function reportFailure(error: unknown, output: Output): number {
  if (error instanceof UsageError) {
    output.err(`${error.message}\n`);
    return EXIT.usage;
  }
  output.err(`${describeFailure(error)}\n`);
  return EXIT.failure;
}

function describeFailure(error: unknown): string {
  if (error instanceof CommandFailure) return error.message;
  if (isDomainError(error))
    return error.kind === 'unavailable' ? withCause(error.detail, error.cause) : error.detail;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** Why a database is not reachable is in the driver's own words. */
const withCause = (detail: string, cause: unknown): string =>
  cause instanceof Error && cause.message !== '' ? `${detail} (${cause.message})` : detail;
