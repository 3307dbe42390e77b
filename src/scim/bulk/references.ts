import { isJsonObject, type JsonObject, type JsonValue } from '../../kernel/json.js';

const PREFIX = 'bulkId:';

/** Ids of what the request has created so far, by bulkId. */
export type CreatedIds = ReadonlyMap<string, string>;

/**
 * The bulkId that a text refers to (RFC 7644 section 3.7.2), undefined for any other text. Only a text that is the
 * reference and nothing else is one: a sentence with `bulkId:` in it stays a sentence.
 */
export const referencedBulkId = (text: string): string | undefined =>
  text.startsWith(PREFIX) ? text.slice(PREFIX.length) : undefined;

/** Adds every bulkId that the values of a JSON value refer to. */
export function collectReferences(value: JsonValue | undefined, found: Set<string>): void {
  if (typeof value === 'string') {
    const bulkId = referencedBulkId(value);
    if (bulkId !== undefined) found.add(bulkId);
  } else if (Array.isArray(value)) for (const element of value) collectReferences(element, found);
  else if (isJsonObject(value)) for (const member of Object.values(value)) collectReferences(member, found);
}

/** The id that a reference stands for; text that is no known reference as it is. */
export function resolveText(text: string, ids: CreatedIds): string {
  const bulkId = referencedBulkId(text);
  return (bulkId === undefined ? undefined : ids.get(bulkId)) ?? text;
}

/** A copy of the value with the ids in the place of the references to them. */
export function resolveValue(value: JsonValue, ids: CreatedIds): JsonValue {
  if (typeof value === 'string') return resolveText(value, ids);
  if (Array.isArray(value)) return value.map((element) => resolveValue(element, ids));
  return isJsonObject(value) ? resolveObject(value, ids) : value;
}

/** As resolveValue. `fromEntries` defines its keys, so that a `__proto__` in the data stays a key. */
export const resolveObject = (object: JsonObject, ids: CreatedIds): JsonObject =>
  Object.fromEntries(
    Object.entries(object).map(([key, value]) => [
      key,
      value === undefined ? undefined : resolveValue(value, ids),
    ]),
  );
