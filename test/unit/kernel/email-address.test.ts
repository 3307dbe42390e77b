import { describe, expect, it } from '@jest/globals';
import { isEmailAddress, parseMailbox } from '../../../src/kernel/email-address.js';

describe('isEmailAddress', () => {
  it.each([
    'a@b',
    'ada@example.com',
    "o'brien+tag@sub.example.co.uk",
    'first.last@xn--bcher-kva.example',
    'иван@пример.рф',
    `${'l'.repeat(64)}@example.com`,
  ])('takes %s (RFC 5321 section 4.1.2, RFC 6531)', (address) => {
    expect(isEmailAddress(address)).toBe(true);
  });

  it.each([
    ['', 'nothing'],
    ['ada', 'no domain'],
    ['@example.com', 'no local part'],
    ['ada@', 'an empty domain'],
    ['ada@example..com', 'an empty label'],
    ['ada@-example.com', 'a label that starts with a hyphen'],
    ['.ada@example.com', 'a dot at the start'],
    ['ada..l@example.com', 'two dots'],
    ['ada@example.com,eve@example.com', 'a list'],
    ['ada@example.com;eve@example.com', 'another list'],
    ['Ada <ada@example.com>', 'a name'],
    ['ada@example.com>', 'a bracket'],
    ['"ada eve"@example.com', 'a quoted local part'],
    ['ada@[127.0.0.1]', 'an address literal'],
    ['ada@example.com\r\nBcc: eve@example.com', 'a line break'],
    ['ada@exam\u200bple.com', 'an invisible character'],
    ['ada@exam\u2028ple.com', 'a line separator'],
    ['ada\u0000@example.com', 'a null'],
    ['\ud800@example.com', 'half a character'],
    [`${'l'.repeat(65)}@example.com`, 'a long local part'],
    [`ada@${'d'.repeat(64)}.com`, 'a long label'],
    [`ada@${'example.'.repeat(40)}com`, 'a long domain'],
  ])('refuses %j: %s', (address) => {
    expect(isEmailAddress(address)).toBe(false);
  });

  it('takes time linear in the length', () => {
    expect(isEmailAddress('a.'.repeat(500_000))).toBe(false);
    expect(isEmailAddress(`a@${'-'.repeat(200)}`)).toBe(false);
  });
});

describe('parseMailbox', () => {
  it.each([
    ['ada@example.com', '', 'ada@example.com'],
    ['<ada@example.com>', '', 'ada@example.com'],
    [' Ada Lovelace <ada@example.com> ', 'Ada Lovelace', 'ada@example.com'],
    ['"Lovelace, Ada" <ada@example.com>', 'Lovelace, Ada', 'ada@example.com'],
  ])('reads %j', (text, name, address) => {
    expect(parseMailbox(text)).toEqual({ ok: true, value: { name, address } });
  });

  it.each(['Ada', 'Ada <ada>', 'A\nB <ada@example.com>', '<a@b.c> <ada@example.com>', 'a@b.c, d@e.f'])(
    'refuses %j',
    (text) => {
      expect(parseMailbox(text).ok).toBe(false);
    },
  );
});
