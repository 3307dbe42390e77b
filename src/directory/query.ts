import type { Filter } from './filter/filter.js';
import type { AttributePath } from './schema/index.js';

export interface Sort {
  readonly path: AttributePath;
  readonly descending: boolean;
}

/** Where a keyset page ended: the id of its last resource and, when sorted, that resource's sort key. */
export interface KeysetPosition {
  readonly id: string;
  readonly sortKey?: string | number | boolean | null;
}

export type PageWindow =
  | { readonly kind: 'offset'; readonly offset: number; readonly limit: number }
  | { readonly kind: 'after'; readonly after: KeysetPosition | undefined; readonly limit: number };

/** A list request in the domain's terms: what to select, in which order, which part. */
export interface ListQuery {
  readonly filter: Filter | undefined;
  readonly sort: Sort | undefined;
  readonly window: PageWindow;
}

export interface Page<T> {
  readonly items: readonly T[];
  /** How many resources the filter selects, on all pages. */
  readonly total: number;
  /** Where the next page starts; undefined on the last page and for offset windows. */
  readonly next: KeysetPosition | undefined;
}

/** Part of a list in the order of ids, which is that in which things were made. */
export interface IdWindow {
  readonly after: KeysetPosition | undefined;
  readonly limit: number;
  readonly descending: boolean;
}
