import { beforeAll, describe, expect, it } from '@jest/globals';
import { LIMITS } from '../../../src/kernel/limits.js';
import { useServer } from '../api/support/use-server.js';
import { createScene, type Scene } from './support.js';

const server = useServer();
let scene: Scene;

beforeAll(async () => {
  scene = await createScene(server());
});

const subject = (id: string) => ({ type: 'user', id });
const project = () => ({ type: 'project', id: scene.project.id });
const action = (name: string) => ({ name });
const send = (request: object) => scene.access.post('/evaluations', request);
const decisions = async (request: object): Promise<readonly boolean[]> => {
  const reply = await send(request);
  expect(reply.status).toBe(200);
  return reply.body.evaluations.map(({ decision }: { decision: boolean }) => decision);
};

/** Yes, no, yes, no for a member. */
const MIXED = ['run:create', 'project:delete', 'run:read', 'team:add_member'];
const mixed = () =>
  MIXED.map((name) => ({
    action: action(name),
    resource: name.startsWith('team') ? { type: 'team', id: scene.teamId } : project(),
  }));

describe('a batch of evaluations (AuthZEN Authorization API 1.0, section 7)', () => {
  it('is answered in the order in which it was asked', async () => {
    const each = mixed().map((one) => ({ ...one, subject: subject(scene.member) }));
    expect(await decisions({ evaluations: each })).toEqual([true, false, true, false]);
    expect(await decisions({ evaluations: [...each].reverse() })).toEqual([false, true, false, true]);
  });

  it('takes what an evaluation does not say from the top (section 7.1.1)', async () => {
    const request = {
      subject: subject(scene.member),
      action: action('run:create'),
      resource: project(),
      evaluations: [
        {},
        { action: action('project:delete') },
        { subject: subject(scene.owner), action: action('project:delete') },
        { subject: subject(scene.stranger) },
      ],
    };
    expect(await decisions(request)).toEqual([true, false, true, false]);
  });

  it('takes an entity from the evaluation whole: its properties are not mixed with those at the top', async () => {
    const request = {
      subject: subject(scene.member),
      action: action('run:stop'),
      resource: { type: 'run', id: 'r', properties: { project: scene.project.id, createdBy: scene.member } },
      evaluations: [{}, { resource: { type: 'run', id: 'r', properties: { project: scene.project.id } } }],
    };
    expect(await decisions(request)).toEqual([true, false]);
  });

  it.each([
    ['execute_all', [true, false, true, false]],
    ['deny_on_first_deny', [true, false]],
    ['permit_on_first_permit', [true]],
  ])('%s (section 7.1.2)', async (evaluations_semantic, expected) => {
    const request = {
      subject: subject(scene.member),
      evaluations: mixed(),
      options: { evaluations_semantic, another_option: 'value' },
    };
    expect(await decisions(request)).toEqual(expected);
  });

  it('goes to the end where no answer stops it', async () => {
    const request = (name: string, evaluations_semantic: string) => ({
      subject: subject(scene.member),
      resource: project(),
      action: action(name),
      evaluations: [{}, {}, {}],
      options: { evaluations_semantic },
    });
    expect(await decisions(request('run:read', 'deny_on_first_deny'))).toEqual([true, true, true]);
    expect(await decisions(request('project:delete', 'permit_on_first_permit'))).toEqual([
      false,
      false,
      false,
    ]);
  });

  it('without evaluations is a single evaluation', async () => {
    const one = { subject: subject(scene.member), action: action('run:create'), resource: project() };
    for (const request of [one, { ...one, evaluations: [] }])
      expect((await send(request)).body).toMatchObject({ decision: true, context: { code: 'team_role' } });
    expect((await send({ evaluations: [] })).status).toBe(400);
  });

  it('denies an evaluation that means nothing, with its own error, and answers the others (section 7.2.1)', async () => {
    const request = {
      subject: subject(scene.member),
      resource: project(),
      evaluations: [
        { action: action('run:create') },
        { action: action('run:explode') },
        { action: action('run:read'), resource: { type: 'planet', id: 'x' } },
        { action: action('run:read'), resource: { type: 'run', id: 'x' } },
        { action: action('run:read') },
      ],
    };
    const reply = await send(request);
    expect(reply.body.evaluations).toMatchObject([
      { decision: true },
      { decision: false, context: { error: { status: 400, field: 'evaluations[1].action.name' } } },
      { decision: false, context: { error: { status: 400, field: 'evaluations[2].resource.type' } } },
      {
        decision: false,
        context: { error: { status: 400, field: 'evaluations[3].resource.properties.project' } },
      },
      { decision: true },
    ]);
    const options = { evaluations_semantic: 'deny_on_first_deny' };
    expect(await decisions({ ...request, options })).toEqual([true, false]);
  });

  it.each([
    ['evaluations', { evaluations: {} }],
    ['evaluations[0]', { evaluations: ['x'] }],
    ['evaluations[1].subject', { evaluations: [{ subject: { type: 'user', id: 'x' } }, {}] }],
    ['evaluations[0].subject.id', { evaluations: [{ subject: { type: 'user', id: {} } }] }],
    ['options', { options: 'x' }],
    ['options.evaluations_semantic', { options: { evaluations_semantic: 'guess' } }],
  ])('is 400 as a whole when %s is malformed', async (field, part) => {
    const request = { action: action('run:create'), resource: project(), ...part };
    const reply = await send(request);
    expect([reply.status, reply.body.errors?.[0]?.field]).toEqual([400, field]);
  });

  it('has at most so many evaluations as are advertised', async () => {
    const request = (count: number) => ({
      subject: subject(scene.member),
      action: action('run:read'),
      resource: project(),
      evaluations: Array.from({ length: count }, () => ({})),
    });
    expect(await decisions(request(LIMITS.accessEvaluations))).toHaveLength(LIMITS.accessEvaluations);
    expect((await send(request(LIMITS.accessEvaluations + 1))).status).toBe(400);
  });
});
