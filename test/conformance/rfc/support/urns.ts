/** URNs of RFC 7643 section 10.3 and of the product, spelled out so that the tests depend on no source file. */
export const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
export const GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group';
export const ROLE = 'urn:ietf:params:scim:schemas:core:2.0:Role';
export const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
export const ROLLCALL = 'urn:ietf:params:scim:schemas:extension:rollcall:2.0:User';

/** Message URNs of RFC 7644 section 8.2. */
export const LIST_RESPONSE = 'urn:ietf:params:scim:api:messages:2.0:ListResponse';
export const SEARCH_REQUEST = 'urn:ietf:params:scim:api:messages:2.0:SearchRequest';
export const PATCH_OP = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';
export const BULK_REQUEST = 'urn:ietf:params:scim:api:messages:2.0:BulkRequest';
export const BULK_RESPONSE = 'urn:ietf:params:scim:api:messages:2.0:BulkResponse';
export const ERROR = 'urn:ietf:params:scim:api:messages:2.0:Error';

/** A well-formed id that no server has handed out. */
export const UNKNOWN_ID = '01890000-0000-7000-8000-00000000dead';
