import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { JsonObject } from '../../../../src/kernel/json.js';
import { cutText, redactBody, redactText } from '../../../../src/scim/log/redact-body.js';
import { PATCH_OP, UNKNOWN_ID } from '../../../conformance/rfc/support/urns.js';

const shapeOf = (body: JsonObject): unknown => JSON.parse(redactBody(body));

describe('the shape of a body', () => {
  it('keeps names, operations, schemas, switches and ids of ours', () => {
    const body = {
      schemas: [PATCH_OP],
      active: false,
      manager: null,
      Operations: [{ op: 'Add', path: 'members', value: [{ value: UNKNOWN_ID }] }],
    };
    expect(shapeOf(body)).toEqual(body);
  });

  it('keeps no other value, wherever it stands', () => {
    const body = {
      userName: 'ada@example.com',
      age: 36,
      schemas: ['my own secret', 7],
      op: 'secret operation',
      path: { nested: 'secret' },
      'emails[value eq "ada@example.com"].type': 'work',
      'ada@example.com': true,
    };
    expect(shapeOf(body)).toEqual({
      userName: '<text of 15>',
      age: '<number>',
      schemas: ['<text of 13>', '<number>'],
      op: '<text of 16>',
      path: { nested: '<text of 6>' },
      'emails[value eq "…"].type': '<text of 4>',
      '…@…': true,
    });
  });

  it('shows only the beginning of long lists and of large bodies', () => {
    expect(shapeOf({ members: Array<boolean>(12).fill(true) })).toEqual({
      members: [...Array<boolean>(10).fill(true), '… 2 more'],
    });
    const wide = Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`key-${index}`, 'value']));
    expect(redactBody(wide).length).toBeLessThan(5_000);
  });

  it('never shows a text of the body, and can be stored whatever comes in', () => {
    const secret = 'S3cr3t-';
    fc.assert(
      fc.property(fc.jsonValue(), fc.string({ unit: 'binary' }), (value, key) => {
        const hidden = JSON.parse(
          JSON.stringify(value, (_, leaf: unknown) => (typeof leaf === 'string' ? secret + leaf : leaf)),
        ) as never;
        const text = redactBody({ [key]: hidden });
        expect(text).not.toContain(secret);
        expect(text).not.toMatch(/\p{Surrogate}/u);
        expect(text).not.toContain('\0');
      }),
    );
  });
});

describe('a text of a client', () => {
  it('loses what stands in quotes and addresses', () => {
    expect(redactText('userName eq "Ada \\"Countess\\" King" or x')).toBe('userName eq "…" or x');
    expect(redactText('to /Users/ada@example.com, and <ada@example.com>')).toBe('to …@…, and <…@…>');
  });

  it('is cut without breaking a character', () => {
    expect(cutText('ab\u{1f511}', 3)).toBe('ab\ufffd…');
    expect(cutText('a\0b', 10)).toBe('a\ufffdb');
    expect(cutText('short', 10)).toBe('short');
  });
});
