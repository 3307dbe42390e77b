import type { ConnectionMode } from '../../directory/connections/connection.js';
import type { AttributePath, ResourceType } from '../../directory/schema/index.js';
import type { JsonObject, JsonValue } from '../../kernel/json.js';
import { bareValue } from './bare-value.js';
import { booleanStrings } from './boolean-strings.js';
import { entraRoleJson } from './entra-role-json.js';
import { nestedMembers } from './nested-members.js';
import type { OperationQuirk, ResourceQuirk, ValueQuirk, WireOperation } from './quirk.js';
import { roleDisplayName } from './role-display-name.js';
import { valuelessReplace } from './valueless-replace.js';
import { wandbUser, wandbUserOperation } from './wandb-user.js';

export type { OperationQuirk, ResourceQuirk, ValueQuirk, WireOperation } from './quirk.js';

/**
 * What known clients send beyond the RFCs, one file each, in the order in which they run. Every file says who sends
 * it, where that is documented, and when it can go. What RFC 7644 leaves open is decided in the engine instead.
 */
export const RESOURCE_QUIRKS: readonly ResourceQuirk[] = [wandbUser];
export const OPERATION_QUIRKS: readonly OperationQuirk[] = [
  valuelessReplace,
  nestedMembers,
  wandbUserOperation,
];
/** A bare value becomes an element before the quirks that look into elements. */
export const VALUE_QUIRKS: readonly ValueQuirk[] = [
  bareValue,
  entraRoleJson,
  roleDisplayName,
  booleanStrings,
];

/** The body of a POST or PUT without the quirks of this mode. */
export const normaliseResource = (mode: ConnectionMode, type: ResourceType, body: JsonObject): JsonObject =>
  RESOURCE_QUIRKS.reduce(
    (current, quirk) => (quirk.modes.includes(mode) ? quirk.normalise(type, current) : current),
    body,
  );

/** One PATCH operation without the quirks of this mode; undefined when a quirk drops it. */
export const normaliseOperation = (
  mode: ConnectionMode,
  type: ResourceType,
  operation: WireOperation,
): WireOperation | undefined =>
  OPERATION_QUIRKS.reduce<WireOperation | undefined>(
    (current, quirk) => (current && quirk.modes.includes(mode) ? quirk.normalise(type, current) : current),
    operation,
  );

const valueQuirksOf = (mode: ConnectionMode): readonly ValueQuirk[] =>
  VALUE_QUIRKS.filter(({ modes }) => modes.includes(mode));

const VALUE_QUIRKS_BY_MODE: Readonly<Record<ConnectionMode, readonly ValueQuirk[]>> = {
  lenient: valueQuirksOf('lenient'),
  strict: valueQuirksOf('strict'),
  interop: valueQuirksOf('interop'),
};

/** One value without the quirks of this mode. */
export function normaliseValue(mode: ConnectionMode, path: AttributePath, value: JsonValue): JsonValue {
  let normalised = value;
  for (const quirk of VALUE_QUIRKS_BY_MODE[mode]) normalised = quirk.normalise(path, normalised);
  return normalised;
}
