import { matchesElement } from '../../directory/filter/index.js';
import type { Attribute } from '../../directory/schema/index.js';
import { isJsonObject, type JsonObject, type JsonValue } from '../../kernel/json.js';
import { ok, type Result } from '../../kernel/result.js';
import type { ScimProblem } from '../problem.js';
import { isSameValue, withMember } from '../resource/index.js';
import type { PatchOperation, PatchOptions } from './operation.js';
import { settleElements, type WrittenElements } from './settle-elements.js';
import { readEqualities, synthesiseElement } from './synthesise-element.js';

type Elements = readonly JsonObject[];

/** Applies one operation to the elements of a multi-valued attribute (RFC 7644 sections 3.5.2.1 to 3.5.2.3). */
export function applyToList(
  elements: Elements,
  operation: PatchOperation,
  options: PatchOptions,
): Result<Elements, ScimProblem> {
  const { path, filter } = operation;
  const outcome =
    filter || path.sub ? writeSelected(elements, operation, options) : ok(writeAll(elements, operation));
  return outcome.ok ? settleElements(path, outcome.value) : outcome;
}

function writeAll(elements: Elements, { op, path, value }: PatchOperation): WrittenElements {
  const listed = listElements(value);
  switch (op) {
    case 'add':
      return { elements: [...elements, ...listed], written: listed };
    case 'replace':
      return { elements: listed, written: [] };
    case 'remove':
      return {
        elements: value === undefined ? [] : removeListed(path.attribute, elements, listed),
        written: [],
      };
  }
}

/** The elements of a list; anything else in it is not in canonical form and cannot be selected. */
export const listElements = (value: JsonValue | undefined): Elements =>
  Array.isArray(value) ? value.filter(isJsonObject) : [];

const selects = ({ filter }: PatchOperation, element: JsonObject): boolean =>
  !filter || matchesElement(filter, element);

function writeSelected(
  elements: Elements,
  operation: PatchOperation,
  options: PatchOptions,
): Result<WrittenElements, ScimProblem> {
  const { op, path, value = null } = operation;
  if (op === 'add' && value === null && !path.sub) return ok({ elements, written: [] });
  if (op === 'remove' || value === null)
    return ok({ elements: unassignSelected(elements, operation, options), written: [] });
  const addition: JsonObject = path.sub ? { [path.sub.name]: value } : isJsonObject(value) ? value : {};
  if (elements.some((element) => selects(operation, element)))
    return ok(overwriteSelected(elements, operation, addition));
  const made = synthesiseElement(path, operation.filter, addition);
  return made.ok ? ok({ elements: [...elements, made.value], written: [made.value] }) : made;
}

/**
 * Takes the selected elements away, or one sub-attribute of each; nothing selected is success. An element that has
 * only labels left goes too for a lenient Connection: Entra clears an address by clearing its `value`.
 */
function unassignSelected(elements: Elements, operation: PatchOperation, options: PatchOptions): Elements {
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
 * `add` merges an element into the selected ones. `replace` puts it in their place (RFC 7644 section 3.5.2.3), where
 * it keeps what the filter says unless the client says otherwise: a client that replaces `emails[type eq "work"]` by
 * an address alone finds it under the same path next time.
 */
function overwriteSelected(
  elements: Elements,
  operation: PatchOperation,
  addition: JsonObject,
): WrittenElements {
  const { op, path, filter } = operation;
  const kept = filter && readEqualities(filter);
  const written: JsonObject[] = [];
  const after = elements.map((element) => {
    if (!selects(operation, element)) return element;
    const next = op === 'replace' && !path.sub ? { ...kept, ...addition } : { ...element, ...addition };
    written.push(next);
    return next;
  });
  return { elements: after, written };
}

/** Removes the elements that a list of values names (Entra, JumpCloud; RFC 7644 leaves such a list undefined). */
function removeListed(attribute: Attribute, elements: Elements, wanted: Elements): Elements {
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
