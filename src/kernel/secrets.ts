import { createHmac, hash, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';

const SECRET_BYTES = 32;
const SHOWN_CHARACTERS = 12;
const DERIVED_KEY_BYTES = 32;

/**
 * Makes a bearer secret: `prefix` (for example `rc_scim_`, so that secret scanners can find it) and 256 random bits as
 * 43 characters of base64url.
 */
export const newSecret = (prefix: string): string => prefix + randomBytes(SECRET_BYTES).toString('base64url');

/**
 * SHA-256 as 64 hexadecimal digits: what is stored of a secret. No salt and no slow hash, because the input is 256
 * random bits and the lookup is by hash.
 */
export const hashSecret = (secret: string): string => hash('sha256', secret, 'hex');

/**
 * The part of a secret that is kept to recognise it in lists: its first twelve characters, but never more than a
 * quarter of it, because a secret brought from outside may be as short as 32.
 */
export const secretPrefix = (secret: string): string =>
  secret.slice(0, Math.min(SHOWN_CHARACTERS, Math.floor(secret.length / 4)));

/** Compares two texts in time that depends only on their lengths. */
export function constantTimeEquals(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}

/**
 * Derives an independent key for one purpose from SECRET_KEY (HKDF-SHA-256, RFC 5869), so that a signature made for
 * one purpose is worthless for another. @returns 64 hexadecimal digits
 */
export const deriveKey = (secretKey: string, label: string): string =>
  Buffer.from(hkdfSync('sha256', secretKey, '', `rollcall:${label}`, DERIVED_KEY_BYTES)).toString('hex');

/** HMAC-SHA-256 (RFC 2104) of `text` under `key`, as 43 characters of base64url. */
export const sign = (key: string, text: string): string =>
  createHmac('sha256', key).update(text).digest('base64url');
