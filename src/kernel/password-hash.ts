import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

/** argon2id with 19 MiB, two passes and one lane: the OWASP Password Storage Cheat Sheet's first choice. */
const COST = { memory: 19_456, passes: 2, parallelism: 1 } as const;
/** Characters; NIST SP 800-63B asks for 8 or more, and this password stands alone. */
export const MIN_PASSWORD_LENGTH = 12;
/** Characters; more is a mistake or an attack. */
export const MAX_PASSWORD_LENGTH = 1_024;
const SALT_BYTES = 16;
const TAG_BYTES = 32;
/** Version 1.3 of RFC 9106 (0x13), the only one in use. */
const VERSION = 19;
/** What a stored hash may ask of this machine; a tampered row must not be able to exhaust its memory. */
const MAX_COST = { memory: 262_144, passes: 16, parallelism: 16 } as const;

const PHC =
  /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,3})\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{22,86})$/;

const deriveTag = promisify(argon2);

interface Cost {
  readonly memory: number;
  readonly passes: number;
  readonly parallelism: number;
}

interface StoredHash {
  readonly cost: Cost;
  readonly salt: Buffer;
  readonly tag: Buffer;
}

/**
 * Hashes a password with argon2id (RFC 9106) and a fresh salt, off the event loop.
 * @returns a PHC string such as `$argon2id$v=19$m=19456,t=2,p=1$<salt>$<tag>`, at most 110 characters
 */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const tag = await derive(password, salt, COST, TAG_BYTES);
  const cost = `m=${COST.memory},t=${COST.passes},p=${COST.parallelism}`;
  return `$argon2id$v=${VERSION}$${cost}$${toPhcBase64(salt)}$${toPhcBase64(tag)}`;
}

/**
 * Tells whether `password` is the one behind `stored`, comparing in constant time. A string that is not an argon2id
 * hash of this format is never a match.
 */
export async function verifyPassword(password: string, stored: string): Promise<boolean> {
  const parsed = parsePhc(stored);
  if (parsed === undefined) return false;
  const tag = await derive(password, parsed.salt, parsed.cost, parsed.tag.length);
  return timingSafeEqual(tag, parsed.tag);
}

/** True when `stored` was made with other costs than today's, so that a successful sign-in should hash it anew. */
export function needsRehash(stored: string): boolean {
  const parsed = parsePhc(stored);
  if (parsed === undefined) return true;
  const { memory, passes, parallelism } = parsed.cost;
  return memory !== COST.memory || passes !== COST.passes || parallelism !== COST.parallelism;
}

function parsePhc(text: string): StoredHash | undefined {
  const match = PHC.exec(text);
  if (match === null) return undefined;
  const [, memory, passes, parallelism, salt = '', tag = ''] = match;
  const cost = { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) };
  const isAffordable =
    cost.memory <= MAX_COST.memory &&
    cost.passes <= MAX_COST.passes &&
    cost.parallelism <= MAX_COST.parallelism;
  const isPossible = cost.passes >= 1 && cost.parallelism >= 1 && cost.memory >= 8 * cost.parallelism;
  if (!isAffordable || !isPossible) return undefined;
  return { cost, salt: Buffer.from(salt, 'base64'), tag: Buffer.from(tag, 'base64') };
}

/** NFKC first, so that the same password typed on another keyboard gives the same bytes (NIST SP 800-63B 3.1.1.2). */
const derive = (password: string, nonce: Buffer, cost: Cost, tagLength: number): Promise<Buffer> =>
  deriveTag('argon2id', { message: password.normalize('NFKC'), nonce, tagLength, ...cost });

/** Base64 without padding, as the PHC string format asks. */
const toPhcBase64 = (bytes: Buffer): string => bytes.toString('base64').replaceAll('=', '');
