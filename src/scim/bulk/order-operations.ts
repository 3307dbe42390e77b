import type { BulkOperation } from './bulk-operation.js';

/** Operations that are done together: one alone, or creates that refer to each other in a circle. */
export interface BulkUnit {
  /** In the order of the request. */
  readonly operations: readonly BulkOperation[];
  readonly isRing: boolean;
}

/**
 * The order in which to run the operations (RFC 7644 sections 3.7.1 and 3.7.2): that of the request, except that a POST
 * comes before what refers to it. These are the strongly connected components of the references (Tarjan 1972), each
 * after all it depends on, in time linear in operations and references.
 */
export function orderOperations(operations: readonly BulkOperation[]): readonly BulkUnit[] {
  const creates = new Map<string, BulkOperation>();
  for (const operation of operations)
    if (operation.method === 'POST' && operation.bulkId !== undefined)
      creates.set(operation.bulkId, operation);

  const units: BulkUnit[] = [];
  /** The earliest visit that an operation leads back to. */
  const earliest = new Map<BulkOperation, number>();
  const open: BulkOperation[] = [];
  const isOpen = new Set<BulkOperation>();

  const visit = (operation: BulkOperation): number => {
    const visited = earliest.size;
    let found = visited;
    earliest.set(operation, visited);
    open.push(operation);
    isOpen.add(operation);
    let namesItself = false;
    for (const bulkId of operation.references) {
      const target = creates.get(bulkId);
      if (!target) continue;
      namesItself ||= target === operation;
      const known = earliest.get(target);
      if (known === undefined) found = Math.min(found, visit(target));
      else if (isOpen.has(target)) found = Math.min(found, known);
    }
    earliest.set(operation, found);
    if (found === visited) close(operation, namesItself);
    return found;
  };

  const close = (first: BulkOperation, namesItself: boolean): void => {
    const unit = open.splice(open.lastIndexOf(first)).sort((a, b) => a.index - b.index);
    for (const operation of unit) isOpen.delete(operation);
    units.push({ operations: unit, isRing: unit.length > 1 || namesItself });
  };

  for (const operation of operations) if (!earliest.has(operation)) visit(operation);
  return units;
}
