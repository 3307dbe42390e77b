import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Sealer } from '../../../src/kernel/encryption.js';

const SECRET_KEY = 'a secret key for tests, thirty-two characters or more';
const sealer = new Sealer(SECRET_KEY, 'test');

describe('sealed text', () => {
  it('opens to what it was, on any replica with the same key', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (text, boundTo) => {
        expect(new Sealer(SECRET_KEY, 'test').open(sealer.seal(text, boundTo), boundTo)).toBe(text);
      }),
    );
  });

  it('is different each time, and safe in an address (RFC 3986 2.3)', () => {
    const [first, second] = [sealer.seal('text'), sealer.seal('text')];
    expect(first).not.toBe(second);
    expect(first).toMatch(/^[A-Za-z0-9_-]+$/);
  });

  it('opens under no other key, purpose or binding', () => {
    const sealed = sealer.seal('text', 'row 1');
    expect(new Sealer(`${SECRET_KEY}!`, 'test').open(sealed, 'row 1')).toBeUndefined();
    expect(new Sealer(SECRET_KEY, 'other').open(sealed, 'row 1')).toBeUndefined();
    expect(sealer.open(sealed, 'row 2')).toBeUndefined();
    expect(sealer.open(sealed)).toBeUndefined();
  });

  it('does not open when any byte has changed', () => {
    const bytes = Buffer.from(sealer.seal('text'), 'base64url');
    for (let index = 0; index < bytes.length; index += 1) {
      const forged = Buffer.from(bytes);
      forged[index] = (forged[index] ?? 0) ^ 1;
      expect(sealer.open(forged.toString('base64url'))).toBeUndefined();
    }
  });

  it.each(['', 'short', 'not base64url!', 'a'.repeat(40)])('does not open %p', (text) => {
    expect(sealer.open(text)).toBeUndefined();
  });
});
