import { isJsonObject, type JsonObject, type JsonValue } from '../../kernel/json.js';

/** Values that are looked at, and characters that are kept, of one body. */
const MAX_VALUES = 500;
const MAX_LENGTH = 4_000;
/** Elements of one list that are shown. */
const MAX_ELEMENTS = 10;
const MAX_KEY_LENGTH = 128;
const OPERATIONS: ReadonlySet<string> = new Set([
  'add',
  'replace',
  'remove',
  'post',
  'put',
  'patch',
  'delete',
]);
const QUOTED = /"(?:[^"\\]|\\.)*"/g;
const ID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/;

/**
 * The shape of a body, to see what a client sends: names of attributes, paths, operations, schemas and ids of ours stay,
 * every other value is its type and length. Anything else could be personal, or a password.
 * @returns JSON text, cut when it is long
 */
export function redactBody(body: JsonObject): string {
  return cutText(JSON.stringify(redact(body, { left: MAX_VALUES })), MAX_LENGTH);
}

/** The beginning of a text, as the database can keep it: without U+0000 and without halves of surrogate pairs. */
export const cutText = (text: string, length: number): string =>
  (text.length > length ? `${text.slice(0, length)}…` : text).replaceAll(/[\p{Surrogate}\0]/gu, '\ufffd');

/** A path or other text of a client's, without what stands in quotes or looks like an address. */
export const redactText = (text: string): string =>
  text.replaceAll(QUOTED, '"…"').replaceAll(/[^\s"'()<>,;]+@[^\s"'()<>,;]+/g, '…@…');

interface Budget {
  left: number;
}

function redact(value: JsonValue, budget: Budget): JsonValue {
  budget.left -= 1;
  if (budget.left < 0) return '…';
  if (Array.isArray(value)) return redactList(value, (element) => redact(element, budget));
  if (!isJsonObject(value)) return redactLeaf(value);
  const shape: Record<string, JsonValue> = {};
  for (const [key, part] of Object.entries(value)) {
    if (budget.left <= 0) break;
    shape[redactText(key).slice(0, MAX_KEY_LENGTH)] = redactMember(key, part ?? null, budget);
  }
  return shape;
}

function redactMember(key: string, value: JsonValue, budget: Budget): JsonValue {
  switch (key.toLowerCase()) {
    case 'schemas':
      return Array.isArray(value) ? redactList(value, keepSchema) : redact(value, budget);
    case 'op':
    case 'method':
      return typeof value === 'string' && OPERATIONS.has(value.toLowerCase()) ? value : redact(value, budget);
    case 'path':
      return typeof value === 'string' ? redactText(value).slice(0, MAX_KEY_LENGTH) : redact(value, budget);
    default:
      return redact(value, budget);
  }
}

const redactList = (values: readonly JsonValue[], each: (value: JsonValue) => JsonValue): JsonValue[] => [
  ...values.slice(0, MAX_ELEMENTS).map(each),
  ...(values.length > MAX_ELEMENTS ? [`… ${values.length - MAX_ELEMENTS} more`] : []),
];

const keepSchema = (value: JsonValue): JsonValue =>
  typeof value === 'string' && /^(?:urn:|https?:\/\/)[\x21-\x7e]{1,200}$/.test(value)
    ? value
    : redactLeaf(value);

function redactLeaf(value: JsonValue): JsonValue {
  if (typeof value === 'number') return '<number>';
  if (typeof value !== 'string') return typeof value === 'boolean' ? value : null;
  return value.length === 36 && ID.test(value) ? value : `<text of ${value.length}>`;
}
