import type { AttributePath } from '../schema/index.js';

export type ComparisonOperator = 'eq' | 'ne' | 'co' | 'sw' | 'ew' | 'gt' | 'ge' | 'lt' | 'le';

/** A literal in a filter. Date-times stay text and are compared as moments. */
export type FilterLiteral = string | number | boolean | null;

/**
 * What a filter selects, over catalogue attributes (RFC 7644 section 3.4.2.2), without any trace of its spelling.
 * `element` is a value path: its inner filter must hold within one element, and its inner paths name the same
 * multi-valued attribute with a sub-attribute of the element.
 */
export type Filter =
  | { readonly kind: 'and' | 'or'; readonly operands: readonly Filter[] }
  | { readonly kind: 'not'; readonly operand: Filter }
  | { readonly kind: 'present'; readonly path: AttributePath }
  | {
      readonly kind: 'compare';
      readonly path: AttributePath;
      readonly operator: ComparisonOperator;
      readonly value: FilterLiteral;
    }
  | { readonly kind: 'element'; readonly path: AttributePath; readonly filter: Filter };
