import { sql } from 'kysely';
import { pathKey, type AttributePath } from '../../directory/schema/index.js';
import type { FindColumn, SqlExpression } from './column.js';

/**
 * What to order by (RFC 7644 section 3.4.2.3): the value; for a multi-valued attribute that of the primary element,
 * else of the first. Text is folded and ordered by code point, so the order is that of every database.
 */
export function sortKeyToSql(path: AttributePath, findColumn: FindColumn): SqlExpression {
  const column = findColumn(path);
  if (column?.kind === 'scalar')
    return column.type === 'text' ? sql`(${column.expression}) collate "C"` : column.expression;
  const part = column?.parts[path.sub?.name ?? 'value'];
  if (!column || !part) throw new Error(`no column for attribute ${pathKey(path)}`);
  const expression = part.type === 'text' ? sql`(${part.expression}) collate "C"` : part.expression;
  if (column.kind === 'complex') return expression;
  return sql`(select ${expression} from ${column.source} order by ${column.order} limit 1)`;
}
