import type { ResourceSchema, ResourceType } from '../../directory/schema/index.js';
import { isJsonObject, type JsonObject, type JsonValue } from '../../kernel/json.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { badRequest, type ScimProblem } from '../problem.js';
import { quoteText } from '../resource/index.js';
import { coerceOperation, isReadOnly } from './coerce-operation.js';
import type { PatchOperation, PatchOptions } from './operation.js';
import { invalidPath, parsePatchPath, type PatchTarget } from './patch-path.js';

/** An `add` or `replace` of everything that an object names. */
export interface Expansion {
  readonly op: 'add' | 'replace';
  readonly value: JsonValue;
}

type Expanded = Result<readonly PatchOperation[], ScimProblem>;

/**
 * Turns an operation without path into one operation per key of its value (RFC 7644 section 3.5.2). Keys are paths:
 * `name.givenName`, URN-qualified ones (Entra with aadOptscim062020), value paths, and URNs of extensions with an
 * object (WSO2). readOnly keys are ignored, because Okta repeats the `id`; unknown keys are ignored for a lenient
 * Connection and 400 invalidPath for the others.
 */
export function expandValue(type: ResourceType, { op, value }: Expansion, options: PatchOptions): Expanded {
  if (!isJsonObject(value))
    return err(badRequest('invalidValue', 'The value of an operation without path must be an object.'));
  return expandEach(listKeys(value), options, (key) => {
    const target = parsePatchPath(type, key, options);
    if (!target.ok || !target.value) return target.ok ? undefined : target;
    const member = value[key] ?? null;
    return target.value.kind === 'schema'
      ? expandExtension({ type, schema: target.value.schema }, { op, value: member }, options)
      : coerceTarget(target.value, { op, value: member }, options);
  });
}

/** Turns an operation on the URN of an extension into one per attribute; null unassigns all of them. */
export function expandExtension(
  { type, schema }: { readonly type: ResourceType; readonly schema: ResourceSchema },
  { op, value }: Expansion,
  options: PatchOptions,
): Expanded {
  const isUnassigned = schema !== type.schema && (value === null || value === '');
  const members = isUnassigned ? unassignAll(schema) : value;
  if (!isJsonObject(members))
    return err(badRequest('invalidValue', `The value of ${schema.id} must be an object.`));
  return expandEach(listKeys(members), options, (key) => {
    const target = parsePatchPath(type, `${schema.id}:${key}`, options);
    if (!target.ok) return target;
    if (target.value?.kind !== 'attribute') return undefined;
    return coerceTarget(target.value, { op, value: members[key] ?? null }, options);
  });
}

/** `remove` of an extension takes out what a client may take out of it. */
export const removeExtension = (schema: ResourceSchema): readonly PatchOperation[] =>
  listWritable(schema).map((attribute) => ({
    op: 'remove',
    path: { schema, isExtension: true, attribute, sub: undefined },
  }));

const listWritable = (schema: ResourceSchema): ResourceSchema['attributes'] =>
  schema.attributes.filter((attribute) => attribute.mutability === 'readWrite' && !attribute.required);

const unassignAll = (schema: ResourceSchema): JsonObject =>
  Object.fromEntries(listWritable(schema).map((attribute) => [attribute.name, null]));

const listKeys = (value: JsonObject): readonly string[] =>
  Object.keys(value).filter((key) => key.toLowerCase() !== 'schemas');

function coerceTarget(
  { path, filter }: Extract<PatchTarget, { kind: 'attribute' }>,
  { op, value }: Expansion,
  options: PatchOptions,
): Expanded {
  if (isReadOnly(path)) return ok([]);
  return coerceOperation({ op, path, ...(filter ? { filter } : {}), value }, options);
}

/** Joins what each key expands to; `expandKey` answers undefined for a key that names nothing. */
function expandEach(
  keys: readonly string[],
  options: PatchOptions,
  expandKey: (key: string) => Expanded | undefined,
): Expanded {
  const operations: PatchOperation[] = [];
  for (const key of keys) {
    const expanded = expandKey(key);
    if (!expanded && options.mode !== 'lenient') return invalidPath(`${quoteText(key)} names no attribute.`);
    if (!expanded) continue;
    if (!expanded.ok) return expanded;
    operations.push(...expanded.value);
  }
  return ok(operations);
}
