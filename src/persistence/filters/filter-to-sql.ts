import { sql } from 'kysely';
import { foldCase } from '../../kernel/fold.js';
import {
  compareInstant,
  parseInstant,
  type ComparisonOperator,
  type Filter,
  type FilterLiteral,
  type OrderOperator,
} from '../../directory/filter/index.js';
import { leafOf, pathKey, type AttributePath } from '../../directory/schema/index.js';
import {
  ALWAYS,
  NEVER,
  type Column,
  type FindColumn,
  type ScalarColumn,
  type SqlCondition,
  type SqlExpression,
} from './column.js';

/**
 * A filter as an SQL condition over the columns of one resource type. Selects exactly what `evaluate` selects: every
 * condition is true or false, never null, so that `not` stays plain negation.
 * @throws Error when the catalogue has an attribute without a column, which a test rules out
 */
export function filterToSql(filter: Filter, findColumn: FindColumn): SqlCondition {
  switch (filter.kind) {
    case 'and':
    case 'or': {
      const conditions = filter.operands.map((operand) => filterToSql(operand, findColumn));
      return sql<boolean>`(${sql.join(conditions, filter.kind === 'and' ? sql` and ` : sql` or `)})`;
    }
    case 'not':
      return sql<boolean>`(not ${filterToSql(filter.operand, findColumn)})`;
    case 'present':
      return presentToSql(filter.path, columnOf(filter.path, findColumn));
    case 'compare':
      return comparisonToSql(filter, columnOf(filter.path, findColumn));
    case 'element':
      return elementToSql(filter, columnOf(filter.path, findColumn));
  }
}

function columnOf(path: AttributePath, findColumn: FindColumn): Column {
  const column = findColumn(path);
  if (!column) throw new Error(`no column for attribute ${pathKey(path)}`);
  return column;
}

function partOf(column: Exclude<Column, ScalarColumn>, path: AttributePath): ScalarColumn {
  const name = path.sub?.name ?? 'value';
  const part = column.parts[name];
  if (!part) throw new Error(`no column for attribute ${pathKey(path)}`);
  return part;
}

const isPresent = (column: ScalarColumn): SqlCondition => sql<boolean>`(${column.expression} is not null)`;

const someElement = (source: SqlExpression, condition: SqlCondition): SqlCondition =>
  sql<boolean>`exists (select 1 from ${source} where ${condition})`;

function presentToSql(path: AttributePath, column: Column): SqlCondition {
  switch (column.kind) {
    case 'scalar':
      return isPresent(column);
    case 'complex':
      return path.sub ? isPresent(partOf(column, path)) : column.present;
    case 'elements':
      return someElement(column.source, path.sub ? isPresent(partOf(column, path)) : ALWAYS);
  }
}

type CompareFilter = Extract<Filter, { kind: 'compare' }>;

function comparisonToSql({ path, operator, value }: CompareFilter, column: Column): SqlCondition {
  if (value === null) {
    const present = presentToSql(path, column);
    return operator === 'eq' ? sql<boolean>`(not ${present})` : present;
  }
  if (column.kind === 'scalar') return compareScalar(column, path, operator, value);
  const part = partOf(column, path);
  const condition = compareScalar(part, path, operator, value);
  if (column.kind === 'complex') return condition;
  const some = someElement(column.source, condition);
  if (operator === 'ne') return sql<boolean>`(${some} or not ${someElement(column.source, ALWAYS)})`;
  if (operator === 'eq' && isValuePart(path) && column.hasValue && typeof value === 'string')
    return sql<boolean>`(${column.hasValue(comparable(path, value))} and ${some})`;
  return some;
}

const isValuePart = (path: AttributePath): boolean => path.sub === undefined || path.sub.name === 'value';

function elementToSql(filter: Extract<Filter, { kind: 'element' }>, column: Column): SqlCondition {
  if (column.kind !== 'elements') throw new Error(`${pathKey(filter.path)} is not multi-valued`);
  const { source, parts, hasValue } = column;
  const condition = filterToSql(filter.filter, (path) => parts[path.sub?.name ?? 'value']);
  const some = someElement(source, condition);
  const value = hasValue && requiredValue(filter.filter);
  return value === undefined ? some : sql<boolean>`(${hasValue?.(value) ?? ALWAYS} and ${some})`;
}

