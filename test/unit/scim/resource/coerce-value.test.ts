import { describe, expect, it } from '@jest/globals';
import type { ConnectionMode } from '../../../../src/directory/connections/connection.js';
import {
  booleanAttribute,
  dateTimeAttribute,
  GROUP_TYPE,
  integerAttribute,
  ROLE_TYPE,
  USER_TYPE,
  type Attribute,
  type AttributePath,
  type ResourceType,
} from '../../../../src/directory/schema/index.js';
import type { JsonValue } from '../../../../src/kernel/json.js';
import { LIMITS } from '../../../../src/kernel/limits.js';
import { parseAttributePath } from '../../../../src/scim/filter/index.js';
import { coerceValue } from '../../../../src/scim/resource/index.js';

const pathOf = (name: string, type: ResourceType = USER_TYPE): AttributePath => {
  const path = parseAttributePath(type, name);
  if (!path) throw new Error(`no attribute ${name}`);
  return path;
};

const pathTo = (attribute: Attribute): AttributePath => ({
  schema: USER_TYPE.schema,
  isExtension: false,
  attribute,
  sub: undefined,
});

const coerce = (
  path: AttributePath | string,
  value: JsonValue,
  mode: ConnectionMode = 'lenient',
): ReturnType<typeof coerceValue> =>
  coerceValue(typeof path === 'string' ? pathOf(path) : path, value, { mode });

const refused = (name: string): object => ({
  ok: false,
  error: { status: 400, scimType: 'invalidValue', detail: expect.stringContaining(name) },
});

describe('types (RFC 7643 2.3)', () => {
  it.each<[string, JsonValue]>([
    ['userName', 5],
    ['userName', ['a']],
    ['displayName', { value: 'a' }],
    ['active', 'yes'],
    ['active', 1],
    ['emails', [{ value: 5 }]],
    ['emails', [['a']]],
    ['emails', [{ primary: 'maybe' }]],
    ['emails', [{ value: 'a' }, null]],
    ['name', 'Ada Byron'],
    ['name', { givenName: 7 }],
    ['manager', 5],
    ['profileUrl', true],
    ['password', 12345678],
    ['seat', false],
  ])('refuses %s = %j and names the attribute', (name, value) => {
    expect(coerce(name, value)).toMatchObject(refused(name));
  });

  it.each([
    ['2026-01-15T09:00:00Z', true],
    ['2026-01-15T09:00:00.8420572+02:00', true],
    ['2026-01-15', false],
    ['2026-02-30T09:00:00Z', false],
  ])('reads the dateTime %s: %s (RFC 7643 2.3.5)', (text, isValid) => {
    expect(coerce(pathTo(dateTimeAttribute('since', 'Since.')), text).ok).toBe(isValid);
  });

  it.each<[JsonValue, boolean]>([
    [3, true],
    [3.5, false],
    ['3', false],
  ])('reads the integer %j: %s (RFC 7643 2.3.4)', (value, isValid) => {
    expect(coerce(pathTo(integerAttribute('count', 'Count.')), value).ok).toBe(isValid);
  });

  it.each([
    ['YWI=', true],
    ['YWI', true],
    ['_-8', true],
    ['YWI==', false],
    ['Y', false],
    ['Y WI', false],
  ])('reads the binary %s: %s; padding is optional (RFC 7643 2.3.6)', (text, isValid) => {
    expect(coerce('x509Certificates', [{ value: text }]).ok).toBe(isValid);
  });

  it('refuses text that Postgres cannot keep, also from a filter', () => {
    expect(coerce('emails.type', 'a\u0000')).toMatchObject(refused('emails.type'));
    expect(coerce('emails.type', '\ud800')).toMatchObject(refused('emails.type'));
  });
});

