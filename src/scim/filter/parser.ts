import { combineFilters, type Filter } from '../../directory/filter/index.js';
import { pathKey, type AttributePath, type ResourceType } from '../../directory/schema/index.js';
import { LIMITS } from '../../kernel/limits.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { buildComparison, isComparisonOperator, type WrittenComparison } from './comparison.js';
import { Lexer, type Token } from './lexer.js';
import { readLiteral } from './literal.js';
import { invalidFilter, quoteExcerpt, type FilterProblem } from './problem.js';
import { resolveName, type Scope } from './scope.js';

export interface FilterOptions {
  /** Whether the spellings that known clients send beyond RFC 7644 are taken. */
  readonly isLenient: boolean;
  /** Called for each character looked at and each token taken: a clock-free measure of the work done. */
  readonly onStep?: () => void;
}

/**
 * Parses a filter over resources of one type (RFC 7644 section 3.4.2.2 with errata 4690, 7319 and 7322), in time
 * linear in its length. Attribute names come out resolved in the catalogue, and groups that change nothing are gone.
 * `attr[filter].sub op value`, which Entra sends, means `attr[filter and sub op value]`.
 */
export const parseFilter = (
  type: ResourceType,
  text: string,
  options: FilterOptions,
): Result<Filter, FilterProblem> => parseWithin({ kind: 'resource', type }, text, options);

/**
 * Parses the text between the brackets of a value path, such as `type eq "work"` in the PATCH path
 * `emails[type eq "work"].value` (RFC 7644 section 3.5.2): names are relative to an element of `attribute`.
 */
export const parseElementFilter = (
  attribute: AttributePath,
  text: string,
  options: FilterOptions,
): Result<Filter, FilterProblem> => parseWithin({ kind: 'element', path: attribute }, text, options);

function parseWithin(scope: Scope, text: string, options: FilterOptions): Result<Filter, FilterProblem> {
  if (text.length > LIMITS.expressionLength)
    return err(invalidFilter(`The filter is longer than ${LIMITS.expressionLength} characters.`));
  return new FilterParser(text, options).parse(scope);
}

/** Recursive descent with one token of lookahead. A method that returns undefined has recorded the problem. */
class FilterParser {
  readonly #lexer: Lexer;
  readonly #isLenient: boolean;
  readonly #onStep: () => void;
  #ahead: Token;
  #depth = 0;
  #terms = 0;
  #problem: FilterProblem = invalidFilter('The filter cannot be read.');

  constructor(text: string, { isLenient, onStep = () => undefined }: FilterOptions) {
    this.#lexer = new Lexer(text, onStep);
    this.#isLenient = isLenient;
    this.#onStep = onStep;
    this.#ahead = this.#lexer.next();
  }

  parse(scope: Scope): Result<Filter, FilterProblem> {
    const filter = this.#parseOr(scope);
    const isComplete = filter !== undefined && this.#expect('end', 'and, or or the end of the filter');
    return isComplete ? ok(filter) : err(this.#problem);
  }

  #parseOr(scope: Scope): Filter | undefined {
    return this.#parseJoined('or', () => this.#parseJoined('and', () => this.#parseUnary(scope)));
  }

