import { RESOURCE_TYPES, type ResourceType } from '../../directory/schema/index.js';
import { isJsonObject, type JsonObject, type JsonValue } from '../../kernel/json.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { badRequest, type ScimProblem, type ScimType } from '../problem.js';
import { quoteText, readMember } from '../resource/index.js';
import { collectReferences } from './references.js';

/** What one operation asks of a resource type. An `id` may still be a bulkId reference. */
export type BulkAction =
  | { readonly kind: 'create'; readonly type: ResourceType; readonly data: JsonObject }
  | {
      readonly kind: 'replace' | 'patch';
      readonly type: ResourceType;
      readonly id: string;
      readonly data: JsonObject;
    }
  | { readonly kind: 'remove'; readonly type: ResourceType; readonly id: string };

/** One of the `Operations` of a BulkRequest (RFC 7644 section 3.7). */
export interface BulkOperation {
  /** Its place in the request, from 0. */
  readonly index: number;
  /** In upper case. */
  readonly method: string;
  readonly bulkId: string | undefined;
  /** The ETag that the resource must have. */
  readonly version: string | undefined;
  /** Or why this operation fails before it reaches a resource. */
  readonly action: Result<BulkAction, ScimProblem>;
  /** The bulkIds it refers to, in its path and its data. */
  readonly references: ReadonlySet<string>;
}

const KINDS: ReadonlyMap<string, BulkAction['kind']> = new Map([
  ['POST', 'create'],
  ['PUT', 'replace'],
  ['PATCH', 'patch'],
  ['DELETE', 'remove'],
]);

/**
 * Reads one operation; names and the method are taken in any case. What makes the operation impossible to identify or
 * to answer is a problem of the whole request: 400 invalidSyntax or invalidValue. Everything else is its own problem.
 */
export function readBulkOperation(item: JsonValue, index: number): Result<BulkOperation, ScimProblem> {
  if (!isJsonObject(item)) return refuseAll(index, 'invalidSyntax', 'it must be an object');
  const name = readMember(item, 'method');
  if (typeof name !== 'string') return refuseAll(index, 'invalidSyntax', 'method must be a string');
  const method = name.toUpperCase();
  const bulkId = readMember(item, 'bulkId') ?? undefined;
  if (bulkId !== undefined && typeof bulkId !== 'string')
    return refuseAll(index, 'invalidValue', 'bulkId must be a string');
  if (method === 'POST' && !bulkId) return refuseAll(index, 'invalidValue', 'a POST must have a bulkId');
  const version = readMember(item, 'version') ?? undefined;
  const isEtag = version === undefined || typeof version === 'string';
  const action = isEtag
    ? readAction(method, item)
    : err(badRequest('invalidValue', 'version must be an ETag.'));
  return ok({
    index,
    method,
    bulkId,
    version: isEtag ? version : undefined,
    action,
    references: action.ok ? referencesOf(action.value) : NO_REFERENCES,
  });
}

const NO_REFERENCES: ReadonlySet<string> = new Set();

const refuseAll = (index: number, scimType: ScimType, reason: string): ReturnType<typeof err<ScimProblem>> =>
  err(badRequest(scimType, `Operations[${index}]: ${reason}.`));

function readAction(method: string, item: JsonObject): Result<BulkAction, ScimProblem> {
  const kind = KINDS.get(method);
  if (!kind) return err({ status: 405, detail: 'The method must be POST, PUT, PATCH or DELETE.' });
  const path = readMember(item, 'path');
  if (typeof path !== 'string') return err(badRequest('invalidSyntax', 'path must be a string.'));
  const target = readTarget(path);
  if (!target)
    return err({ status: 404, detail: `Bulk reaches /Users, /Groups and /Roles, not ${quoteText(path)}.` });
  const { type, id } = target;
  const data = readMember(item, 'data');
  if ((kind === 'create') !== (id === undefined))
    return err({ status: 405, detail: `${method} is not possible at ${quoteText(path)}.` });
  if (kind === 'remove') return ok({ kind, type, id: id ?? '' });
  if (!isJsonObject(data)) return err(badRequest('invalidSyntax', `${method} needs data, a JSON object.`));
  return ok(kind === 'create' ? { kind, type, data } : { kind, type, id: id ?? '', data });
}

/** `/Users` or `/Users/{id}`, where the id is all the rest: a bulkId may have slashes in it. */
function readTarget(
  path: string,
): { readonly type: ResourceType; readonly id: string | undefined } | undefined {
  const text = path.endsWith('/') ? path.slice(0, -1) : path;
  const slash = text.indexOf('/', 1);
  const endpoint = slash === -1 ? text : text.slice(0, slash);
  const type = RESOURCE_TYPES.find((candidate) => candidate.endpoint === endpoint);
  return type && { type, id: slash === -1 ? undefined : text.slice(slash + 1) };
}

function referencesOf(action: BulkAction): ReadonlySet<string> {
  const found = new Set<string>();
  if (action.kind !== 'create') collectReferences(action.id, found);
  if (action.kind !== 'remove') collectReferences(action.data, found);
  return found;
}
