import { pathKey, type AttributePath } from '../../directory/schema/index.js';
import { err } from '../../kernel/result.js';
import { badRequest, type ScimProblem } from '../problem.js';

const EXCERPT_LENGTH = 80;

interface Refusal {
  readonly ok: false;
  readonly error: ScimProblem;
}

/** Client text for a detail, in quotes and cut to 80 characters. */
export const quoteText = (text: string): string => JSON.stringify(text.slice(0, EXCERPT_LENGTH));

/** 400 invalidValue; `reason` completes a sentence that starts with the attribute. */
export const refuseValue = (path: AttributePath, reason: string): Refusal =>
  err(badRequest('invalidValue', `${pathKey(path)} ${reason}.`));

/** 400 mutability; `reason` completes a sentence that starts with the attribute. */
export const refuseChange = (path: AttributePath, reason: string): Refusal =>
  err(badRequest('mutability', `${pathKey(path)} ${reason}.`));
