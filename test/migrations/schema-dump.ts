import { sql, type Kysely } from 'kysely';

const OWN_RELATION = sql`c.relnamespace = 'public'::regnamespace and not starts_with(c.relname, 'kysely_')`;

/**
 * Everything a migration can make, one line each: tables with their options and comments, columns, constraints,
 * indexes, functions, triggers. Two databases with equal lines have equal schemas.
 */
export async function dumpSchema<DB>(db: Kysely<DB>): Promise<readonly string[]> {
  const { rows } = await sql<{ line: string }>`
    select concat_ws(' ', 'table', c.relname, c.reloptions::text, obj_description(c.oid)) as line
      from pg_class c where c.relkind in ('r', 'p', 'v', 'm', 'S') and ${OWN_RELATION}
    union all
    select concat_ws(' ', 'column', c.relname, row_number() over (partition by c.oid order by a.attnum), a.attname, format_type(a.atttypid, a.atttypmod),
        case when a.attnotnull then 'not null' end, l.collname, pg_get_expr(d.adbin, d.adrelid),
        col_description(c.oid, a.attnum))
      from pg_attribute a join pg_class c on c.oid = a.attrelid
      left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
      left join pg_collation l on l.oid = a.attcollation
     where a.attnum > 0 and not a.attisdropped and c.relkind = 'r' and ${OWN_RELATION}
    union all
    select concat_ws(' ', 'constraint', c.relname, n.conname, pg_get_constraintdef(n.oid))
      from pg_constraint n join pg_class c on c.oid = n.conrelid where ${OWN_RELATION}
    union all
    select concat_ws(' ', 'index', pg_get_indexdef(i.indexrelid))
      from pg_index i join pg_class c on c.oid = i.indrelid where ${OWN_RELATION}
    union all
    select concat_ws(' ', 'trigger', pg_get_triggerdef(t.oid))
      from pg_trigger t join pg_class c on c.oid = t.tgrelid where not t.tgisinternal and ${OWN_RELATION}
    union all
    select concat_ws(' ', 'function', pg_get_functiondef(p.oid))
      from pg_proc p where p.pronamespace = 'public'::regnamespace
    order by line`.execute(db);
  return rows.map(({ line }) => line);
}
