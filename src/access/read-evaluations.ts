import { placeOf } from '../directory/access/access-place.js';
import type { AccessRequest } from '../directory/access/access-request.js';
import { isJsonObject, type JsonObject, type JsonValue } from '../kernel/json.js';
import { LIMITS } from '../kernel/limits.js';
import { err, ok, type Result } from '../kernel/result.js';
import { checkContext, readAction, readResource, readSubject, type ReadProblem } from './read-entities.js';

/** How a batch is carried out (Authorization API section 7.1.2.1). */
export const SEMANTICS = ['execute_all', 'deny_on_first_deny', 'permit_on_first_permit'] as const;
export type Semantic = (typeof SEMANTICS)[number];

/** A batch: what could be read of each evaluation, in their order. */
export interface Batch {
  readonly semantic: Semantic;
  readonly evaluations: readonly Result<AccessRequest, ReadProblem>[];
}

/** Reads one evaluation (section 6.1). */
export function readEvaluation(request: JsonObject, prefix = ''): Result<AccessRequest, ReadProblem> {
  const subject = readSubject(request['subject'], `${prefix}subject`);
  const action = readAction(request['action'], `${prefix}action`);
  const resource = readResource(request['resource'], `${prefix}resource`);
  const context = checkContext(request, prefix);
  if (context) return err(context);
  // What makes the request malformed goes before what only means nothing here.
  const problems = [subject, action, resource].flatMap((part) => (part.ok ? [] : [part.error]));
  const problem = problems.find(({ isMalformed }) => isMalformed) ?? problems[0];
  if (problem) return err(problem);
  if (!subject.ok || !action.ok || !resource.ok) throw new Error('a part without a problem has no value');
  const question = { subject: subject.value, action: action.value, resource: resource.value };
  const place = placeOf(question);
  if (place.ok) return ok(question);
  const { field, detail } = place.error;
  return err({ field: prefix + field, detail, isMalformed: false });
}

/**
 * Reads a batch (section 7.1). Members at the top are defaults for those that an evaluation does not have. Undefined for a
 * request without evaluations, which is a single one.
 * @returns a problem when the request as a whole is malformed
 */
export function readBatch(request: JsonObject): Result<Batch | undefined, ReadProblem> {
  const { evaluations } = request;
  const semantic = readSemantic(request['options']);
  if (!semantic.ok) return semantic;
  if (evaluations === undefined) return ok(undefined);
  if (!Array.isArray(evaluations)) return malformed('evaluations', 'must be an array');
  if (evaluations.length === 0) return ok(undefined);
  if (evaluations.length > LIMITS.accessEvaluations)
    return malformed('evaluations', `must not have more than ${LIMITS.accessEvaluations} elements`);
  const read: Result<AccessRequest, ReadProblem>[] = [];
  for (const [index, evaluation] of evaluations.entries()) {
    const at = `evaluations[${index}]`;
    if (!isJsonObject(evaluation)) return malformed(at, 'must be an object');
    const one = readEvaluation(withDefaults(request, evaluation), `${at}.`);
    if (!one.ok && one.error.isMalformed) return one;
    read.push(one);
  }
  return ok({ semantic: semantic.value, evaluations: read });
}

const withDefaults = (request: JsonObject, evaluation: JsonObject): JsonObject => ({
  subject: evaluation['subject'] ?? request['subject'],
  action: evaluation['action'] ?? request['action'],
  resource: evaluation['resource'] ?? request['resource'],
  context: evaluation['context'] ?? request['context'],
});

function readSemantic(options: JsonValue | undefined): Result<Semantic, ReadProblem> {
  if (options === undefined) return ok('execute_all');
  if (!isJsonObject(options)) return malformed('options', 'must be an object');
  const semantic = options['evaluations_semantic'];
  if (semantic === undefined) return ok('execute_all');
  const known = SEMANTICS.find((name) => name === semantic);
  return known
    ? ok(known)
    : malformed('options.evaluations_semantic', `must be one of ${SEMANTICS.join(', ')}`);
}

const malformed = (field: string, detail: string): Result<never, ReadProblem> =>
  err({ field, detail: `${field} ${detail}`, isMalformed: true });
