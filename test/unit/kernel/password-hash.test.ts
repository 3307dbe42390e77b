import { describe, expect, it } from '@jest/globals';
import { hashPassword, needsRehash, verifyPassword } from '../../../src/kernel/password-hash.js';

describe('password hash', () => {
  it('is an argon2id PHC string with the OWASP costs (RFC 9106; OWASP Password Storage)', async () => {
    const stored = await hashPassword('correct horse battery staple');
    expect(stored).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
    expect(needsRehash(stored)).toBe(false);
  });

  it('matches its own password and no other', async () => {
    const stored = await hashPassword('correct horse');
    await expect(verifyPassword('correct horse', stored)).resolves.toBe(true);
    await expect(verifyPassword('Correct horse', stored)).resolves.toBe(false);
    await expect(verifyPassword('', stored)).resolves.toBe(false);
  });

  it('is different each time, because the salt is', async () => {
    expect(await hashPassword('same')).not.toBe(await hashPassword('same'));
  });

  it('takes composed and decomposed accents as the same password (NIST SP 800-63B 3.1.1.2)', async () => {
    await expect(verifyPassword('cafe\u0301', await hashPassword('caf\u00e9'))).resolves.toBe(true);
  });

  it('agrees with the reference implementation of argon2', async () => {
    const reference =
      '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc';
    await expect(verifyPassword('password', reference)).resolves.toBe(true);
    expect(needsRehash(reference)).toBe(true);
  });

  it.each([
    ['', 'empty'],
    ['$argon2i$v=19$m=19456,t=2,p=1$c29tZXNhbHRzYWx0$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8', 'another variant'],
    ['$argon2id$v=19$m=9999999,t=2,p=1$c29tZXNhbHRzYWx0$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8', 'ruinous memory'],
    ['$argon2id$v=19$m=19456,t=0,p=1$c29tZXNhbHRzYWx0$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8', 'no passes'],
    ['$argon2id$v=19$m=4,t=1,p=1$c29tZXNhbHRzYWx0$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8', 'too little memory'],
  ])('never matches %j (%s)', async (stored) => {
    await expect(verifyPassword('password', stored)).resolves.toBe(false);
  });
});
