import { matchesElement } from '../../directory/filter/index.js';
import type { Attribute } from '../../directory/schema/index.js';
import { isJsonObject, type JsonObject, type JsonValue } from '../../kernel/json.js';
import { ok, type Result } from '../../kernel/result.js';
import type { ScimProblem } from '../problem.js';
import { isSameValue, withMember } from '../resource/index.js';
import type { PatchOperation, PatchOptions } from './operation.js';
import { settleElements } from './settle-elements.js';
import { readEqualities, synthesiseElement } from './synthesise-element.js';

type Elements = readonly JsonObject[];

/** Applies one operation to the elements of a multi-valued attribute (RFC 7644 sections 3.5.2.1 to 3.5.2.3). */
export function applyToList(
  elements: Elements,
  operation: PatchOperation,
  options: PatchOptions,
): Result<Elements, ScimProblem> {
  const { op, path, filter, value } = operation;
  const isUnassigning = op === 'remove' || value === null;
  if (op === 'add' && isUnassigning && !path.sub) return ok(elements);
  if (filter || path.sub)
    return isUnassigning
      ? ok(unassign(elements, operation, options))
      : writeSelected(elements, operation, options);
  if (op === 'remove') return ok(value === undefined ? [] : removeListed(path.attribute, elements, value));
  if (op === 'replace') return settleElements(path, { elements: listElements(value), written: [] });
  const added = listElements(value);
  return settleElements(path, { elements: [...elements, ...added], written: added });
}

/** The elements of a list; anything else in it is not in canonical form and cannot be selected. */
export const listElements = (value: JsonValue | undefined): Elements =>
  Array.isArray(value) ? value.filter(isJsonObject) : [];

const selects = ({ filter }: PatchOperation, element: JsonObject): boolean =>
  !filter || matchesElement(filter, element);

/**
 * Takes the selected elements away, or one sub-attribute of each; nothing selected is success. An element that has
 * only labels left goes too for a lenient Connection: Entra clears an address by clearing its `value`.
 */
function unassign(elements: Elements, operation: PatchOperation, options: PatchOptions): Elements {
  const { sub } = operation.path;
  return elements.flatMap((element) => {
    if (!selects(operation, element)) return [element];
    if (!sub) return [];
    const rest = withMember(element, sub.name, undefined);
    return isHollow(rest, options) ? [] : [rest];
  });
}

const LABELS: ReadonlySet<string> = new Set(['type', 'primary']);

const isHollow = (element: JsonObject, options: PatchOptions): boolean =>
  Object.keys(element).every((name) => options.mode === 'lenient' && LABELS.has(name));

/**
 * Writes to the selected elements, or makes one when there is none. `add` merges an element into the selected ones.
 * `replace` puts it in their place (RFC 7644 section 3.5.2.3), where for a lenient Connection it keeps what the
 * filter says, so that `emails[type eq "work"]` still finds the element that it wrote.
 */
function writeSelected(
  elements: Elements,
  operation: PatchOperation,
  options: PatchOptions,
): Result<Elements, ScimProblem> {
  const { op, path, filter, value = null } = operation;
  const addition: JsonObject = path.sub ? { [path.sub.name]: value } : isJsonObject(value) ? value : {};
  if (!elements.some((element) => selects(operation, element))) {
    const made = synthesiseElement(path, filter, addition);
    return made.ok
      ? settleElements(path, { elements: [...elements, made.value], written: [made.value] })
      : made;
  }
  const kept = filter && options.mode === 'lenient' ? readEqualities(filter) : {};
  const written: JsonObject[] = [];
  const after = elements.map((element) => {
    if (!selects(operation, element)) return element;
    const next = op === 'replace' && !path.sub ? { ...kept, ...addition } : { ...element, ...addition };
    written.push(next);
    return next;
  });
  return settleElements(path, { elements: after, written });
}

/** Removes the elements that a list of values names (Entra, JumpCloud; RFC 7644 leaves such a list undefined). */
function removeListed(attribute: Attribute, elements: Elements, value: JsonValue): Elements {
  const wanted = listElements(value);
  return elements.filter((element) => !wanted.some((named) => namesElement(attribute, named, element)));
}

/** By `value` when it is given, whatever stale `display` comes with it; else by everything that is given. */
function namesElement(attribute: Attribute, named: JsonObject, element: JsonObject): boolean {
  const subs = attribute.subAttributes.filter((sub) => named[sub.name] !== undefined);
  const byValue = subs.filter((sub) => sub.name === 'value');
  return (byValue.length > 0 ? byValue : subs).every((sub) =>
    isSameValue(sub, named[sub.name], element[sub.name]),
  );
}
