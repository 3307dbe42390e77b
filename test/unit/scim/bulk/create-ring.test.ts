import { describe, expect, it } from '@jest/globals';
import { DomainError } from '../../../../src/kernel/errors.js';
import type { JsonObject } from '../../../../src/kernel/json.js';
import { ScimError } from '../../../../src/scim/errors.js';
import {
  ENTERPRISE,
  managedBy,
  postGroup,
  postUser,
  Recorder,
  resultsOf,
  ROLLCALL,
  statusesOf,
  taken,
  type Call,
} from './support.js';

const summaryOf = (recorder: Recorder): readonly (readonly string[])[] =>
  recorder.calls.map(({ verb, path }) => [verb, path]);

const names = ({ body }: Call): unknown => body?.['userName'] ?? body?.['displayName'];

const pair = [postUser('a', managedBy('b')), postUser('b', managedBy('a'))];

describe('references in a circle (RFC 7644 3.7.1)', () => {
  it('creates each resource once and closes the circle by PATCH; both are 201', async () => {
    const recorder = new Recorder();
    const results = await resultsOf(pair, { recorder });
    expect(statusesOf(results)).toEqual(['201', '201']);
    expect(results.map(({ version }) => version)).toEqual(['W/"2"', 'W/"1"']);
    expect(summaryOf(recorder)).toEqual([
      ['create', '/Users'],
      ['create', '/Users'],
      ['patch', '/Users/id-1'],
    ]);
    expect(recorder.calls.map(({ body }) => body)).toEqual([
      { userName: 'a', [ENTERPRISE]: {} },
      { userName: 'b', [ENTERPRISE]: { manager: { value: 'id-1' } } },
      {
        schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
        Operations: [{ op: 'add', path: `${ENTERPRISE}:manager`, value: { value: 'id-2' } }],
      },
    ]);
  });

  it('creates a resource that refers to itself once', async () => {
    const recorder = new Recorder();
    const results = await resultsOf([postUser('a', { manager: 'bulkId:a' })], { recorder });
    expect(statusesOf(results)).toEqual(['201']);
    expect(recorder.calls.map(({ body }) => body)).toEqual([
      { userName: 'a' },
      expect.objectContaining({ Operations: [{ op: 'add', path: 'manager', value: 'id-1' }] }),
    ]);
  });

  it('postpones only the elements and attributes that cannot be there yet', async () => {
    const recorder = new Recorder();
    const inTeam: JsonObject = {
      [ROLLCALL]: {
        accountType: 'USER',
        teamRoles: [{ teamId: 'bulkId:g', roleName: 'admin' }, { teamName: 'x' }],
      },
    };
    await resultsOf([postGroup('g', ['bulkId:v', 'bulkId:u', 'old']), postUser('u', inTeam), postUser('v')], {
      recorder,
    });
    expect(recorder.calls.map(names)).toEqual(['v', 'g', 'u', undefined]);
    expect(recorder.calls.slice(1).map(({ body }) => body)).toEqual([
      { displayName: 'g', members: [{ value: 'id-1' }, { value: 'old' }] },
      {
        userName: 'u',
        [ROLLCALL]: {
          accountType: 'USER',
          teamRoles: [{ teamId: 'id-2', roleName: 'admin' }, { teamName: 'x' }],
        },
      },
      expect.objectContaining({ Operations: [{ op: 'add', path: 'members', value: [{ value: 'id-3' }] }] }),
    ]);
  });

  it('does what refers to the circle after it, and only then', async () => {
    const recorder = new Recorder();
    const results = await resultsOf([postGroup('g', ['bulkId:a']), ...pair], { recorder });
    expect(statusesOf(results)).toEqual(['201', '201', '201']);
    expect(recorder.calls.map(({ verb, path }) => `${verb} ${path}`)).toEqual([
      'create /Users',
      'create /Users',
      'patch /Users/id-1',
      'create /Groups',
    ]);
  });

  it('removes what it created when another of the circle cannot be created', async () => {
    const recorder = new Recorder((call) => (names(call) === 'b' ? taken() : undefined));
    const results = await resultsOf([...pair, postGroup('g', ['bulkId:a'])], { recorder });
    expect(results.map((result) => [result['status'], result['location']])).toEqual([
      ['409', undefined],
      ['409', undefined],
      ['409', undefined],
    ]);
    expect(results[1]).toMatchObject({ response: { scimType: 'uniqueness' } });
    expect(results[0]).toMatchObject({ response: { scimType: 'invalidValue' } });
    expect(summaryOf(recorder)).toEqual([
      ['create', '/Users'],
      ['create', '/Users'],
      ['remove', '/Users/id-1'],
    ]);
  });

  it('removes all of the circle when the PATCH that closes it fails', async () => {
    const recorder = new Recorder(({ verb }) =>
      verb === 'patch'
        ? new ScimError({ status: 400, scimType: 'invalidValue', detail: 'no manager' })
        : undefined,
    );
    const results = await resultsOf(pair, { recorder });
    expect(statusesOf(results)).toEqual(['400', '409']);
    expect(summaryOf(recorder).slice(2)).toEqual([
      ['patch', '/Users/id-1'],
      ['remove', '/Users/id-2'],
      ['remove', '/Users/id-1'],
    ]);
  });

  it('undoes in a way that no setting forbids and that erases nobody', async () => {
    const recorder = new Recorder(({ verb }) => (verb === 'patch' ? taken() : undefined));
    const settings = { onGroupDelete: 'refuse', onUserDelete: 'remove' } as const;
    await resultsOf(pair, { recorder, settings });
    const removals = recorder.calls.filter(({ verb }) => verb === 'remove');
    expect(removals).toHaveLength(2);
    for (const removal of removals)
      expect(removal.settings).toMatchObject({ onGroupDelete: 'archive', onUserDelete: 'deactivate' });
    expect(recorder.calls[0]?.settings).toMatchObject(settings);
  });

  it('tells of a resource that could not be removed again', async () => {
    const recorder = new Recorder(({ verb, path }) => {
      if (verb === 'patch') return taken();
      return verb === 'remove' && path === '/Users/id-2' ? new DomainError('user.last_admin') : undefined;
    });
    expect(statusesOf(await resultsOf(pair, { recorder }))).toEqual(['409', '403']);
  });

  it('does nothing when a member refers to something outside that does not exist', async () => {
    const recorder = new Recorder();
    const operations = [
      postUser('a', managedBy('b')),
      postUser('b', { ...managedBy('a'), title: 'bulkId:nobody' }),
    ];
    const results = await resultsOf(operations, { recorder });
    expect(statusesOf(results)).toEqual(['409', '409']);
    expect(results[1]).toMatchObject({ response: { detail: expect.stringContaining('nobody') } });
    expect(recorder.calls).toEqual([]);
  });

  it('counts every failed operation of a circle as an error (RFC 7644 3.7.3)', async () => {
    const recorder = new Recorder((call) => (names(call) === 'b' ? taken() : undefined));
    const results = await resultsOf([...pair, postUser('c')], { recorder, failOnErrors: 2 });
    expect(statusesOf(results)).toEqual(['409', '409']);
  });

  it('gives up without undoing when the database is away', async () => {
    const recorder = new Recorder(({ verb }) =>
      verb === 'patch' ? new DomainError('database.unavailable') : undefined,
    );
    await expect(resultsOf(pair, { recorder })).rejects.toMatchObject({ code: 'database.unavailable' });
    expect(recorder.calls.filter(({ verb }) => verb === 'remove')).toEqual([]);
  });
});
