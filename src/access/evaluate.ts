import type { AccessRequest } from '../directory/access/access-request.js';
import type { AccessService } from '../directory/access/access-service.js';
import type { AccessCaller } from '../directory/access/access-store.js';
import type { Decision } from '../directory/access/decision.js';
import type { JsonObject } from '../kernel/json.js';
import { invalidRequest } from './access-error.js';
import { readBatch, readEvaluation, type Semantic } from './read-evaluations.js';
import type { ReadProblem } from './read-entities.js';

/** A decision on the wire (Authorization API section 5.5). `context.reason` is for people, `context.code` for programs. */
export interface WireDecision {
  readonly decision: boolean;
  readonly context: object;
}

/** Answers one evaluation (section 6). @throws AccessError 400 */
export async function answerEvaluation(
  access: AccessService,
  caller: AccessCaller,
  request: JsonObject,
): Promise<WireDecision> {
  const read = readEvaluation(request);
  if (!read.ok) throw invalidRequest(read.error.field, read.error.detail);
  const [decision] = await access.evaluate(caller, [read.value]);
  if (!decision) throw new Error('an evaluation has no decision');
  return toWire(decision);
}

/**
 * Answers a batch (section 7); one without evaluations like a single evaluation. An evaluation that means nothing here is
 * denied with an error of its own.
 * @throws AccessError 400
 */
export async function answerEvaluations(
  access: AccessService,
  caller: AccessCaller,
  request: JsonObject,
): Promise<WireDecision | { readonly evaluations: readonly WireDecision[] }> {
  const batch = readBatch(request);
  if (!batch.ok) throw invalidRequest(batch.error.field, batch.error.detail);
  if (!batch.value) return answerEvaluation(access, caller, request);
  const { evaluations, semantic } = batch.value;
  const readable = evaluations.flatMap((read): AccessRequest[] => (read.ok ? [read.value] : []));
  const decisions = [...(await access.evaluate(caller, readable))].reverse();
  const answers = evaluations.map((read) => {
    if (!read.ok) return toError(read.error);
    const decision = decisions.pop();
    if (!decision) throw new Error('an evaluation has no decision');
    return toWire(decision);
  });
  return { evaluations: cutAt(answers, semantic) };
}

/** All are decided together, in one statement; the semantic says which answers the caller wants. */
function cutAt(answers: readonly WireDecision[], semantic: Semantic): readonly WireDecision[] {
  if (semantic === 'execute_all') return answers;
  const last = answers.findIndex(({ decision }) => decision === (semantic === 'permit_on_first_permit'));
  return last === -1 ? answers : answers.slice(0, last + 1);
}

function toWire({ isAllowed, reason, code, ...details }: Decision): WireDecision {
  return { decision: isAllowed, context: { reason, code, ...details } };
}

const toError = ({ field, detail }: ReadProblem): WireDecision => ({
  decision: false,
  context: { reason: detail, code: 'request_invalid', error: { status: 400, message: detail, field } },
});
