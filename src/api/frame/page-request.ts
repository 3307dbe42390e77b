import { z } from 'zod';
import { DomainError } from '../../kernel/errors.js';
import { LIMITS } from '../../kernel/limits.js';
import type { Cursors } from './cursor.js';
import { parseInput, type QueryValues } from './read-input.js';
import type { ListDeclaration, PageRequest } from './route.js';

/** Parameters of every list. */
export const PAGE_PARAMETERS = {
  limit: z.coerce
    .number('must be a whole number')
    .int()
    .min(1)
    .max(LIMITS.pageSize)
    .default(LIMITS.defaultPageSize)
    .meta({ description: 'Items on a page.' }),
  cursor: z
    .string()
    .max(LIMITS.urlLength)
    .optional()
    .meta({ description: '`next` of the page before, with the same other parameters. Good for an hour.' }),
} as const;

const PAGE = z.strictObject(PAGE_PARAMETERS);

/** The sort orders of a list, as the parameter `sort` takes them. */
export const sortValues = ({ sort }: ListDeclaration<string>): readonly string[] =>
  sort.flatMap((key) => [key, `-${key}`]);

/** The order of a list unless another is asked for. */
export const defaultOrder = (list: ListDeclaration<string>): string => list.defaultOrder ?? list.sort[0];

/** A page that is asked for, and the parameters that are not about the page. */
export interface ReadPage {
  readonly page: PageRequest<string>;
  readonly filters: QueryValues;
}

/**
 * Takes the parameters of the page out of a query. A cursor is bound to the caller's organization, the operation, the
 * order and the filters.
 * @throws DomainError, ApiError request.invalid
 */
export function readPage(
  list: ListDeclaration<string>,
  { limit, cursor, sort, ...filters }: QueryValues,
  { cursors, scope }: { readonly cursors: Cursors; readonly scope: readonly string[] },
): ReadPage {
  const window = parseInput(PAGE, {
    ...(limit === undefined ? {} : { limit }),
    ...(cursor === undefined ? {} : { cursor }),
  });
  const order = sort ?? defaultOrder(list);
  if (typeof order !== 'string' || !sortValues(list).includes(order))
    throw new DomainError('request.invalid', {
      field: 'sort',
      detail: `sort must be one of ${sortValues(list).join(', ')}.`,
    });
  const bound = [...scope, order, Object.entries(filters).sort()];
  return {
    filters,
    page: {
      limit: window.limit,
      after: window.cursor === undefined ? undefined : cursors.read(bound, window.cursor),
      sort: { key: order.replace(/^-/, ''), descending: order.startsWith('-') },
      reply: ({ items, next, total }, toWire) => ({
        status: 200,
        body: { items: items.map(toWire), next: next ? cursors.write(bound, next) : null, total },
      }),
    },
  };
}
