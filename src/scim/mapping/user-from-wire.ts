import { foldCase } from '../../kernel/fold.js';
import { isJsonObject, type JsonObject, type JsonValue } from '../../kernel/json.js';
import {
  ENTERPRISE_USER_SCHEMA,
  ORGANIZATION_ROLES,
  ROLLCALL_USER_URN,
  USER_SCHEMA,
  type Attribute,
} from '../../directory/schema/index.js';
import type {
  AccountType,
  CreateUserInput,
  OrganizationRole,
  Seat,
  TeamRoleAssignment,
  UpdateUserInput,
  UserProfile,
} from '../../directory/users/user.js';

/** Core attributes with columns of their own, or that this server makes. */
const NOT_PROFILE = new Set(['active', 'groups', 'password']);

const PROFILE_ATTRIBUTES = USER_SCHEMA.attributes.filter(({ name }) => !NOT_PROFILE.has(name));
const ENTERPRISE_ATTRIBUTES = ENTERPRISE_USER_SCHEMA.attributes.filter(({ name }) => name !== 'manager');

const WRITABLE_PARTS: ReadonlyMap<Attribute, readonly Attribute[]> = new Map(
  [...PROFILE_ATTRIBUTES, ...ENTERPRISE_ATTRIBUTES].map((attribute) => [
    attribute,
    attribute.subAttributes.filter(({ mutability }) => mutability !== 'readOnly'),
  ]),
);

/** The attributes of a wire resource that a client owns, in the order of the catalogue: equal content, equal text. */
export function profileFromWire(resource: JsonObject): UserProfile {
  const enterprise = objectAt(resource, ENTERPRISE_USER_SCHEMA.id);
  const ordered = enterprise ? inOrder(ENTERPRISE_ATTRIBUTES, enterprise) : {};
  const manager = enterprise && objectAt(enterprise, 'manager');
  return {
    userName: textAt(resource, 'userName') ?? '',
    externalId: textAt(resource, 'externalId'),
    core: inOrder(PROFILE_ATTRIBUTES, resource),
    enterprise: Object.keys(ordered).length > 0 ? ordered : undefined,
    managerId: manager && textAt(manager, 'value'),
  };
}

/** A POST body, already read against the catalogue. `active` is true unless it says otherwise. */
export function createUserFromWire(resource: JsonObject): CreateUserInput {
  const rollcall = objectAt(resource, ROLLCALL_USER_URN) ?? {};
  return {
    profile: profileFromWire(resource),
    isActive: resource['active'] !== false,
    organizationRole: organizationRoleOf(resource, rollcall),
    seat: rollcall['seat'] as Seat | undefined,
    accountType: (rollcall['accountType'] as AccountType | undefined) ?? 'USER',
    defaultTeam: textAt(rollcall, 'defaultTeam'),
    teamRoles: teamRolesOf(rollcall),
  };
}

/**
 * A PUT body, already read against the catalogue: the profile is replaced whole; `active`, role, seat and team roles
 * stay as they are unless the body has them.
 */
export function replaceUserFromWire(resource: JsonObject): UpdateUserInput {
  const rollcall = objectAt(resource, ROLLCALL_USER_URN) ?? {};
  const teamRoles = teamRolesOf(rollcall);
  return {
    profile: profileFromWire(resource),
    ...(typeof resource['active'] === 'boolean' ? { isActive: resource['active'] } : {}),
    ...present('organizationRole', organizationRoleOf(resource, rollcall)),
    ...present('seat', rollcall['seat'] as Seat | undefined),
    ...present('accountType', rollcall['accountType'] as AccountType | undefined),
    ...present('defaultTeam', textAt(rollcall, 'defaultTeam')),
    ...(teamRoles.length > 0 ? { teamRoles: [{ kind: 'set' as const, entries: teamRoles }] } : {}),
  };
}

