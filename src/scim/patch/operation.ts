import type { ConnectionMode } from '../../directory/connections/connection.js';
import type { Filter } from '../../directory/filter/index.js';
import type { AttributePath } from '../../directory/schema/index.js';
import type { JsonValue } from '../../kernel/json.js';

export interface PatchOptions {
  readonly mode: ConnectionMode;
}

/** One operation of a PATCH (RFC 7644 section 3.5.2) with its target resolved and its value in canonical form. */
export interface PatchOperation {
  readonly op: 'add' | 'replace' | 'remove';
  /** Never readOnly. A singular complex attribute as a whole appears only to be unassigned. */
  readonly path: AttributePath;
  /** Selects elements of the multi-valued attribute of `path`. */
  readonly filter?: Filter;
  /**
   * Of `add` and `replace`: what to write, null to unassign. That is a list for a multi-valued attribute, an element
   * for one with a filter, else a simple value. Of `remove`: the elements to remove; all of them when absent.
   */
  readonly value?: JsonValue;
}