/** The `value` that an element must equal for the filter to hold, where the filter says so plainly. */
function requiredValue(filter: Filter): string | undefined {
  if (filter.kind === 'and') {
    for (const operand of filter.operands) {
      const value = requiredValue(operand);
      if (value !== undefined) return value;
    }
    return undefined;
  }
  return filter.kind === 'compare' &&
    filter.operator === 'eq' &&
    isValuePart(filter.path) &&
    typeof filter.value === 'string'
    ? comparable(filter.path, filter.value)
    : undefined;
}

const valueLeaf = (path: AttributePath) => {
  const leaf = leafOf(path);
  return leaf.type === 'complex' ? (leaf.subAttributes.find((sub) => sub.name === 'value') ?? leaf) : leaf;
};

/** The literal as the columns hold it: folded unless the attribute is caseExact. */
const comparable = (path: AttributePath, value: string): string =>
  valueLeaf(path).caseExact ? value : foldCase(value);

function compareScalar(
  column: ScalarColumn,
  path: AttributePath,
  operator: ComparisonOperator,
  value: Exclude<FilterLiteral, null>,
): SqlCondition {
  switch (column.type) {
    case 'text':
      return typeof value === 'string'
        ? compareText(column, operator, comparable(path, value))
        : mismatch(operator);
    case 'instant':
      return typeof value === 'string'
        ? compareMoment(column.expression, operator, value)
        : mismatch(operator);
    case 'boolean':
      return typeof value === 'boolean'
        ? compareOrdered(column.expression, operator, sql`${value}::boolean`)
        : mismatch(operator);
    case 'integer':
      return typeof value === 'number'
        ? compareOrdered(column.expression, operator, sql`${value}::float8`)
        : mismatch(operator);
  }
}

/** A literal of another type than the attribute meets `ne` alone. */
const mismatch = (operator: ComparisonOperator): SqlCondition => (operator === 'ne' ? ALWAYS : NEVER);

function compareText(column: ScalarColumn, operator: ComparisonOperator, value: string): SqlCondition {
  const { expression, equals } = column;
  switch (operator) {
    case 'co':
      return sql<boolean>`(${expression} is not null and strpos(${expression}, ${value}::text) > 0)`;
    case 'sw':
      return sql<boolean>`(${expression} is not null and starts_with(${expression}, ${value}::text))`;
    case 'ew':
      return sql<boolean>`(${expression} is not null and right(${expression}, length(${value}::text)) = ${value}::text)`;
    case 'eq':
      return equals ? equals(value) : compareOrdered(expression, operator, sql`${value}::text`);
    default:
      return compareOrdered(sql`${expression} collate "C"`, operator, sql`${value}::text`);
  }
}

function compareMoment(expression: SqlExpression, operator: ComparisonOperator, value: string): SqlCondition {
  const literal = parseInstant(value);
  if (!literal || operator === 'co' || operator === 'sw' || operator === 'ew') return mismatch(operator);
  const comparison = compareInstant(operator, literal);
  if (comparison.kind === 'constant') return comparison.value ? ALWAYS : NEVER;
  const moment = sql`(timestamptz 'epoch' + ${comparison.micros.toString()}::bigint * interval '1 microsecond')`;
  return compareOrdered(expression, comparison.operator, moment);
}

function compareOrdered(
  expression: SqlExpression,
  operator: ComparisonOperator,
  value: SqlExpression,
): SqlCondition {
  if (operator === 'ne') return sql<boolean>`(${expression} is distinct from ${value})`;
  return sql<boolean>`(${expression} is not null and ${expression} ${SQL_OPERATORS[operator as OrderOperator]} ${value})`;
}

const SQL_OPERATORS: Readonly<Record<OrderOperator, SqlExpression>> = {
  eq: sql`=`,
  ne: sql`<>`,
  gt: sql`>`,
  ge: sql`>=`,
  lt: sql`<`,
  le: sql`<=`,
};
