import type { Filter } from '../../directory/filter/index.js';
import {
  findSchema,
  findSubAttribute,
  pathKey,
  subPath,
  type AttributePath,
  type ResourceSchema,
  type ResourceType,
} from '../../directory/schema/index.js';
import { LIMITS } from '../../kernel/limits.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { parseAttributePath, parseElementFilter } from '../filter/index.js';
import { badRequest, type ScimProblem } from '../problem.js';
import { quoteText } from '../resource/index.js';
import type { PatchOptions } from './operation.js';

/** What the path of an operation names: an attribute, elements of one, or a whole extension. */
export type PatchTarget =
  | { readonly kind: 'attribute'; readonly path: AttributePath; readonly filter?: Filter }
  | { readonly kind: 'schema'; readonly schema: ResourceSchema };

/**
 * Parses the path of a PATCH operation, `[urn:]attribute[filter].sub` or the URN of an extension (RFC 7644 section
 * 3.5.2 Figure 7), in time linear in its length. Undefined when the resource type has no such attribute; 400
 * invalidPath for a malformed path, 400 invalidFilter for what is between the brackets.
 */
export function parsePatchPath(
  type: ResourceType,
  text: string,
  options: PatchOptions,
): Result<PatchTarget | undefined, ScimProblem> {
  if (text.length > LIMITS.expressionLength)
    return invalidPath(`The path is longer than ${LIMITS.expressionLength} characters.`);
  const open = text.indexOf('[');
  if (open >= 0) return parseValuePath(type, { text, open }, options);
  const path = parseAttributePath(type, text);
  if (path) return ok({ kind: 'attribute', path });
  const schema = findSchema(type, text);
  return ok(schema && { kind: 'schema', schema });
}

function parseValuePath(
  type: ResourceType,
  { text, open }: { readonly text: string; readonly open: number },
  options: PatchOptions,
): Result<PatchTarget | undefined, ScimProblem> {
  const path = parseAttributePath(type, text.slice(0, open));
  if (!path) return ok(undefined);
  if (path.sub || !path.attribute.multiValued)
    return invalidPath(`${pathKey(path)} has no elements that brackets could select.`);
  const close = findClosingBracket(text, open);
  if (close === undefined) return invalidPath(`The brackets in ${quoteText(text)} are not closed.`);
  const filter = parseElementFilter(path, text.slice(open + 1, close), {
    isLenient: options.mode === 'lenient',
  });
  if (!filter.ok) return filter;
  const tail = text.slice(close + 1);
  if (tail === '') return ok({ kind: 'attribute', path, filter: filter.value });
  const sub = tail.startsWith('.') ? findSubAttribute(path.attribute, tail.slice(1)) : undefined;
  if (!sub)
    return invalidPath(`${quoteText(tail)} after the brackets names no sub-attribute of ${pathKey(path)}.`);
  return ok({ kind: 'attribute', path: subPath(path, sub), filter: filter.value });
}

/** The first closing bracket outside quotes. Apostrophes count, because lenient filters take them as quotes. */
function findClosingBracket(text: string, open: number): number | undefined {
  let quote: string | undefined;
  for (let index = open + 1; index < text.length; index += 1) {
    const character = text[index];
    if (quote !== undefined) {
      if (character === '\\') index += 1;
      else if (character === quote) quote = undefined;
    } else if (character === '"' || character === "'") quote = character;
    else if (character === ']') return index;
  }
  return undefined;
}

/** 400 invalidPath. */
export const invalidPath = (detail: string): { readonly ok: false; readonly error: ScimProblem } =>
  err(badRequest('invalidPath', detail));
