import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { RESOURCE_TYPES, USER_TYPE } from '../../src/directory/schema/index.js';
import { parseFilter, printFilter } from '../../src/scim/filter/index.js';
import { anyResourceType, filterOf } from './filter-arbitraries.js';

describe('printing and parsing a filter', () => {
  it.each(RESOURCE_TYPES.map((type) => [type.name, type] as const))(
    'gives the same %s filter back, strict and lenient (RFC 7644 3.4.2.2)',
    (_, type) => {
      fc.assert(
        fc.property(filterOf(type), fc.boolean(), (filter, isLenient) => {
          expect(parseFilter(type, printFilter(filter), { isLenient })).toEqual({ ok: true, value: filter });
        }),
        { numRuns: 400 },
      );
    },
  );

  it('does not depend on the case of names and operators (RFC 7643 2.1)', () => {
    fc.assert(
      fc.property(filterOf(USER_TYPE), (filter) => {
        const strings = /("(?:[^"\\]|\\.)*")|\b(?:true|false|null)\b/gs;
        const text = printFilter(filter);
        let shouted = '';
        let end = 0;
        for (const match of text.matchAll(strings)) {
          shouted += text.slice(end, match.index).toUpperCase() + match[0];
          end = match.index + match[0].length;
        }
        shouted += text.slice(end).toUpperCase();
        expect(parseFilter(USER_TYPE, shouted, { isLenient: false })).toEqual({ ok: true, value: filter });
      }),
      { numRuns: 200 },
    );
  });
});

describe('arbitrary text as a filter', () => {
  const fragment = fc.constantFrom(
    'userName',
    'emails',
    '.value',
    'active',
    'eq',
    'PR',
    'and',
    'or',
    'not',
    '(',
    ')',
    '[',
    ']',
    '"',
    "'",
    '\\',
    '"a"',
    'true',
    'null',
    '1e9',
    ' ',
    ' ',
    ' ',
    'urn:ietf:params:scim:schemas:core:2.0:User:',
    '__proto__',
    '$ref',
    '\0',
    '\ud800',
    '\u{1f600}',
  );

  it('is a filter or a 400 or 403, and never an exception (RFC 7644 3.4.2.2)', () => {
    const text = fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary' }),
      fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units)),
      fc.array(fragment, { maxLength: 30 }).map((fragments) => fragments.join('')),
    );
    fc.assert(
      fc.property(anyResourceType, text, fc.boolean(), (type, input, isLenient) => {
        const result = parseFilter(type, input, { isLenient });
        if (result.ok) {
          expect(parseFilter(type, printFilter(result.value), { isLenient: false })).toEqual(result);
        } else {
          expect([400, 403]).toContain(result.error.status);
          expect(result.error.detail.length).toBeLessThan(250);
        }
      }),
      { numRuns: 3_000 },
    );
  });
});
