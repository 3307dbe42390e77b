import { foldCase } from '../../kernel/fold.js';
import { isUuid } from '../../kernel/ids.js';
import { isJsonObject, type JsonObject, type JsonValue } from '../../kernel/json.js';
import {
  ENTERPRISE_USER_SCHEMA,
  findSubAttribute,
  USER_SCHEMA,
  type Attribute,
  type ResourceSchema,
} from '../schema/index.js';
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

export function indexUserProfile(profile: UserProfile): UserIndex {
  const displayName =
    typeof profile.core['displayName'] === 'string' ? profile.core['displayName'] : profile.userName;
  const search = foldAttributes(USER_SCHEMA, profile.core);
  const enterprise = profile.enterprise ? foldAttributes(ENTERPRISE_USER_SCHEMA, profile.enterprise) : {};
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

function foldAttributes(schema: ResourceSchema, values: JsonObject): JsonObject {
  const folded: JsonObject = {};
  for (const attribute of schema.attributes) {
    const value = values[attribute.name];
    if (value !== undefined && attribute.name !== 'userName')
      folded[attribute.name] = foldValue(attribute, value);
  }
  return folded;
}

function foldValue(attribute: Attribute, value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map((element) => foldValue(attribute, element));
  if (isJsonObject(value)) {
    const folded: JsonObject = {};
    for (const [name, part] of Object.entries(value)) {
      const sub = findSubAttribute(attribute, name);
      if (sub && part !== undefined) folded[sub.name] = foldValue(sub, part);
    }
    return folded;
  }
  return typeof value === 'string' && !attribute.caseExact ? foldCase(value) : value;
}
