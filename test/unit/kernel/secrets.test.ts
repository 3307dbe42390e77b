import { describe, expect, it } from '@jest/globals';
import {
  constantTimeEquals,
  deriveKey,
  hashSecret,
  newSecret,
  secretPrefix,
  sign,
} from '../../../src/kernel/secrets.js';

describe('secrets', () => {
  it('are a prefix and 256 random bits in base64url', () => {
    expect(newSecret('rc_scim_')).toMatch(/^rc_scim_[A-Za-z0-9_-]{43}$/);
    expect(newSecret('')).not.toBe(newSecret(''));
  });

  it('are stored as SHA-256 in hexadecimal (FIPS 180-4 example "abc")', () => {
    expect(hashSecret('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });

  it('show at most twelve characters, and never more than a quarter', () => {
    expect(secretPrefix('rc_scim_' + 'a'.repeat(43))).toBe('rc_scim_aaaa');
    expect(secretPrefix('x'.repeat(32))).toHaveLength(8);
    expect(secretPrefix('')).toBe('');
  });

  it('compare equal only when every byte is', () => {
    expect(constantTimeEquals('abc', 'abc')).toBe(true);
    expect(constantTimeEquals('abc', 'abd')).toBe(false);
    expect(constantTimeEquals('abc', 'abcd')).toBe(false);
    expect(constantTimeEquals('é', 'e\u0301')).toBe(false);
  });
});

describe('keys derived from SECRET_KEY', () => {
  it('differ by label and by secret key, and are stable (RFC 5869)', () => {
    const key = deriveKey('k'.repeat(32), 'cursor');
    expect(key).toMatch(/^[0-9a-f]{64}$/);
    expect(deriveKey('k'.repeat(32), 'cursor')).toBe(key);
    expect(deriveKey('k'.repeat(32), 'session')).not.toBe(key);
    expect(deriveKey('l'.repeat(32), 'cursor')).not.toBe(key);
  });

  it('sign with HMAC-SHA-256 (RFC 4231 test case 2)', () => {
    const expected = '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843';
    const signature = sign('Jefe', 'what do ya want for nothing?');
    expect(Buffer.from(signature, 'base64url').toString('hex')).toBe(expected);
  });
});