/** What a PATCH changed: the difference between the resource before and after, both on the wire. */
export function userChangesFromWire(before: JsonObject, after: JsonObject): UpdateUserInput {
  const rollcallBefore = objectAt(before, ROLLCALL_USER_URN) ?? {};
  const rollcallAfter = objectAt(after, ROLLCALL_USER_URN) ?? {};
  const profile = profileFromWire(after);
  const hasNewRoles = JSON.stringify(before['roles']) !== JSON.stringify(after['roles']);
  const namedRole = hasNewRoles ? roleNamedIn(after['roles']) : undefined;
  const explicitRole = changedValue(
    rollcallBefore['organizationRole'],
    rollcallAfter['organizationRole'],
    'member',
  );
  return {
    ...(JSON.stringify(profileFromWire(before)) === JSON.stringify(profile) ? {} : { profile }),
    ...(typeof after['active'] === 'boolean' && after['active'] !== before['active']
      ? { isActive: after['active'] }
      : {}),
    ...present('organizationRole', (explicitRole as OrganizationRole | undefined) ?? namedRole),
    ...present('defaultTeam', changedDefaultTeam(rollcallBefore, rollcallAfter)),
    ...present(
      'seat',
      changedValue(rollcallBefore['seat'], rollcallAfter['seat'], 'full') as Seat | undefined,
    ),
  };
}

/** defaultTeam where a PATCH gives one: it is fixed, so the service refuses any that differs. */
const changedDefaultTeam = (before: JsonObject, after: JsonObject): string | undefined =>
  before['defaultTeam'] === after['defaultTeam'] ? undefined : textAt(after, 'defaultTeam');

/** The new value where it changed; a value taken away goes back to its default. */
const changedValue = (
  before: JsonValue | undefined,
  after: JsonValue | undefined,
  fallback: string,
): JsonValue | undefined => (before === after ? undefined : (after ?? fallback));

const present = <K extends string, V>(key: K, value: V | undefined): Partial<Record<K, V>> =>
  (value === undefined ? {} : { [key]: value }) as Partial<Record<K, V>>;

function organizationRoleOf(resource: JsonObject, rollcall: JsonObject): OrganizationRole | undefined {
  return (rollcall['organizationRole'] as OrganizationRole | undefined) ?? roleNamedIn(resource['roles']);
}

/** The organization role that `roles[].value` names in any case; the primary one first. */
function roleNamedIn(roles: JsonValue | undefined): OrganizationRole | undefined {
  if (!Array.isArray(roles)) return undefined;
  const elements = roles.filter(isJsonObject);
  const ordered = [...elements.filter((role) => role['primary'] === true), ...elements];
  for (const { value } of ordered) {
    const name = typeof value === 'string' ? foldCase(value) : undefined;
    const role = ORGANIZATION_ROLES.find((known) => known === name);
    if (role) return role;
  }
  return undefined;
}

const teamRolesOf = (rollcall: JsonObject): readonly TeamRoleAssignment[] => {
  const { teamRoles } = rollcall;
  return Array.isArray(teamRoles) ? teamRoles.filter(isJsonObject) : [];
};

const textAt = (values: JsonObject, name: string): string | undefined => {
  const value = values[name];
  return typeof value === 'string' ? value : undefined;
};

const objectAt = (values: JsonObject, name: string): JsonObject | undefined => {
  const value = values[name];
  return isJsonObject(value) ? value : undefined;
};

/** The values of these attributes, each in catalogue order down to its sub-attributes, without those the server makes. */
function inOrder(attributes: readonly Attribute[], values: JsonObject): JsonObject {
  const ordered: JsonObject = {};
  for (const attribute of attributes) {
    const value = values[attribute.name];
    if (value === undefined || value === null) continue;
    ordered[attribute.name] = attribute.type === 'complex' ? inSubOrder(attribute, value) : value;
  }
  return ordered;
}

function inSubOrder(attribute: Attribute, value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map((element) => inSubOrder(attribute, element));
  return isJsonObject(value) ? inOrder(WRITABLE_PARTS.get(attribute) ?? [], value) : value;
}
