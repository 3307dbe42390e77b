import { findSchema, type ResourceType } from '../../directory/schema/index.js';
import { isJsonObject, type JsonObject, type JsonValue } from '../../kernel/json.js';
import { collectReferences } from './references.js';

/** A value that is to be added once the resources it refers to exist; `path` is a PATCH path. */
export interface PostponedValue {
  readonly path: string;
  readonly value: JsonValue;
}

export interface SplitData {
  readonly now: JsonObject;
  readonly later: readonly PostponedValue[];
}

type Member = readonly [key: string, value: JsonValue];

/**
 * Splits the data of a POST into what can be created now and what refers to resources that do not exist yet: whole
 * attributes, but of a list only the elements concerned, and of an extension only the attributes concerned, because
 * the rest of them may be required or immutable.
 * @param awaited - bulkIds of those resources
 */
export function postponeReferences(
  type: ResourceType,
  data: JsonObject,
  awaited: ReadonlySet<string>,
): SplitData {
  const later: PostponedValue[] = [];

  const splitMember = (key: string, value: JsonValue, path: string): readonly Member[] => {
    if (!mentions(value, awaited)) return [[key, value]];
    const elements = Array.isArray(value) ? value : [];
    const ready = elements.filter((element) => !mentions(element, awaited));
    later.push({
      path,
      value: Array.isArray(value) ? value.filter((element) => mentions(element, awaited)) : value,
    });
    return ready.length > 0 ? [[key, ready]] : [];
  };

  const split = (object: JsonObject, prefix: string): JsonObject =>
    Object.fromEntries(
      Object.entries(object).flatMap(([key, value]) => {
        if (value === undefined) return [];
        const isExtension = prefix === '' && isJsonObject(value) && findSchema(type, key) !== undefined;
        return isExtension ? [[key, split(value, `${key}:`)]] : splitMember(key, value, prefix + key);
      }),
    );

  return { now: split(data, ''), later };
}

function mentions(value: JsonValue, awaited: ReadonlySet<string>): boolean {
  const found = new Set<string>();
  collectReferences(value, found);
  return [...found].some((bulkId) => awaited.has(bulkId));
}
