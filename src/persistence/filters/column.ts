import { sql, type RawBuilder } from 'kysely';
import type { AttributePath } from '../../directory/schema/index.js';

export type SqlExpression = RawBuilder<unknown>;
export type SqlCondition = RawBuilder<boolean>;
export type ColumnType = 'text' | 'boolean' | 'integer' | 'instant';

/** A single value: what to compare, as text already folded where the attribute is not caseExact. */
export interface ScalarColumn {
  readonly kind: 'scalar';
  readonly type: ColumnType;
  readonly expression: SqlExpression;
  /** A way to `eq` that an index serves, where the expression itself has none. */
  readonly equals?: (value: string) => SqlCondition;
}

/** A singular complex attribute: its parts, and whether any is there. */
export interface ComplexColumn {
  readonly kind: 'complex';
  readonly present: SqlCondition;
  readonly parts: Readonly<Record<string, ScalarColumn>>;
}

/** A multi-valued attribute: rows named `e` with its parts. */
export interface ElementsColumn {
  readonly kind: 'elements';
  /** A `from` item with the alias `e`. */
  readonly source: SqlExpression;
  readonly parts: Readonly<Record<string, ScalarColumn>>;
  /** Order of elements for sorting: the primary element first, else the first. */
  readonly order: SqlExpression;
  /** A condition on the resource, served by an index, that every element with this `value` implies. */
  readonly hasValue?: (value: string) => SqlCondition;
}

export type Column = ScalarColumn | ComplexColumn | ElementsColumn;

/** The allow-list of one resource type: every attribute that may be filtered or sorted by, and nothing else. */
export type FindColumn = (path: AttributePath) => Column | undefined;

export const text = (expression: SqlExpression, equals?: (value: string) => SqlCondition): ScalarColumn => ({
  kind: 'scalar',
  type: 'text',
  expression,
  ...(equals ? { equals } : {}),
});

export const scalar = (type: ColumnType, expression: SqlExpression): ScalarColumn => ({
  kind: 'scalar',
  type,
  expression,
});

export const ALWAYS: SqlCondition = sql<boolean>`true`;
export const NEVER: SqlCondition = sql<boolean>`false`;
