import type { Subject } from '../environment/child-server.ts';
import { accessSurface, openAccess } from '../environment/access-key.ts';
import { queryDatabase } from '../environment/postgres.ts';
import { send } from '../environment/scim-client.ts';
import type { Surface } from '../load/plan.ts';
import { loadOrganization } from '../population/organization.ts';
import { questionAbout, type Question } from '../population/questions.ts';
import { say } from '../progress.ts';
import { loadDecisions, type AnsweredQuestion } from '../reference/load-decisions.ts';
import type { Bench } from './bench.ts';

const QUESTIONS_PER_REQUEST = 500;

/** One question about every user, which both servers can answer. */
export interface AccessQuestions {
  /** As JSON, by user number. */
  readonly bodies: readonly string[];
  surfaceOf(subject: Subject): Surface;
}

const prepared = new WeakMap<Bench, Promise<AccessQuestions>>();

/** On first use: fills the product's teams and projects, and gives the reference the product's own answers. */
export function getAccessQuestions(bench: Bench): Promise<AccessQuestions> {
  const known = prepared.get(bench) ?? prepare(bench);
  prepared.set(bench, known);
  return known;
}

async function prepare(bench: Bench): Promise<AccessQuestions> {
  const { product, reference, deployment, population } = bench;
  if (!deployment) return prepareReferences(bench);
  say('loading teams and projects');
  const organization = await loadOrganization(product.databaseUrl, population.ids);
  const { teamIds, projectIds } = organization;
  say(`${teamIds.length} teams, ${projectIds.length} projects`);
  await queryDatabase(product.databaseUrl, 'vacuum analyze');
  const surface = await openAccess(deployment, product, teamIds[0] ?? '');

  const questions = population.ids.map((id, number) => questionAbout({ number, id }, organization));
  const answered: AnsweredQuestion[] = [];
  for (let first = 0; first < questions.length; first += QUESTIONS_PER_REQUEST) {
    const evaluations = questions.slice(first, first + QUESTIONS_PER_REQUEST);
    const answer = await send(product, surface, 'POST', '/evaluations', {
      body: { evaluations },
      expect: 200,
    });
    const decisions = (answer.body as { readonly evaluations: readonly { readonly decision: boolean }[] })
      .evaluations;
    for (const [index, question] of evaluations.entries())
      answered.push({ question, answer: JSON.stringify(decisions[index]) });
  }
  const allowed = answered.filter(({ answer }) => answer.startsWith('{"decision":true')).length;
  say(`${allowed} of ${answered.length} questions are answered with yes`);
  await loadDecisions(reference.databaseUrl, answered);
  return {
    bodies: questions.map((question) => JSON.stringify(question)),
    surfaceOf: (subject) => (subject === product ? surface : accessSurface('x'.repeat(surface.token.length))),
  };
}

/** For --calibrate: two references with the same answers, of the size of usual ones. */
async function prepareReferences({
  product,
  reference,
  population,
}: Pick<Bench, 'product' | 'reference' | 'population'>): Promise<AccessQuestions> {
  const context = {
    reason: 'x'.repeat(90),
    code: 'team_role',
    role: 'member',
    scope: 'any',
    ids: 'x'.repeat(160),
  };
  const answer = JSON.stringify({ decision: true, context });
  const answered = population.ids.map((id, number): AnsweredQuestion => {
    const resource = { type: 'project', id: population.ids[(number * 31) % population.ids.length] ?? '' };
    const question: Question = { subject: { type: 'user', id }, action: { name: 'run:create' }, resource };
    return { question, answer };
  });
  for (const { databaseUrl } of [product, reference]) await loadDecisions(databaseUrl, answered);
  return {
    bodies: answered.map(({ question }) => JSON.stringify(question)),
    surfaceOf: () => accessSurface('x'.repeat(46)),
  };
}
