import type { OperationQuirk } from './quirk.js';

/**
 * W&B scripts clear an attribute by `replace` with a path and no value (W&B SCIM API reference, "Remove a custom
 * registry role"). The RFC asks for `remove`. Can go when those scripts are no longer in use.
 */
export const valuelessReplace: OperationQuirk = {
  name: 'valueless-replace',
  modes: ['lenient'],
  normalise: (type, operation) =>
    type.name === 'User' &&
    operation.op === 'replace' &&
    operation.path !== undefined &&
    operation.value === undefined
      ? { op: 'remove', path: operation.path }
      : operation,
};
