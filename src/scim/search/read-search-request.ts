import type { JsonObject, JsonValue } from '../../kernel/json.js';
import { ScimError } from '../errors.js';
import type { ScimRequest } from '../exchange.js';
import type { ListParameters } from '../list/list-request.js';
import { badRequest, type ScimType } from '../problem.js';
import { checkSchemas, quoteText } from '../resource/index.js';

const SEARCH_REQUEST_URN = 'urn:ietf:params:scim:api:messages:2.0:SearchRequest';

const NAMES = [
  'filter',
  'sortBy',
  'sortOrder',
  'startIndex',
  'count',
  'cursor',
  'attributes',
  'excludedAttributes',
] as const;
type Name = (typeof NAMES)[number];

/**
 * The list parameters in a SearchRequest (RFC 7644 section 3.4.3, RFC 9865 section 2); names in any case, null is
 * absent. Other names are ignored for a lenient Connection, which may also write the lists as text with commas.
 * @throws ScimError 400 invalidValue that names the parameter of the wrong type, 400 invalidSyntax
 */
export function readSearchRequest(body: JsonObject, request: ScimRequest): ListParameters {
  const { mode } = request.context.connection.settings;
  const problem = checkSchemas(body, { required: SEARCH_REQUEST_URN, optional: [] }, mode);
  if (problem) throw new ScimError(problem);
  const isLenient = mode === 'lenient';
  const values = collectValues(body, isLenient);
  return {
    filter: readText(values, 'filter'),
    sortBy: readText(values, 'sortBy'),
    sortOrder: readText(values, 'sortOrder'),
    startIndex: readInteger(values, 'startIndex'),
    count: readInteger(values, 'count'),
    cursor: readText(values, 'cursor'),
    attributes: readNames(values, 'attributes', isLenient),
    excludedAttributes: readNames(values, 'excludedAttributes', isLenient),
  };
}

type Values = ReadonlyMap<Name, JsonValue>;

const NAMES_BY_KEY: ReadonlyMap<string, Name> = new Map(NAMES.map((name) => [name.toLowerCase(), name]));

function collectValues(body: JsonObject, isLenient: boolean): Values {
  const values = new Map<Name, JsonValue>();
  for (const [key, value] of Object.entries(body)) {
    const name = NAMES_BY_KEY.get(key.toLowerCase());
    if (name && value !== null && value !== undefined) values.set(name, value);
    if (!name && !isLenient && key.toLowerCase() !== 'schemas')
      refuse('invalidSyntax', `A SearchRequest has no ${quoteText(key)}.`);
  }
  return values;
}

function readText(values: Values, name: Name): string | undefined {
  const value = values.get(name);
  return value === undefined || typeof value === 'string'
    ? value
    : refuse('invalidValue', `${name} must be a string.`);
}

function readInteger(values: Values, name: Name): number | undefined {
  const value = values.get(name);
  return value === undefined || (typeof value === 'number' && Number.isSafeInteger(value))
    ? value
    : refuse('invalidValue', `${name} must be an integer.`);
}

function readNames(values: Values, name: Name, isLenient: boolean): readonly string[] | undefined {
  const value = values.get(name);
  if (typeof value === 'string' && isLenient) return value.split(',');
  return value === undefined || isTextList(value)
    ? value
    : refuse('invalidValue', `${name} must be an array of strings.`);
}

const isTextList = (value: JsonValue): value is string[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'string');

function refuse(scimType: ScimType, detail: string): never {
  throw new ScimError(badRequest(scimType, detail));
}
