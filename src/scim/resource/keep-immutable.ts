import type { AttributePath, ResourceType } from '../../directory/schema/index.js';
import type { JsonObject } from '../../kernel/json.js';
import { ok, type Result } from '../../kernel/result.js';
import type { ScimProblem } from '../problem.js';
import { readAttribute, withAttribute } from './document.js';
import { isSameValue } from './elements.js';
import { refuseChange } from './problems.js';

/**
 * Gives a PUT the immutable attributes that are already set (RFC 7644 section 3.5.1): the same value and none are
 * fine and keep what is stored, another value is 400 mutability. Both resources are in canonical form.
 */
export function keepImmutable(
  type: ResourceType,
  current: JsonObject,
  replacement: JsonObject,
): Result<JsonObject, ScimProblem> {
  let result = replacement;
  for (const path of listImmutable(type)) {
    const before = readAttribute(current, path);
    const after = readAttribute(replacement, path);
    if (before === undefined) continue;
    if (after !== undefined && !isSameValue(path.attribute, before, after))
      return refuseChange(path, 'cannot be changed once it is set');
    result = withAttribute(result, path, before);
  }
  return ok(result);
}

const listImmutable = (type: ResourceType): readonly AttributePath[] =>
  [type.schema, ...type.extensions].flatMap((schema) =>
    schema.attributes
      .filter((attribute) => attribute.mutability === 'immutable')
      .map((attribute) => ({ schema, isExtension: schema !== type.schema, attribute })),
  );
