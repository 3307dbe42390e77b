import type { ResourceType } from '../../directory/schema/index.js';
import { NO_PARAMETERS, type ScimReply, type ScimRequest } from '../exchange.js';
import type { ResourceOperations } from '../resources/resource-operations.js';
import type { BulkAction } from './bulk-operation.js';
import { referencedBulkId, resolveObject, resolveText, type CreatedIds } from './references.js';

export type BulkOperations = ReadonlyMap<ResourceType['endpoint'], ResourceOperations>;

/** What a resource type answered to one operation. */
export interface Performed {
  /** HTTP status code of success. */
  readonly status: number;
  readonly id: string;
  readonly location: string;
  /** ETag of the resource; undefined once it is gone. */
  readonly version: string | undefined;
}

/** Does one action, with all its references resolved. @throws what the resource type throws to refuse */
export type Perform = (action: BulkAction, version?: string) => Promise<Performed>;

/**
 * Does actions by the operations that HTTP uses too, on behalf of the Bulk request: nothing of its own query or
 * preconditions applies to them, only the `version` of each (RFC 7644 section 3.7) as If-Match.
 */
export const performWith =
  (operations: BulkOperations, { context, baseUrl, patchWork }: ScimRequest): Perform =>
  async (action, version) => {
    const target = operations.get(action.type.endpoint);
    if (!target) throw new Error(`no operations for ${action.type.endpoint}`);
    const request: ScimRequest = {
      context,
      baseUrl,
      query: NO_PARAMETERS,
      ifMatch: version,
      ifNoneMatch: undefined,
      ...(patchWork === undefined ? {} : { patchWork }),
    };
    const reply = await dispatch(target, request, action);
    const location = reply.headers?.['Location'] ?? locationOf(action, baseUrl) ?? '';
    return {
      status: reply.status,
      id: location.slice(location.lastIndexOf('/') + 1),
      location,
      version: reply.headers?.['ETag'],
    };
  };

function dispatch(target: ResourceOperations, request: ScimRequest, action: BulkAction): Promise<ScimReply> {
  switch (action.kind) {
    case 'create':
      return target.create({ ...request, body: action.data });
    case 'replace':
      return target.replace({ ...request, body: action.data }, action.id);
    case 'patch':
      return target.patch({ ...request, body: action.data }, action.id);
    case 'remove':
      return target.remove(request, action.id);
  }
}

/** Where the resource of an action is; undefined before it exists. */
export function locationOf(action: BulkAction, baseUrl: string): string | undefined {
  if (action.kind === 'create' || referencedBulkId(action.id) !== undefined) return undefined;
  return `${baseUrl}${action.type.endpoint}/${action.id}`;
}

/** The action with ids in the place of references. */
export function resolveAction(action: BulkAction, ids: CreatedIds): BulkAction {
  if (action.kind === 'create') return { ...action, data: resolveObject(action.data, ids) };
  const id = resolveText(action.id, ids);
  return action.kind === 'remove'
    ? { ...action, id }
    : { ...action, id, data: resolveObject(action.data, ids) };
}
