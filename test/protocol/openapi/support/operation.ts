import { isJsonObject, type JsonObject, type JsonValue } from '../../../../src/kernel/json.js';
import { find, get, listParts, ROOT, textOf, type Located } from './description.js';

/** A parameter of openapi.yaml. */
export interface Parameter {
  readonly name: string;
  readonly place: string;
  readonly isRequired: boolean;
  /** All its values, when the list is closed. */
  readonly values: readonly string[];
  /** Values that openapi.yaml shows. */
  readonly examples: readonly string[];
}

/** An operation of openapi.yaml. */
export interface Operation {
  /** Its operationId. */
  readonly id: string;
  /** In upper case. */
  readonly method: string;
  /** A template, such as `/scim/v2/Users/{id}`. */
  readonly path: string;
  /** Parameters of the operation and of its path. */
  readonly parameters: readonly Parameter[];
  /** Its bodies by media type. */
  readonly bodies: readonly (readonly [mediaType: string, body: Located])[];
  /** Its answers by status code. */
  readonly responses: ReadonlyMap<string, Located>;
}

const METHODS = ['get', 'post', 'put', 'patch', 'delete', 'head', 'options', 'trace'];

/** Every operation, in the order of openapi.yaml. */
export const OPERATIONS: readonly Operation[] = listParts(get(ROOT, 'paths')).flatMap(([path, item]) =>
  METHODS.flatMap((method) => {
    const located = find(item, method);
    return located ? [toOperation(path, method, item, located)] : [];
  }),
);

function toOperation(path: string, method: string, item: Located, located: Located): Operation {
  const request = find(located, 'requestBody', 'content');
  return {
    id: textOf(located.value['operationId']),
    method: method.toUpperCase(),
    path,
    parameters: [...parametersOf(item), ...parametersOf(located)],
    bodies: listParts(request),
    responses: new Map(listParts(get(located, 'responses'))),
  };
}

function parametersOf(parent: Located): readonly Parameter[] {
  const { parameters } = parent.value;
  if (!Array.isArray(parameters)) return [];
  return parameters.map((_, index) => toParameter(get(parent, 'parameters', String(index)).value));
}

function toParameter({ name, in: place, required, schema, example, examples }: JsonObject): Parameter {
  const named = isJsonObject(examples) ? Object.values(examples).filter(isJsonObject) : [];
  const shown = [example, ...named.map(({ value }) => value)].filter((value) => value !== undefined);
  return {
    name: textOf(name),
    place: textOf(place),
    isRequired: required === true,
    values: textsOf(isJsonObject(schema) ? schema['enum'] : undefined),
    examples: shown.map(textOf),
  };
}

function textsOf(values: JsonValue | undefined): readonly string[] {
  return Array.isArray(values) ? values.map(textOf) : [];
}

/** The operation with this operationId. */
export function operation(id: string): Operation {
  const found = OPERATIONS.find((candidate) => candidate.id === id);
  if (!found) throw new Error(`openapi.yaml has no operation ${id}`);
  return found;
}

/** The operations at the path of a request; literal paths win over templates, as OpenAPI says. */
export function operationsAt(pathname: string): readonly Operation[] {
  const literal = OPERATIONS.filter(({ path }) => path === pathname);
  return literal.length > 0 ? literal : OPERATIONS.filter(({ path }) => fits(path, pathname));
}

function fits(template: string, pathname: string): boolean {
  const expected = template.split('/');
  const actual = pathname.split('/');
  return (
    expected.length === actual.length &&
    expected.every((segment, index) => segment.startsWith('{') || segment === actual[index])
  );
}

export const hasParameter = ({ parameters }: Operation, name: string): boolean =>
  parameters.some((parameter) => parameter.name === name);

/**
 * The SCIM operations of a kind, by name for `it.each`. The kind is told by what they are, never by the answers they
 * declare: an answer that openapi.yaml forgets would be forgotten by the test too.
 */
export const scimOperations = (isOfKind?: (operation: Operation) => boolean): NamedOperations =>
  operationsBelow('/scim/v2', isOfKind);

/** The operations of the admin REST API of a kind. */
export const apiOperations = (isOfKind?: (operation: Operation) => boolean): NamedOperations =>
  operationsBelow('/api/v1/', isOfKind);

type NamedOperations = readonly (readonly [id: string, operation: Operation])[];

const operationsBelow = (
  prefix: string,
  isOfKind: (operation: Operation) => boolean = () => true,
): NamedOperations =>
  OPERATIONS.filter((each) => each.path.startsWith(prefix) && isOfKind(each)).map((each) => [each.id, each]);

/** The operations of the access evaluation API. */
export const accessOperations = (): NamedOperations => operationsBelow('/access/v1/');
