import { createCipheriv, createDecipheriv, createSecretKey, randomBytes, type KeyObject } from 'node:crypto';
import { deriveKey } from './secrets.js';

const IV_BYTES = 12;
const TAG_BYTES = 16;
const BASE64URL = /^[\w-]+$/;

/**
 * Keeps text that must be read back out of sight: AES-256-GCM under a key derived from SECRET_KEY for one purpose, so
 * that what is sealed for one purpose opens for no other. Any replica with the same SECRET_KEY opens it.
 */
export class Sealer {
  readonly #key: KeyObject;

  constructor(secretKey: string, purpose: string) {
    this.#key = createSecretKey(deriveKey(secretKey, purpose), 'hex');
  }

  /**
   * @param boundTo - what the text belongs to, such as a row's id; `open` must be given the same
   * @returns base64url: unreserved characters of RFC 3986 only
   */
  seal(text: string, boundTo = ''): string {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.#key, iv).setAAD(Buffer.from(boundTo));
    const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64url');
  }

  /** The text again; undefined for anything that was not sealed with this key, purpose and binding. */
  open(sealed: string, boundTo = ''): string | undefined {
    if (!BASE64URL.test(sealed)) return undefined;
    const bytes = Buffer.from(sealed, 'base64url');
    if (bytes.length < IV_BYTES + TAG_BYTES) return undefined;
    const decipher = createDecipheriv('aes-256-gcm', this.#key, bytes.subarray(0, IV_BYTES));
    decipher.setAAD(Buffer.from(boundTo)).setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
    try {
      const text = [decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()];
      return Buffer.concat(text).toString('utf8');
    } catch {
      return undefined;
    }
  }
}