describe('limits', () => {
  it('refuses a string over the limit and takes one at the limit', () => {
    expect(coerce('title', 'x'.repeat(LIMITS.stringLength)).ok).toBe(true);
    expect(coerce('title', 'x'.repeat(LIMITS.stringLength + 1))).toMatchObject(refused('title'));
  });

  it.each([
    ['userName', USER_TYPE],
    ['displayName', GROUP_TYPE],
    ['name', ROLE_TYPE],
  ])('refuses a %s over the limit for names that are compared', (name, type) => {
    expect(coerce(pathOf(name, type), 'x'.repeat(LIMITS.nameLength)).ok).toBe(true);
    expect(coerce(pathOf(name, type), 'x'.repeat(LIMITS.nameLength + 1))).toMatchObject(refused(name));
  });

  it('refuses more values than the limit, of any attribute but members', () => {
    const values = Array.from({ length: LIMITS.valuesPerAttribute + 1 }, (_, index) => ({
      value: `v${index}`,
    }));
    expect(coerce('emails', values)).toMatchObject(refused('emails'));
    expect(coerce(pathOf('members', GROUP_TYPE), values).ok).toBe(true);
  });
});

describe('unassigned values (RFC 7643 2.5)', () => {
  it.each<[string, JsonValue]>([
    ['title', null],
    ['title', ''],
    ['emails', []],
    ['emails', null],
    ['emails', [{}]],
    ['emails', [{ value: null, type: '' }]],
    ['name', {}],
    ['name', { givenName: null, familyName: '' }],
    ['manager', ''],
    ['active', ''],
  ])('takes %s = %j as unassigned; "" is how Entra clears', (name, value) => {
    expect(coerce(name, value)).toEqual({ ok: true, value: undefined });
  });

  it.each([
    ['userName', USER_TYPE],
    ['displayName', GROUP_TYPE],
    ['inheritedFrom', ROLE_TYPE],
  ])('refuses to unassign the required %s', (name, type) => {
    expect(coerce(pathOf(name, type), '')).toMatchObject(refused(name));
    expect(coerce(pathOf(name, type), null)).toMatchObject(refused(name));
  });
});

describe('complex and multi-valued values (RFC 7643 2.3.8 and 2.4)', () => {
  it('spells names canonically and drops what the server keeps (RFC 7643 2.1)', () => {
    const manager = { Value: 'm1', $REF: 'https://host/scim/v2/Users/m1', DISPLAYNAME: 'Boss' };
    expect(coerce('manager', manager)).toEqual({ ok: true, value: { value: 'm1' } });
  });

  it('takes one object for a list (RFC 7644 3.5.2.1)', () => {
    expect(coerce('emails', { Value: 'a@ex', Primary: true }, 'strict')).toEqual({
      ok: true,
      value: [{ value: 'a@ex', primary: true }],
    });
  });

  it('drops duplicates by full value; no primary equals primary false (RFC 7643 2.4)', () => {
    const values = [{ value: 'a', primary: false }, { value: 'a' }, { value: 'a', type: 'work' }];
    expect(coerce('emails', values)).toEqual({ ok: true, value: [values[0], values[2]] });
  });

  it('refuses two primary values (RFC 7643 2.4)', () => {
    const values = [
      { value: 'a', primary: true },
      { value: 'b', primary: true },
    ];
    expect(coerce('emails', values)).toMatchObject(refused('emails'));
  });

  it.each<[ConnectionMode, boolean]>([
    ['lenient', true],
    ['strict', false],
    ['interop', false],
  ])('in %s mode an unknown sub-attribute is ignored: %s', (mode, isIgnored) => {
    const result = coerce('emails', [{ value: 'a', verified: true }], mode);
    if (isIgnored) expect(result).toEqual({ ok: true, value: [{ value: 'a' }] });
    else expect(result).toMatchObject({ ok: false, error: { scimType: 'invalidSyntax' } });
  });

  it('takes hostile names as unknown ones', () => {
    const hostile = JSON.parse(
      '{"value":"a","__proto__":{"x":1},"constructor":{"prototype":{"x":1}}}',
    ) as JsonValue;
    expect(coerce('emails', [hostile])).toEqual({ ok: true, value: [{ value: 'a' }] });
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
  });
});

