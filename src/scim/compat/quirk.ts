import type { ConnectionMode } from '../../directory/connections/connection.js';
import type { AttributePath, ResourceType } from '../../directory/schema/index.js';
import type { JsonObject, JsonValue } from '../../kernel/json.js';

/** One operation of a PATCH as it came, with `op` in lower case (RFC 7644 section 3.5.2). */
export interface WireOperation {
  readonly op: 'add' | 'replace' | 'remove';
  readonly path?: string;
  readonly value?: JsonValue;
}

interface Quirk {
  readonly name: string;
  /** The modes of a Connection in which the quirk is taken. */
  readonly modes: readonly ConnectionMode[];
}

/** Rewrites the body of a POST or PUT. */
export interface ResourceQuirk extends Quirk {
  readonly normalise: (type: ResourceType, body: JsonObject) => JsonObject;
}

/** Rewrites one operation of a PATCH; undefined drops it. */
export interface OperationQuirk extends Quirk {
  readonly normalise: (type: ResourceType, operation: WireOperation) => WireOperation | undefined;
}

/** Rewrites one value: of a singular attribute, of one element of a multi-valued one, or of a sub-attribute. */
export interface ValueQuirk extends Quirk {
  readonly normalise: (path: AttributePath, value: JsonValue) => JsonValue;
}
