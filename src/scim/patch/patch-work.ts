import type { Filter } from '../../directory/filter/index.js';
import type { JsonObject } from '../../kernel/json.js';
import { LIMITS } from '../../kernel/limits.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { ScimProblem } from '../problem.js';
import type { PatchOperation } from './operation.js';

/**
 * Characters that one request may look at in lists: a thousand operations on a list of five hundred addresses stay
 * below it, and it keeps one request from holding up the process for more than a moment. Without it, operations,
 * values and terms of filters, each within its own limit, multiply.
 */
const CHARACTERS_PER_REQUEST = 40_000_000;
/** Counts for a value that has no characters. */
const VALUE_WEIGHT = 8;

/** Adds up the work of one PATCH, or of all that are in one Bulk. */
export class PatchWork {
  #characters = 0;
  #selections = 0;

  /** 413 when so many more selections of members by a filter are too many. */
  select(count: number): Result<undefined, ScimProblem> {
    this.#selections += count;
    return this.#selections <= LIMITS.memberSelections ? ok(undefined) : err(tooManySelections);
  }

  /** 413 when an operation on these elements would make the request too much work. */
  admit(elements: readonly JsonObject[], operation: PatchOperation): Result<undefined, ScimProblem> {
    const listed = Array.isArray(operation.value) ? operation.value.length : 0;
    const passes = 1 + countTerms(operation.filter) + (operation.op === 'remove' ? listed : 0);
    this.#characters += weigh(elements) * passes;
    return this.#characters <= CHARACTERS_PER_REQUEST ? ok(undefined) : err(tooMuchWork);
  }
}

function weigh(elements: readonly JsonObject[]): number {
  let weight = 0;
  for (const element of elements)
    for (const value of Object.values(element))
      weight += VALUE_WEIGHT + (typeof value === 'string' ? value.length : 0);
  return weight;
}

function countTerms(filter: Filter | undefined): number {
  switch (filter?.kind) {
    case 'and':
    case 'or':
      return filter.operands.reduce((count, operand) => count + countTerms(operand), 0);
    case 'not':
      return countTerms(filter.operand);
    case 'element':
      return countTerms(filter.filter);
    case 'present':
    case 'compare':
      return 1;
    case undefined:
      return 0;
  }
}

const tooMuchWork: ScimProblem = {
  status: 413,
  detail: 'The operations compare too many values; send them in several requests.',
};

const tooManySelections: ScimProblem = {
  status: 413,
  detail: `A request may select members by ${LIMITS.memberSelections} filters.`,
};
