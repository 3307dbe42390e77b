import type { ResourceType } from './attribute.js';
import { ROLE_SCHEMA } from './role-schema.js';
import { GROUP_SCHEMA } from './team-schema.js';
import { ENTERPRISE_USER_SCHEMA, ROLLCALL_USER_SCHEMA, USER_SCHEMA } from './user-schema.js';

export const USER_TYPE: ResourceType = {
  name: 'User',
  endpoint: '/Users',
  description: 'User Account',
  schema: USER_SCHEMA,
  extensions: [ENTERPRISE_USER_SCHEMA, ROLLCALL_USER_SCHEMA],
};

export const GROUP_TYPE: ResourceType = {
  name: 'Group',
  endpoint: '/Groups',
  description: 'Group (a team)',
  schema: GROUP_SCHEMA,
  extensions: [],
};

export const ROLE_TYPE: ResourceType = {
  name: 'Role',
  endpoint: '/Roles',
  description: 'Custom role',
  schema: ROLE_SCHEMA,
  extensions: [],
};

export const RESOURCE_TYPES: readonly ResourceType[] = [USER_TYPE, GROUP_TYPE, ROLE_TYPE];
