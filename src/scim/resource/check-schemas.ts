import type { ConnectionMode } from '../../directory/connections/connection.js';
import type { JsonObject, JsonValue } from '../../kernel/json.js';
import { badRequest, type ScimProblem } from '../problem.js';
import { quoteText } from './problems.js';

/** The URNs a body may list: the one it must list, and the optional ones. */
export interface ExpectedSchemas {
  readonly required: string;
  readonly optional: readonly string[];
}

/**
 * Checks the `schemas` of a body (RFC 7643 section 3); 400 invalidSyntax. A lenient Connection takes none at all and
 * ignores unknown URNs, because OneLogin's template still lists the one of SCIM 1.1. The list never says what a body
 * holds: Entra leaves out the extensions it uses, so they are inferred from the keys.
 */
export function checkSchemas(
  body: JsonObject,
  expected: ExpectedSchemas,
  mode: ConnectionMode,
): ScimProblem | undefined {
  const schemas = readMember(body, 'schemas');
  const listed = schemas ?? [];
  if (!isTextList(listed)) return badRequest('invalidSyntax', 'schemas must be an array of strings.');
  if (mode === 'lenient') return undefined;
  const known = new Set([expected.required, ...expected.optional].map((urn) => urn.toLowerCase()));
  const unknown = listed.find((urn) => !known.has(urn.toLowerCase()));
  if (unknown !== undefined)
    return badRequest('invalidSyntax', `schemas lists the unknown ${quoteText(unknown)}.`);
  return listed.some((urn) => urn.toLowerCase() === expected.required.toLowerCase())
    ? undefined
    : badRequest('invalidSyntax', `schemas must list ${expected.required}.`);
}

/** The value of a key in any case (RFC 7643 section 2.1). */
export function readMember(object: JsonObject, name: string): JsonValue | undefined {
  if (Object.hasOwn(object, name)) return object[name];
  const key = Object.keys(object).find((candidate) => candidate.toLowerCase() === name.toLowerCase());
  return key === undefined ? undefined : object[key];
}

const isTextList = (value: JsonValue): value is string[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'string');