  #parseJoined(kind: 'and' | 'or', parseOperand: () => Filter | undefined): Filter | undefined {
    const first = parseOperand();
    if (!first) return undefined;
    const filters: [Filter, ...Filter[]] = [first];
    while (this.#isWord(kind)) {
      this.#take();
      const filter = parseOperand();
      if (!filter) return undefined;
      filters.push(filter);
    }
    return combineFilters(kind, filters);
  }

  #parseUnary(scope: Scope): Filter | undefined {
    if (!this.#isWord('not'))
      return this.#peek() === '(' ? this.#parseNested('(', ')', scope) : this.#parseTerm(scope);
    this.#take();
    const operand = this.#parseNested('(', ')', scope);
    return operand && { kind: 'not', operand };
  }

  #parseNested(open: '(' | '[', close: ')' | ']', scope: Scope): Filter | undefined {
    if (!this.#expect(open, open)) return undefined;
    this.#depth += 1;
    if (this.#depth > LIMITS.filterDepth)
      return this.#fail(invalidFilter(`The filter is nested more than ${LIMITS.filterDepth} levels deep.`));
    const filter = this.#parseOr(scope);
    this.#depth -= 1;
    return filter && this.#expect(close, `and, or or ${close}`) ? filter : undefined;
  }

  #parseTerm(scope: Scope): Filter | undefined {
    const token = this.#take();
    if (token.kind !== 'word') return this.#unexpected(token, 'an attribute');
    const path = this.#resolve(scope, token.text);
    if (!path) return undefined;
    return this.#peek() === '[' ? this.#parseValuePath(scope, path) : this.#parseTest(path);
  }

  #parseValuePath(scope: Scope, path: AttributePath): Filter | undefined {
    if (scope.kind === 'element')
      return this.#unexpected(this.#take(), 'an operator, as brackets cannot be nested');
    if (path.sub || path.attribute.type !== 'complex')
      return this.#fail(invalidFilter(`${pathKey(path)} has no sub-attributes that brackets could compare.`));
    const element: Scope = { kind: 'element', path };
    const inner = this.#parseNested('[', ']', element);
    const tail = inner && this.#parseTail(element);
    if (!tail) return undefined;
    const filter = combineFilters('and', [inner, ...tail]);
    // A singular complex value is its own only element, and what can be absent is the attribute.
    return path.attribute.multiValued
      ? { kind: 'element', path, filter }
      : combineFilters('and', [{ kind: 'present', path }, filter]);
  }

  /** The `.sub op value` that may follow the brackets; none is fine. */
  #parseTail(element: Scope): readonly Filter[] | undefined {
    const token = this.#ahead;
    if (token.kind !== 'word' || !token.text.startsWith('.')) return [];
    this.#take();
    const path = this.#resolve(element, token.text.slice(1));
    const test = path && this.#parseTest(path);
    return test && [test];
  }

  #parseTest(path: AttributePath): Filter | undefined {
    this.#terms += 1;
    if (this.#terms > LIMITS.filterTerms)
      return this.#fail(invalidFilter(`The filter has more than ${LIMITS.filterTerms} comparisons.`));
    const token = this.#take();
    const operator = token.kind === 'word' ? token.text.toLowerCase() : '';
    if (operator === 'pr') return { kind: 'present', path };
    return isComparisonOperator(operator)
      ? this.#parseComparison({ path, operator })
      : this.#unexpected(token, 'an operator');
  }

  #parseComparison(left: Omit<WrittenComparison, 'literal'>): Filter | undefined {
    const token = this.#take();
    if (token.kind !== 'word' && token.kind !== 'string') return this.#unexpected(token, 'a value');
    const literal = readLiteral(token, this.#isLenient);
    if (!literal.ok) return this.#failAt(token, literal.error);
    const comparison = buildComparison({ ...left, literal: literal.value }, this.#isLenient);
    return comparison.ok ? comparison.value : this.#fail(comparison.error);
  }

  #resolve(scope: Scope, name: string): AttributePath | undefined {
    const path = resolveName(scope, name);
    return path.ok ? path.value : this.#fail(path.error);
  }

  #peek(): Token['kind'] {
    return this.#ahead.kind;
  }

  #isWord(word: string): boolean {
    return this.#ahead.kind === 'word' && this.#ahead.text.toLowerCase() === word;
  }

  #take(): Token {
    this.#onStep();
    const token = this.#ahead;
    if (token.kind !== 'end' && token.kind !== 'invalid') this.#ahead = this.#lexer.next();
    return token;
  }

  #expect(kind: Token['kind'], expected: string): boolean {
    const token = this.#take();
    if (token.kind === kind) return true;
    this.#unexpected(token, expected);
    return false;
  }

  #unexpected(token: Token, expected: string): undefined {
    if (token.kind === 'invalid') return this.#failAt(token, token.reason);
    return this.#failAt(token, `${expected} was expected instead of ${describe(token)}`);
  }

  #failAt(token: Token, reason: string): undefined {
    return this.#fail(invalidFilter(`At character ${token.start + 1} of the filter, ${reason}.`));
  }

  #fail(problem: FilterProblem): undefined {
    this.#problem = problem;
  }
}

function describe(token: Exclude<Token, { kind: 'invalid' }>): string {
  if (token.kind === 'end') return 'the end';
  if (token.kind === 'string') return 'a string';
  return token.kind === 'word' ? quoteExcerpt(token.text) : token.kind;
}
