import { describe, expect, it } from '@jest/globals';
import { CLIENT_HEADERS } from './client-headers.js';
import { readFixtures, type Fixture, type Step } from './fixture.js';

/** Placeholders without the numbers that a repetition adds: `{{U{{i}}}}` and `{{U12}}` are both `U`. */
const namesIn = (value: unknown): string[] =>
  [...(JSON.stringify(value) ?? '').replaceAll('{{i}}', '').matchAll(/\{\{(\w+?)\d*\}\}/gu)].map(
    ([, name]) => name ?? '',
  );

const savedBy = (step: Step): string[] =>
  Object.keys(step.expect.save ?? {}).map((name) => name.replace('{{i}}', '').replace(/\d+$/u, ''));

const unsavedNames = (fixture: Fixture): string[] => {
  const saved = new Set(['BASE', 'TOKEN', 'ADMIN']);
  return fixture.steps.flatMap((step) => {
    const { expect: expected, ...sent } = step;
    const early = namesIn(sent).filter((name) => !saved.has(name));
    for (const name of savedBy(step)) saved.add(name);
    return [...early, ...namesIn(expected.body).filter((name) => !saved.has(name))];
  });
};

describe('the fixtures of the replays', () => {
  const fixtures = readFixtures();

  it.each(fixtures)('$client/$file uses only what an earlier step saved', ({ fixture }) => {
    expect(unsavedNames(fixture)).toEqual([]);
  });

  it('come from clients whose headers are known, and every such client has some', () => {
    expect([...new Set(fixtures.map(({ client }) => client))].sort()).toEqual(
      Object.keys(CLIENT_HEADERS).sort(),
    );
  });

  it('have a name of their own per client', () => {
    const titles = fixtures.map(({ client, fixture }) => `${client}: ${fixture.name}`);
    expect(new Set(titles).size).toBe(titles.length);
  });
});
