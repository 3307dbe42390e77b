import type { ConnectionMode } from '../../directory/connections/connection.js';
import { GROUP_URN, type AttributePath } from '../../directory/schema/index.js';
import { isJsonObject, type JsonObject, type JsonValue } from '../../kernel/json.js';
import { LIMITS } from '../../kernel/limits.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { isStorableText } from '../../http/index.js';
import { badRequest, type ScimProblem } from '../problem.js';
import { quoteText, refuseValue } from './problems.js';

/** How values are read. */
export interface CoerceOptions {
  readonly mode: ConnectionMode;
  /** The value only names elements to remove, so rules about what may be stored do not apply. */
  readonly isRemoval?: boolean;
}

/** True for the members of a group, which may be a hundred thousand and are therefore read on a path of their own. */
export const isMembers = (path: AttributePath): boolean =>
  path.schema.id === GROUP_URN && path.attribute.name === 'members';

/**
 * Reads one member of a group as `{value}` (RFC 7643 section 4.2): `display`, `$ref` and `type` are kept by this
 * server. A lenient Connection takes a bare id. 400 invalidValue without an id, and for a group as a member, because
 * teams are not nested; a group may still be named in a removal, which then finds nothing.
 */
export function coerceMember(
  path: AttributePath,
  element: JsonValue,
  options: CoerceOptions,
): Result<JsonObject, ScimProblem> {
  const isLenient = options.mode === 'lenient';
  if (typeof element === 'string' && isLenient) return coerceMemberId(path, element);
  if (!isJsonObject(element)) return refuseValue(path, 'must hold objects with the id of a user as value');
  let id: JsonValue | undefined;
  for (const [key, value] of Object.entries(element)) {
    switch (key.toLowerCase()) {
      case 'value':
        id = value;
        break;
      case 'type':
      case '$ref':
        if (value !== null && typeof value !== 'string')
          return refuseValue(path, `has a ${key} that is no string`);
        if (value && !options.isRemoval && namesGroup(key, value)) return err(nestedGroup);
        break;
      case 'display':
        break;
      default:
        if (!isLenient)
          return err(badRequest('invalidSyntax', `members has no sub-attribute ${quoteText(key)}.`));
    }
  }
  return coerceMemberId(path, id);
}

function coerceMemberId(path: AttributePath, id: JsonValue | undefined): Result<JsonObject, ScimProblem> {
  if (typeof id !== 'string' || id === '')
    return refuseValue(path, 'must name each member by its id as value');
  if (id.length > LIMITS.stringLength || !isStorableText(id))
    return refuseValue(path, 'holds a value that is no id');
  return ok({ value: id });
}

const namesGroup = (key: string, value: string): boolean =>
  key.toLowerCase() === 'type' ? value.toLowerCase() === 'group' : value.toLowerCase().includes('/groups/');

const nestedGroup = badRequest(
  'invalidValue',
  'members holds a group. Groups inside groups are not supported: flatten nested groups in the identity provider.',
);
