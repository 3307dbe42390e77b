import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ConnectionMode } from '../../src/directory/connections/connection.js';
import { CONNECTION_MODES } from '../../src/directory/connections/connection.js';
import {
  ENTERPRISE_USER_URN,
  GROUP_TYPE,
  ROLE_TYPE,
  USER_TYPE,
  type ResourceType,
} from '../../src/directory/schema/index.js';
import type { JsonObject, JsonValue } from '../../src/kernel/json.js';
import { parseJsonBody } from '../../src/http/index.js';
import {
  applyPatch,
  readPatch,
  splitGroupOperations,
  splitUserOperations,
} from '../../src/scim/patch/index.js';
import { readResource } from '../../src/scim/resource/index.js';

const PATCH_OP = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

/** The resource after a PATCH; undefined when it was refused. */
function patch(
  resource: JsonObject,
  operations: readonly JsonValue[],
  mode: ConnectionMode = 'lenient',
): JsonObject | undefined {
  const read = readPatch(USER_TYPE, { schemas: [PATCH_OP], Operations: [...operations] }, { mode });
  const applied = read.ok ? applyPatch(USER_TYPE, resource, read.value, { mode }) : read;
  return applied.ok ? applied.value : undefined;
}

const text = fc.constantFrom('a', 'b', 'c', 'A', 'é', 'x y');
const kind = fc.constantFrom('work', 'home', 'other');
const email = fc.record(
  { value: text, type: kind, display: text, primary: fc.boolean() },
  { requiredKeys: ['value'] },
) as fc.Arbitrary<JsonObject>;
const emails = fc.array(email, { maxLength: 6 });

/** Users as readResource makes them, so with at most one primary e-mail address and no duplicates. */
const user: fc.Arbitrary<JsonObject> = fc
  .record({ title: text, emails, name: fc.record({ givenName: text, familyName: text }), department: text })
  .map((body) => readResource(USER_TYPE, { userName: 'u', ...body }, { mode: 'lenient', purpose: 'create' }))
  .filter((read) => read.ok)
  .map((read) => (read.ok ? read.value : {}));

const simplePath = fc.constantFrom(
  'title',
  'name.givenName',
  'department',
  `${ENTERPRISE_USER_URN}:manager.value`,
  'emails[type eq "work"].value',
  'emails[type eq "home" and primary eq true].display',
  'emails.display',
);
const write = fc.oneof(
  fc.record({ path: simplePath, value: fc.option(text, { nil: null }) }),
  fc.record({ path: fc.constant('emails'), value: emails }),
  fc.record({
    path: fc.constant('emails[type eq "work"]'),
    // Another type would move the element out of reach of the path, so a second time means something else.
    value: email.map((element): JsonObject => ({ ...element, type: 'work' })),
  }),
  fc.record({ path: fc.constant('emails[type eq "work"]'), value: fc.record({ value: text }) }),
  fc.record({
    path: fc.constant('name'),
    value: fc.record({ givenName: text, middleName: fc.constant(null) }),
  }),
  fc.record({ value: fc.record({ title: text, 'name.familyName': text, department: text }) }),
);
const operation = fc.oneof(
  write.map((target): JsonObject => ({ op: 'add', ...target })),
  write.map((target): JsonObject => ({ op: 'replace', ...target })),
  simplePath.map((path): JsonObject => ({ op: 'remove', path })),
);
const operations = fc.array(operation, { minLength: 1, maxLength: 5 });

describe('laws of PATCH (RFC 7644 3.5.2)', () => {
  it('adding to a list and removing the same is the identity', () => {
    fc.assert(
      fc.property(user, text, (resource, value) => {
        const fresh = { value: `new ${value}`, type: 'other' };
        const result = patch(resource, [
          { op: 'add', path: 'emails', value: [fresh] },
          { op: 'remove', path: 'emails', value: [fresh] },
        ]);
        expect(result).toEqual(resource);
      }),
    );
  });

  it('replacing twice is replacing once', () => {
    fc.assert(
      fc.property(user, write, fc.constantFrom(...CONNECTION_MODES), (resource, target, mode) => {
        const replace: JsonObject = { op: 'replace', ...target };
        const once = patch(resource, [replace], mode);
        fc.pre(once !== undefined);
        expect(patch(once, [replace], mode)).toEqual(once);
      }),
    );
  });

  it('adding twice is adding once', () => {
    fc.assert(
      fc.property(user, emails, text, (resource, value, title) => {
        const additions = [
          { op: 'add', path: 'emails', value },
          { op: 'add', path: 'emails[type eq "work"].display', value: title },
          { op: 'add', value: { title, 'name.givenName': title } },
        ];
        const once = patch(resource, additions.slice(0, 1));
        const all = patch(resource, additions.slice(1));
        fc.pre(once !== undefined && all !== undefined);
        expect(patch(once, additions.slice(0, 1))).toEqual(once);
        expect(patch(all, additions.slice(1))).toEqual(all);
      }),
    );
  });

  it('one request with several operations is the same as one request for each', () => {
    fc.assert(
      fc.property(user, operations, (resource, list) => {
        const oneByOne = list.reduce<JsonObject | undefined>(
          (current, item) => current && patch(current, [item]),
          resource,
        );
        expect(patch(resource, list)).toEqual(oneByOne);
      }),
    );
  });

  it('never changes its input, whether it succeeds or fails', () => {
    fc.assert(
      fc.property(user, operations, fc.boolean(), (resource, list, isFailing) => {
        const before = structuredClone(resource);
        const failing = { op: 'replace', path: 'emails[value sw "none"].type', value: 'x' };
        patch(resource, isFailing ? [...list, failing] : list);
        expect(resource).toEqual(before);
      }),
    );
  });

  it('leaves a resource that reads back as itself: canonical, one primary value, no duplicates', () => {
    fc.assert(
      fc.property(user, operations, (resource, list) => {
        const result = patch(resource, list);
        fc.pre(result !== undefined);
        const read = readResource(USER_TYPE, result, { mode: 'lenient', purpose: 'replace' });
        expect(read).toEqual({ ok: true, value: result });
      }),
    );
  });
});

