export * from './attribute.js';
export * from './attribute-path.js';
export { COMMON_ATTRIBUTES } from './common-attributes.js';
export * from './resource-types.js';
export * from './role-schema.js';
export * from './team-schema.js';
export * from './user-schema.js';
