import { describe, expect, it } from '@jest/globals';
import { parseDemoAccess } from '../../../src/cli/demo/access.js';
import { demoRoles, entraPlan, oktaPlan } from '../../../src/cli/demo/plan.js';
import { Recorder } from '../../../src/cli/demo/recorder.js';
import { quantile, renderNextSteps, renderReport } from '../../../src/cli/demo/report.js';
import { PERMISSIONS } from '../../../src/permissions/index.js';

const people = [...oktaPlan.people, ...entraPlan.people];

describe('the company of the demo', () => {
  it('has 200 people, 12 teams and 3 roles', () => {
    expect(people).toHaveLength(200);
    expect(new Set([...oktaPlan.teams, ...entraPlan.teams]).size).toBe(12);
    expect(demoRoles).toHaveLength(3);
  });

  it('has people who differ in userName, name and id, under domains nobody can own (RFC 2606)', () => {
    expect(new Set(people.map(({ userName }) => userName)).size).toBe(200);
    expect(new Set(people.map(({ displayName }) => displayName)).size).toBe(200);
    expect(new Set(people.map(({ externalId }) => externalId)).size).toBe(200);
    for (const { userName } of people) expect(userName).toMatch(/^[a-z]+\.[a-z]+@[a-z]+\.example$/);
  });

  it('gives each identity provider ids in its own form', () => {
    for (const { externalId } of oktaPlan.people) expect(externalId).toMatch(/^00u[A-Za-z0-9]{17}$/);
    for (const { externalId } of entraPlan.people)
      expect(externalId).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  });

  it('names only permissions of the catalogue', () => {
    for (const name of demoRoles.flatMap(({ permissions }) => permissions))
      expect(Object.keys(PERMISSIONS)).toContain(name);
  });

  it.each([
    ['Okta', oktaPlan],
    ['Entra', entraPlan],
  ])('changes in %s without one change undoing another', (_name, { changes, teams }) => {
    const { rename, move, deactivate, reactivate, remove, renameTeam } = changes;
    const touched = [...rename, ...move.map(({ person }) => person), ...deactivate, ...remove];
    expect(new Set(touched).size).toBe(touched.length);
    for (const person of reactivate) expect(deactivate).toContain(person);
    for (const { from, to } of move) expect(from).not.toBe(to);
    expect(teams).toContain(renameTeam.from);
    expect(teams).not.toContain(renameTeam.to);
  });
});

describe('the report of the demo', () => {
  it('takes quantiles by nearest rank', () => {
    const times = Array.from({ length: 100 }, (_, index) => index + 1);
    expect(quantile(times, 0.5)).toBe(50);
    expect(quantile(times, 0.99)).toBe(99);
    expect(quantile([7], 0.99)).toBe(7);
    expect(quantile([], 0.5)).toBe(0);
  });

  it('counts requests and answers by operation', () => {
    const recorder = new Recorder();
    recorder.record({ operation: 'create user', status: 201, milliseconds: 4, isExpected: true });
    recorder.record({ operation: 'create user', status: 409, milliseconds: 2, isExpected: false });
    recorder.record({ operation: 'match user', status: 200, milliseconds: 1, isExpected: true });
    recorder.addProblem('POST /Users: 409 taken');
    const report = renderReport(recorder);
    expect(report).toMatch(/create user +2 +2 +4 +201 x 1, 409 x 1\n/);
    expect(report).toMatch(/all +3 /);
    expect(report).toContain('1 unexpected:\n  POST /Users: 409 taken\n');
  });

  it('describes the first problems only, and counts the others', () => {
    const recorder = new Recorder();
    for (let index = 0; index < 25; index += 1) recorder.addProblem(`problem ${index}`);
    const report = renderReport(recorder);
    expect(report).toContain('25 unexpected');
    expect(report).toContain('and 15 more');
    expect(report).not.toContain('problem 20');
  });

  it('does not repeat a token that was typed', () => {
    expect(renderNextSteps('http://x/scim/v2', undefined)).toContain("'Authorization: Bearer TOKEN'");
  });
});

describe('tokens of the demo', () => {
  it('are read only in their own shape', () => {
    expect(parseDemoAccess('{"oktaToken":"a","entraToken":"b"}')).toEqual({
      oktaToken: 'a',
      entraToken: 'b',
    });
    for (const text of ['', 'x', '[]', '{}', '{"oktaToken":"a"}'])
      expect(parseDemoAccess(text)).toBeUndefined();
  });
});
