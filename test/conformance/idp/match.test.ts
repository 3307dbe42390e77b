import { describe, expect, it } from '@jest/globals';
import type { JsonValue } from '../../../src/kernel/json.js';
import { readJsonPath } from './json-path.js';
import { mismatches } from './match.js';

describe('the partial match of the replays', () => {
  const user = {
    id: '1',
    active: false,
    emails: [{ value: 'ada@example.com', type: 'work', $ref: 'x' }, { value: 'ada@home.example' }],
  };

  it.each<[string, JsonValue]>([
    ['some of the keys', { id: '1' }],
    ['parts of array elements', { emails: [{ type: 'work' }, {}] }],
    [
      'elements in any order with $contains',
      { emails: { $contains: [{ value: 'ada@home.example' }, { type: 'work' }] } },
    ],
    ['elements that are not there with $excludes', { emails: { $excludes: [{ type: 'home' }] } }],
    ['the number of elements with $length', { emails: { $length: 2 } }],
    ['text with $matches', { id: { $matches: '^\\d$' } }],
    ['an attribute whose name starts with a dollar sign', { emails: [{ $ref: 'x' }, {}] }],
  ])('accepts %s', (_, expected) => {
    expect(mismatches(user, expected)).toEqual([]);
  });

  it.each<[string, JsonValue, string]>([
    ['another value', { id: '2' }, '$.id'],
    ['a value of another type', { active: 'false' }, '$.active'],
    ['a missing key', { title: 'x' }, '$.title'],
    ['null for a missing key', { title: null }, '$.title'],
    ['a shorter array', { emails: [{ type: 'work' }] }, '$.emails'],
    ['the order of an array', { emails: [{}, { type: 'work' }] }, '$.emails[1].type'],
    ['an object where there is text', { id: { value: '1' } }, '$.id'],
    ['$contains without a match', { emails: { $contains: [{ type: 'home' }] } }, '$.emails'],
    ['$excludes with a match', { emails: { $excludes: [{ type: 'work' }] } }, '$.emails'],
    ['$length', { emails: { $length: 1, $contains: [{ type: 'work' }] } }, '$.emails'],
    ['$contains on something else than an array', { id: { $contains: ['1'] } }, '$.id'],
    ['$matches', { id: { $matches: '^x' } }, '$.id'],
    ['an inherited property', { constructor: {} }, '$.constructor'],
  ])('reports %s and where it is', (_, expected, path) => {
    const found = mismatches(user, expected);
    expect(found).toHaveLength(1);
    expect(found[0]?.startsWith(`${path}: `)).toBe(true);
  });
});

describe('the paths of the replays', () => {
  const body = { Resources: [{ 'urn:x:2.0:User': { manager: { value: 'm' } } }] };

  it('reads keys, positions and quoted keys', () => {
    expect(readJsonPath(body, '$.Resources[0]["urn:x:2.0:User"].manager.value')).toBe('m');
    expect(readJsonPath(body, '$')).toBe(body);
  });

  it('leads nowhere rather than into prototypes', () => {
    expect(readJsonPath(body, '$.Resources[1].id')).toBeUndefined();
    expect(readJsonPath(body, '$.Resources.length')).toBeUndefined();
    expect(readJsonPath(body, '$.constructor')).toBeUndefined();
  });

  it.each(['Resources', '$.', '$.a..b', '$[x]'])('refuses %s', (path) => {
    expect(() => readJsonPath(body, path)).toThrow();
  });
});
