import type { IncomingMessage } from 'node:http';
import { readBody } from '../http/index.js';
import { LIMITS } from '../kernel/limits.js';
import { err, ok, type Result } from '../kernel/result.js';
import { errorAnswer } from './handle-page.js';
import type { PageAnswer } from './page-answer.js';

export type FormProblem = 'not_a_form' | 'too_large';

const FORM_TYPE = /^application\/x-www-form-urlencoded *(?:;|$)/i;

/** Reads the fields of a posted form, at most `LIMITS.formBytes` of them. */
export async function readForm(request: IncomingMessage): Promise<Result<URLSearchParams, FormProblem>> {
  if (!FORM_TYPE.test(request.headers['content-type'] ?? '')) return err('not_a_form');
  const body = await readBody(request, LIMITS.formBytes);
  return body.ok ? ok(new URLSearchParams(body.value.toString('utf8'))) : err('too_large');
}

/** The page for a body that is no form of ours. @param id of the request */
export const formProblemAnswer = (problem: FormProblem, id: string): PageAnswer =>
  problem === 'not_a_form'
    ? errorAnswer(415, 'This is not the form', 'Go back, and send the form as the page has it.', id)
    : errorAnswer(413, 'The form is too large', 'Go back and shorten what you entered.', id);
