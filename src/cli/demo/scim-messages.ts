import { isJsonObject, type JsonObject, type JsonValue } from '../../kernel/json.js';
import type { ScimAnswer } from './scim-exchange.js';

export const USER_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:User';
export const GROUP_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:Group';
export const ROLE_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:Role';
export const ENTERPRISE_SCHEMA = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

/** A PATCH request's body (RFC 7644 section 3.5.2). */
export const patchOf = (...operations: readonly JsonObject[]): JsonObject => ({
  schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
  Operations: [...operations],
});

/** Resources of a ListResponse (RFC 7644 section 3.4.2). */
export function resourcesOf({ body }: ScimAnswer): readonly JsonObject[] {
  const resources = body['Resources'];
  return Array.isArray(resources) ? resources.filter((value: JsonValue) => isJsonObject(value)) : [];
}

/** Id of a resource, when the answer has one. */
export const idOf = (resource: JsonObject | undefined): string | undefined =>
  typeof resource?.['id'] === 'string' ? resource['id'] : undefined;