describe('closed sets', () => {
  it('stores the canonical spelling', () => {
    expect(coerce('organizationRole', 'ADMIN')).toEqual({ ok: true, value: 'admin' });
    expect(coerce('accountType', 'org_service')).toEqual({ ok: true, value: 'ORG_SERVICE' });
  });

  it('refuses another value and lists the allowed ones', () => {
    expect(coerce('seat', 'half')).toMatchObject(refused('full, viewer, none'));
  });

  it('does not enforce canonicalValues that are only hints (RFC 7643 7)', () => {
    expect(coerce('emails', [{ value: 'a', type: 'holiday' }]).ok).toBe(true);
  });
});

describe('members (RFC 7643 4.2)', () => {
  const members = pathOf('members', GROUP_TYPE);

  it('keeps the id alone; $ref may be null (Entra)', () => {
    const value = [
      { $ref: null, value: 'u1' },
      { Value: 'u2', type: 'User', display: 'Ada' },
      { value: 'u1' },
    ];
    expect(coerce(members, value, 'strict')).toEqual({ ok: true, value: [{ value: 'u1' }, { value: 'u2' }] });
  });

  it('takes bare ids in lenient mode alone', () => {
    expect(coerce(members, ['u1', 'u2'])).toEqual({ ok: true, value: [{ value: 'u1' }, { value: 'u2' }] });
    expect(coerce(members, ['u1'], 'strict')).toMatchObject(refused('members'));
  });

  it.each<[JsonValue]>([
    [{ value: 'g1', type: 'Group' }],
    [{ value: 'g1', type: 'GROUP' }],
    [{ value: 'g1', $ref: 'https://host/scim/v2/Groups/g1' }],
    [{ value: 'g1', $ref: '../groups/g1' }],
  ])('refuses the nested group %j and says to flatten (decision: no nested teams)', (member) => {
    expect(coerce(members, [member])).toMatchObject(refused('flatten'));
  });

  it.each<[JsonValue]>([
    [{}],
    [{ value: null }],
    [{ value: '' }],
    [{ value: 5 }],
    [{ display: 'Ada' }],
    [5],
    [null],
  ])('refuses the member %j, which names nobody', (member) => {
    expect(coerce(members, [member])).toMatchObject(refused('members'));
  });

  it('reads 100,000 members', () => {
    const value = Array.from({ length: 100_000 }, (_, index) => ({ value: `user-${index}`, $ref: null }));
    const result = coerce(members, value);
    expect(result.ok && Array.isArray(result.value) && result.value.length).toBe(100_000);
  });
});

describe('client dialects that only a lenient Connection takes', () => {
  it.each<[string, JsonValue, JsonValue]>([
    ['active', 'False', false],
    ['active', 'TRUE', true],
    ['manager', 'm1', { value: 'm1' }],
    ['manager', [{ $ref: 'https://host/Users/m1', value: 'm1' }], { value: 'm1' }],
    ['manager', ['m1'], { value: 'm1' }],
    ['emails', ['a@ex'], [{ value: 'a@ex' }]],
    ['emails', 'a@ex', [{ value: 'a@ex' }]],
    ['emails', [{ value: 'a', primary: 'True' }], [{ value: 'a', primary: true }]],
    ['roles', [{ value: 'v', displayName: 'R' }], [{ value: 'v', display: 'R' }]],
  ])('%s = %j', (name, value, expected) => {
    expect(coerce(name, value)).toEqual({ ok: true, value: expected });
    expect(coerce(name, value, 'strict').ok).toBe(false);
    expect(coerce(name, value, 'interop').ok).toBe(false);
  });

  it.each<[JsonValue]>([[[{ value: 'm1' }, { value: 'm2' }]], [[null]]])(
    'but not %j for a singular value',
    (value) => {
      expect(coerce('manager', value)).toMatchObject(refused('manager'));
    },
  );

  it('but not a boolean in words that are no booleans', () => {
    expect(coerce(pathTo(booleanAttribute('flag', 'Flag.')), '1')).toMatchObject(refused('flag'));
  });
});
