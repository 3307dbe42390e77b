import { LIMITS } from '../../kernel/limits.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { refusal, type OidcRefusal } from './refusal.js';

export type Claims = Readonly<Record<string, unknown>>;

const CONTROL = /[\x00-\x1f\x7f]/;

/**
 * The value of a claim by its name. A name with dots that is not a claim itself is a path into objects, such as
 * `realm_access.roles`; names that are URLs, as some providers require, are claims themselves.
 */
export function claimOf(claims: Claims, name: string): unknown {
  if (Object.hasOwn(claims, name)) return claims[name];
  let value: unknown = claims;
  for (const part of name.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
    value = (value as Claims)[part];
  }
  return value;
}

/** The first of the named claims that has text in it. Text that no account could have is a refusal, not a cut. */
export function textClaim(claims: Claims, names: readonly string[]): Result<string | undefined, OidcRefusal> {
  for (const name of names) {
    const value = claimOf(claims, name);
    if (typeof value !== 'string' || value.trim() === '') continue;
    if (value.length > LIMITS.nameLength || CONTROL.test(value)) return err(refusal('claims_invalid', name));
    return ok(value.trim());
  }
  return ok(undefined);
}

/** Groups of one person that a provider may name. */
const MAX_GROUPS = 2_000;

/**
 * The first of the named claims that is there, as a list: providers send one group as a string. Undefined when none is
 * there, which says nothing, while an empty list says that the person is in no group.
 */
export function listClaim(
  claims: Claims,
  names: readonly string[],
): Result<readonly string[] | undefined, OidcRefusal> {
  for (const name of names) {
    const value = claimOf(claims, name);
    if (value === undefined || value === null) continue;
    const items: readonly unknown[] = Array.isArray(value) ? value : [value];
    if (items.length > MAX_GROUPS || !items.every(isGroupName)) return err(refusal('claims_invalid', name));
    return ok(items.filter((item) => item !== ''));
  }
  return ok(undefined);
}

const isGroupName = (item: unknown): item is string =>
  typeof item === 'string' && item.length <= LIMITS.nameLength && !CONTROL.test(item);

/** Claims shown to the admin who tests a connection, and how much of each. */
const SHOWN_CLAIMS = 100;
const SHOWN_VALUES = 50;
const SHOWN_CHARACTERS = 500;
/** Of the protocol, not of the person. */
const PROTOCOL_CLAIMS = new Set([
  'iss',
  'aud',
  'exp',
  'iat',
  'nbf',
  'nonce',
  'at_hash',
  'c_hash',
  's_hash',
  'azp',
  'jti',
]);

/** The claims as texts, cut to what a page can show. */
export function describeClaims(claims: Claims): Readonly<Record<string, readonly string[]>> {
  const shown = Object.entries(claims)
    .filter(([name, value]) => value !== undefined && !PROTOCOL_CLAIMS.has(name))
    .slice(0, SHOWN_CLAIMS)
    .map(([name, value]): [string, readonly string[]] => [name.slice(0, SHOWN_CHARACTERS), textsOf(value)]);
  return Object.fromEntries(shown);
}

const textsOf = (value: unknown): readonly string[] =>
  (Array.isArray(value) ? (value as readonly unknown[]) : [value])
    .slice(0, SHOWN_VALUES)
    .map((item) => (typeof item === 'string' ? item : JSON.stringify(item)).slice(0, SHOWN_CHARACTERS));