const hostileKey = fc.constantFrom(
  '__proto__',
  'constructor',
  'prototype',
  '__proto__.polluted',
  'constructor.prototype.polluted',
  'emails[__proto__ eq "x"].polluted',
  'toString',
);
const key = fc.oneof(
  hostileKey,
  simplePath,
  fc.constantFrom(
    'members',
    'members[value eq "u1"]',
    'teamRoles',
    'teamRoles[teamName eq "x"].roleName',
    'roles',
  ),
  fc.constantFrom('op', 'path', 'value', 'Operations', 'schemas', 'userName', 'displayName', 'groups', 'id'),
  fc.constantFrom(ENTERPRISE_USER_URN, 'urn:ietf:params:scim:schemas:extension:teams:2.0:User', 'modelsSeat'),
  fc.string(),
);
const { anything } = fc.letrec<{ anything: JsonValue }>((tie) => ({
  anything: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom<JsonValue>(null, true, 0, -1.5, '', 'True', '{"value":"x"}'),
    fc.string(),
    fc.array(tie('anything'), { maxLength: 3 }),
    // JSON.parse, as in a request, is what makes `__proto__` a key like any other.
    fc
      .array(fc.tuple(key, tie('anything')), { maxLength: 4 })
      .map(
        (entries) =>
          JSON.parse(
            `{${entries.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join()}}`,
          ) as JsonValue,
      ),
  ),
}));
const anyOperation = fc.oneof(
  anything,
  fc.record({
    op: fc.constantFrom('add', 'Replace', 'remove', 'move'),
    path: fc.oneof(key, fc.constant(null)),
    value: anything,
  }),
);
const anyType = fc.constantFrom<ResourceType>(USER_TYPE, GROUP_TYPE, ROLE_TYPE);

describe('whatever a client sends', () => {
  const pristine = Object.getOwnPropertyNames(Object.prototype).sort();

  it('readPatch, applyPatch and the splits never throw and never pollute a prototype', () => {
    fc.assert(
      fc.property(
        anyType,
        fc.constantFrom(...CONNECTION_MODES),
        fc.array(anyOperation),
        user,
        (type, mode, list, resource) => {
          const read = readPatch(type, { schemas: [PATCH_OP], Operations: list }, { mode });
          if (!read.ok) return;
          applyPatch(type, resource, read.value, { mode });
          splitGroupOperations(read.value);
          splitUserOperations(read.value);
        },
      ),
      { numRuns: 500 },
    );
    expect(Object.getOwnPropertyNames(Object.prototype).sort()).toEqual(pristine);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('readResource never throws and gives only names of the catalogue', () => {
    fc.assert(
      fc.property(
        anyType,
        fc.constantFrom(...CONNECTION_MODES),
        fc.dictionary(key, anything),
        (type, mode, body) => {
          const read = readResource(type, body, { mode, purpose: 'create' });
          if (!read.ok) return;
          const known = [
            'externalId',
            ...type.schema.attributes.map(({ name }) => name),
            ...type.extensions.map(({ id }) => id),
          ];
          expect(Object.keys(read.value).filter((name) => !known.includes(name))).toEqual([]);
        },
      ),
      { numRuns: 500 },
    );
    expect(Object.getOwnPropertyNames(Object.prototype).sort()).toEqual(pristine);
  });

  it('parseJsonBody takes what JSON.stringify makes, and never throws on bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        parseJsonBody(bytes);
      }),
    );
    const value = fc.jsonValue({ maxDepth: 5, stringUnit: fc.constantFrom(...Array.from('ab"\\:{}[],é')) });
    fc.assert(
      fc.property(value, (item) => {
        const result = parseJsonBody(new TextEncoder().encode(JSON.stringify({ item })));
        fc.pre(result.ok || !/twice|__proto__/.test(result.error.detail));
        expect(result).toEqual({ ok: true, value: JSON.parse(JSON.stringify({ item })) });
      }),
    );
  });
});
