import { isUuid } from '../../kernel/ids.js';
import { isJsonObject, type JsonObject, type JsonValue } from '../../kernel/json.js';
import type { AuditEvent } from './audit-event.js';

/** Members of `before` and `after` whose text is one of a few words of ours. */
const WORDS: ReadonlySet<string> = new Set([
  'accountType',
  'defaultRole',
  'enforcedPrivacy',
  'kind',
  'match',
  'method',
  'organizationRole',
  'projects',
  'reason',
  'role',
  'saveCode',
  'scopes',
  'seat',
  'source',
  'visibility',
]);
/** Members that describe a person, whatever they hold. */
const PERSONAL: ReadonlySet<string> = new Set(['profile', 'core', 'enterprise', 'claims', 'externalId']);
const IDS = /^(?:id|.*Ids?|added|removed|members)$/;
const INSTANT = /^\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-][\d:]+)$/;
/** Text of our own making and short; anything else may be somebody's words. */
const WORD = /^[A-Za-z_:-]{1,40}$/;

/**
 * The event without what tells who a person is: no names, userNames, e-mail addresses, subjects, network addresses. Of
 * texts only those are kept that are known to be ids of ours, moments or words of ours, so that a new member is hidden
 * until somebody decides otherwise.
 */
export const anonymize = (event: AuditEvent): AuditEvent => ({
  ...event,
  before: anonymizeText(event.before),
  after: anonymizeText(event.after),
  sourceAddress: undefined,
});

const anonymizeText = (text: string | undefined): string | undefined =>
  text === undefined ? undefined : JSON.stringify(anonymizeObject(JSON.parse(text) as JsonObject));

const anonymizeObject = (object: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(object).flatMap(([name, value]) => {
      const kept = value === undefined || PERSONAL.has(name) ? undefined : anonymizeValue(name, value);
      return kept === undefined ? [] : [[name, kept]];
    }),
  );

function anonymizeValue(name: string, value: JsonValue): JsonValue | undefined {
  if (typeof value === 'string') return isHarmless(name, value) ? value : undefined;
  if (Array.isArray(value))
    return value.map((element) => anonymizeValue(name, element)).filter((element) => element !== undefined);
  return isJsonObject(value) ? anonymizeObject(value) : value;
}

const isHarmless = (name: string, text: string): boolean =>
  (WORDS.has(name) && WORD.test(text)) ||
  (IDS.test(name) && isUuid(text)) ||
  (name.endsWith('At') && INSTANT.test(text));
