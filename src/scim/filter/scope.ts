import type { AttributePath, ResourceType } from '../../directory/schema/index.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { parseAttributePath, parseSubAttribute } from './attribute-path.js';
import { sensitiveAttribute, unknownAttribute, type FilterProblem } from './problem.js';

/** What the names in a part of a filter refer to: a resource, or one element of a value path. */
export type Scope =
  | { readonly kind: 'resource'; readonly type: ResourceType }
  | { readonly kind: 'element'; readonly path: AttributePath };

/** Finds the attribute that a name means in this scope; attributes that are never returned are refused. */
export function resolveName(scope: Scope, name: string): Result<AttributePath, FilterProblem> {
  const path =
    scope.kind === 'resource' ? parseAttributePath(scope.type, name) : parseSubAttribute(scope.path, name);
  if (!path) return err(unknownAttribute(name));
  return path.attribute.returned === 'never' ? err(sensitiveAttribute(path.attribute.name)) : ok(path);
}
