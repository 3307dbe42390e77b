import { foldCase } from '../../kernel/fold.js';
import { isUuid } from '../../kernel/ids.js';
import { isJsonObject, type JsonObject, type JsonValue } from '../../kernel/json.js';
import { attributesByName, ENTERPRISE_USER_SCHEMA, USER_SCHEMA, type Attribute } from '../schema/index.js';
import type { UserProfile } from './user.js';

/** What is stored beside a profile so that the database can match, filter and sort by it. */
export interface UserIndex {
  readonly userNameKey: string;
  readonly displayName: string;
  readonly displayNameKey: string;
  /** The profile with every case-insensitive string folded; the enterprise extension under `enterprise`. */
  readonly search: JsonObject;
  readonly emailKeys: readonly string[];
  /** The manager, where the value has the form of a user id. */
  readonly managerUserId: string | undefined;
}

/** The userName has a column of its own. */
const SEARCHED = attributesByName(USER_SCHEMA.attributes.filter(({ name }) => name !== 'userName'));
const SEARCHED_ENTERPRISE = attributesByName(ENTERPRISE_USER_SCHEMA.attributes);

export function indexUserProfile(profile: UserProfile): UserIndex {
  const displayName =
    typeof profile.core['displayName'] === 'string' ? profile.core['displayName'] : profile.userName;
  const search = foldMembers(SEARCHED, profile.core);
  const enterprise = profile.enterprise ? foldMembers(SEARCHED_ENTERPRISE, profile.enterprise) : {};
  if (profile.managerId !== undefined) enterprise['manager'] = { value: profile.managerId };
  if (Object.keys(enterprise).length > 0) search['enterprise'] = enterprise;
  return {
    userNameKey: foldCase(profile.userName),
    displayName,
    displayNameKey: foldCase(displayName),
    search,
    emailKeys: elementsOf(search['emails']).flatMap((email) =>
      typeof email['value'] === 'string' ? [emailKey(email['value'])] : [],
    ),
    managerUserId: isUuid(profile.managerId) ? profile.managerId : undefined,
  };
}

/** Characters of an e-mail address that its index holds; longer ones share a key and are told apart by the filter. */
const EMAIL_KEY_LENGTH = 256;

/** The key under which a folded e-mail address is found. */
export const emailKey = (folded: string): string => folded.slice(0, EMAIL_KEY_LENGTH);

/** What a person may have been invited as: the userName and every e-mail address, as they were given. */
export const addressesOf = ({ userName, core }: UserProfile): readonly string[] => [
  userName,
  ...elementsOf(core['emails']).flatMap(({ value }) => (typeof value === 'string' ? [value] : [])),
];

const elementsOf = (value: JsonValue | undefined): readonly JsonObject[] =>
  Array.isArray(value) ? value.filter(isJsonObject) : [];

/** The values of those attributes that are listed, by their canonical names. */
function foldMembers(listed: ReadonlyMap<string, Attribute>, values: JsonObject): JsonObject {
  const folded: JsonObject = {};
  for (const name of Object.keys(values)) {
    const attribute = listed.get(name);
    const value = values[name];
    if (attribute && value !== undefined) folded[name] = foldValue(attribute, value);
  }
  return folded;
}

function foldValue(attribute: Attribute, value: JsonValue): JsonValue {
  if (typeof value === 'string') return attribute.caseExact ? value : foldCase(value);
  if (Array.isArray(value)) return value.map((element) => foldValue(attribute, element));
  return isJsonObject(value) ? foldMembers(attribute.subAttributesByName, value) : value;
}
