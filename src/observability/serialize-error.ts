/** An error as the log has it. */
export interface SerializedError {
  readonly type: string;
  readonly message: string;
  readonly stack?: string;
  /** The system's, the database's (SQLSTATE) or our catalogue's code. */
  readonly code?: string;
  /** Name of the violated database constraint. */
  readonly constraint?: string;
  readonly cause?: SerializedError;
}

const MAX_CAUSES = 5;

/**
 * Keeps of an error what helps to find its place, and drops every other property: database drivers attach the row at
 * fault and the query's parameters, which are names and e-mail addresses.
 */
export function serializeError(error: unknown, depth = 0): SerializedError {
  if (!isErrorLike(error)) return { type: typeof error, message: String(error) };
  const { stack, code, constraint, cause } = error;
  return {
    type: error.name,
    message: error.message,
    ...(typeof stack === 'string' ? { stack } : {}),
    ...(typeof code === 'string' ? { code } : {}),
    ...(typeof constraint === 'string' ? { constraint } : {}),
    ...(cause === undefined || depth >= MAX_CAUSES ? {} : { cause: serializeError(cause, depth + 1) }),
  };
}

interface ErrorLike {
  readonly name: string;
  readonly message: string;
  readonly stack?: unknown;
  readonly code?: unknown;
  readonly constraint?: unknown;
  readonly cause?: unknown;
}

const isErrorLike = (error: unknown): error is ErrorLike =>
  typeof error === 'object' &&
  error !== null &&
  'name' in error &&
  typeof error.name === 'string' &&
  'message' in error &&
  typeof error.message === 'string';
