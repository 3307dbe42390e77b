export { checkSchemas, readMember } from './check-schemas.js';
export { isMembers, type CoerceOptions } from './coerce-member.js';
export { coerceElement, coerceValue, isUnassigned, refuseCount, refusePrimaries } from './coerce-value.js';
export { readAttribute, withAttribute, withMember } from './document.js';
export { fullValueKey, indexElements, isSameValue } from './elements.js';
export { quoteText, refuseChange, refuseValue } from './problems.js';
export { readResource, type ReadResourceOptions } from './read-resource.js';
