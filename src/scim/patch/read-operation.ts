import type { ResourceType } from '../../directory/schema/index.js';
import { isJsonObject, type JsonValue } from '../../kernel/json.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { normaliseOperation, type WireOperation } from '../compat/index.js';
import { badRequest, type ScimProblem } from '../problem.js';
import { quoteText, readMember, refuseChange } from '../resource/index.js';
import { coerceOperation, isReadOnly } from './coerce-operation.js';
import { expandExtension, expandValue, removeExtension } from './expand-value.js';
import type { PatchOperation, PatchOptions } from './operation.js';
import { invalidPath, parsePatchPath } from './patch-path.js';

type Operations = Result<readonly PatchOperation[], ScimProblem>;

/**
 * Reads one element of `Operations` (RFC 7644 section 3.5.2): none, one or several operations with a target each.
 * Names and `op` are taken in any case. 400 with invalidSyntax, invalidPath, invalidValue, noTarget or mutability.
 */
export function readOperation(type: ResourceType, item: JsonValue, options: PatchOptions): Operations {
  const wire = readWireOperation(item);
  if (!wire.ok) return wire;
  const operation = normaliseOperation(options.mode, type, wire.value);
  if (!operation) return ok([]);
  return operation.path === undefined
    ? readPathless(type, operation, options)
    : readTargeted(type, { ...operation, path: operation.path }, options);
}

function readWireOperation(item: JsonValue): Result<WireOperation, ScimProblem> {
  if (!isJsonObject(item)) return invalidSyntax('An operation must be an object.');
  const op = readMember(item, 'op');
  const name = typeof op === 'string' ? op.toLowerCase() : undefined;
  if (name !== 'add' && name !== 'replace' && name !== 'remove')
    return invalidSyntax('The op of an operation must be add, replace or remove.');
  const path = readMember(item, 'path') ?? undefined;
  if (path !== undefined && typeof path !== 'string') return invalidPath('The path must be a string.');
  const value = readMember(item, 'value');
  return ok({
    op: name,
    ...(path === undefined ? {} : { path }),
    ...(value === undefined ? {} : { value }),
  });
}

function readPathless(type: ResourceType, { op, value }: WireOperation, options: PatchOptions): Operations {
  if (op === 'remove') return noTarget;
  if (options.mode === 'interop')
    return invalidSyntax('An operation needs a path (draft-zollner-scim-interop-profile).');
  if (value === undefined) return valueMissing;
  return expandValue(type, { op, value }, options);
}

function readTargeted(
  type: ResourceType,
  { op, path: text, value }: WireOperation & { readonly path: string },
  options: PatchOptions,
): Operations {
  const target = parsePatchPath(type, text, options);
  if (!target.ok) return target;
  if (!target.value) return invalidPath(`${quoteText(text)} names no attribute of ${type.name}.`);
  if (op !== 'remove' && value === undefined) return valueMissing;
  if (target.value.kind === 'schema') {
    const { schema } = target.value;
    if (op !== 'remove') return expandExtension({ type, schema }, { op, value: value ?? null }, options);
    return schema === type.schema ? noTarget : ok(removeExtension(schema));
  }
  const { path, filter } = target.value;
  if (isReadOnly(path)) return refuseChange(path, 'is read-only');
  const operation = { op, path, ...(filter ? { filter } : {}), ...(value === undefined ? {} : { value }) };
  return coerceOperation(operation, options);
}

const invalidSyntax = (detail: string): { readonly ok: false; readonly error: ScimProblem } =>
  err(badRequest('invalidSyntax', detail));

const noTarget = err(badRequest('noTarget', 'A remove needs a path that names what to remove.'));

const valueMissing = err(badRequest('invalidValue', 'An add or replace needs a value.'));
