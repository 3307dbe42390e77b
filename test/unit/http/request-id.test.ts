import { describe, expect, it } from '@jest/globals';
import { requestIdOf } from '../../../src/http/request-id.js';

const UUID = /^[0-9a-f-]{36}$/;

describe('the request id', () => {
  it.each(['7f3a', '01ARZ3NDEKTSV4RRFFQ69G5FAV', 'Root=1-67891233-abcdef012345678912345678'])(
    'is the one the client sent: %s',
    (id) => {
      expect(requestIdOf(id)).toBe(id);
    },
  );

  it.each([undefined, '', 'a b', 'a\nb', '{"x":1}', 'x'.repeat(129), ['a', 'b']])(
    'is new instead of %j',
    (header) => {
      expect(requestIdOf(header)).toMatch(UUID);
    },
  );

  it('is another one each time', () => {
    expect(requestIdOf(undefined)).not.toBe(requestIdOf(undefined));
  });
});
