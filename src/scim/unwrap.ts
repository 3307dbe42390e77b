import type { Result } from '../kernel/result.js';
import { ScimError } from './errors.js';
import type { ScimProblem } from './problem.js';

/** The value of a parser's result. @throws ScimError with the parser's problem */
export function unwrap<T>(result: Result<T, ScimProblem>): T {
  if (result.ok) return result.value;
  throw new ScimError(result.error);
}
