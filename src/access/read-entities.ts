import {
  RESOURCE_TYPES,
  SUBJECT_TYPES,
  type ActionName,
  type ResourceReference,
  type ResourceType,
  type SubjectReference,
  type SubjectType,
} from '../directory/access/access-request.js';
import { isActionName } from '../directory/access/actions.js';
import { isJsonObject, type JsonObject, type JsonValue } from '../kernel/json.js';
import { LIMITS } from '../kernel/limits.js';
import { err, ok, type Result } from '../kernel/result.js';

/** What is wrong with a request, and where. */
export interface ReadProblem {
  readonly field: string;
  readonly detail: string;
  /**
   * Whether the request as a whole is malformed. What is well formed and only means nothing here (an unknown action or
   * type) concerns one evaluation, and not the others of a batch (Authorization API section 7.2.1).
   */
  readonly isMalformed: boolean;
}

const malformed = (field: string, detail: string): Result<never, ReadProblem> =>
  err({ field, detail: `${field} ${detail}`, isMalformed: true });
const meaningless = (field: string, detail: string): Result<never, ReadProblem> =>
  err({ field, detail, isMalformed: false });

/** Members of `entity` by which an application can describe a resource. */
const RESOURCE_PROPERTIES = ['createdBy', 'project', 'team', 'targetProject'] as const;

/** A subject (section 5.1): its type, and its id unless it is what is searched for. */
export function readSubject(
  value: JsonValue | undefined,
  field: string,
): Result<SubjectReference, ReadProblem> {
  const type = readSubjectType(value, field);
  if (!type.ok) return type;
  const id = readText(value, field, 'id');
  return id.ok ? ok({ type: type.value, id: id.value }) : id;
}

export function readSubjectType(
  value: JsonValue | undefined,
  field: string,
): Result<SubjectType, ReadProblem> {
  const type = readText(value, field, 'type');
  if (!type.ok) return type;
  const known = SUBJECT_TYPES.find((name) => name === type.value);
  return known
    ? ok(known)
    : meaningless(
        `${field}.type`,
        `There is no subject type "${shown(type.value)}": it is user or service_account.`,
      );
}

/** An action (section 5.3): the name of a permission. */
export function readAction(value: JsonValue | undefined, field: string): Result<ActionName, ReadProblem> {
  const name = readText(value, field, 'name');
  if (!name.ok) return name;
  return isActionName(name.value)
    ? ok(name.value)
    : meaningless(`${field}.name`, `There is no action "${shown(name.value)}".`);
}

/** A resource (section 5.2) with those of its properties that count here. */
export function readResource(
  value: JsonValue | undefined,
  field: string,
): Result<ResourceReference, ReadProblem> {
  const resource = readResourceWithoutId(value, field);
  if (!resource.ok) return resource;
  const id = readText(value, field, 'id');
  return id.ok ? ok({ ...resource.value, id: id.value }) : id;
}

export function readResourceWithoutId(
  value: JsonValue | undefined,
  field: string,
): Result<Omit<ResourceReference, 'id'>, ReadProblem> {
  const type = readText(value, field, 'type');
  if (!type.ok) return type;
  const properties = readProperties(value, field);
  if (!properties.ok) return properties;
  const known = RESOURCE_TYPES.find((name): name is ResourceType => name === type.value);
  return known
    ? ok({ type: known, ...properties.value })
    : meaningless(`${field}.type`, `There is no resource type "${shown(type.value)}".`);
}

type Properties = Partial<Record<(typeof RESOURCE_PROPERTIES)[number], string>>;

function readProperties(value: JsonValue | undefined, field: string): Result<Properties, ReadProblem> {
  const properties = isJsonObject(value) ? value['properties'] : undefined;
  if (properties === undefined) return ok({});
  if (!isJsonObject(properties)) return malformed(`${field}.properties`, 'must be an object');
  const found: Properties = {};
  for (const name of RESOURCE_PROPERTIES) {
    const property = properties[name];
    // Applications send null for what they do not know.
    if (property === undefined || property === null) continue;
    const text = checkText(property, `${field}.properties.${name}`);
    if (!text.ok) return text;
    found[name] = text.value;
  }
  return ok(found);
}

/** The context of a request (section 5.4) is taken and not looked at: decisions depend on what is stored. */
export function checkContext(request: JsonObject, prefix: string): ReadProblem | undefined {
  const { context } = request;
  if (context === undefined || isJsonObject(context)) return undefined;
  const problem = malformed(`${prefix}context`, 'must be an object');
  return problem.ok ? undefined : problem.error;
}

function readText(entity: JsonValue | undefined, field: string, name: string): Result<string, ReadProblem> {
  if (entity === undefined) return malformed(field, 'is required');
  if (!isJsonObject(entity)) return malformed(field, 'must be an object');
  const value = entity[name];
  if (value === undefined) return malformed(`${field}.${name}`, 'is required');
  return checkText(value, `${field}.${name}`);
}

function checkText(value: JsonValue, field: string): Result<string, ReadProblem> {
  if (typeof value !== 'string') return malformed(field, 'must be a string');
  if (value === '') return malformed(field, 'must not be empty');
  if (value.length > LIMITS.stringLength)
    return malformed(field, `exceeds ${LIMITS.stringLength} characters`);
  return ok(value);
}

const SHOWN = 80;
const shown = (text: string): string => text.slice(0, SHOWN);
