import pg from 'pg';
import type { Question } from '../population/questions.ts';

export interface AnsweredQuestion {
  readonly question: Question;
  /** The answer as JSON. */
  readonly answer: string;
}

const SCHEMA = `
  create table decisions (
    subject_id uuid, action text, resource_id text, answer text not null, primary key (subject_id, action, resource_id)
  )`;
const ROWS_PER_STATEMENT = 2_000;

/** Gives a reference server the answers it is to send. */
export async function loadDecisions(
  databaseUrl: string,
  decisions: readonly AnsweredQuestion[],
): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query(SCHEMA);
    for (let first = 0; first < decisions.length; first += ROWS_PER_STATEMENT) {
      const part = decisions.slice(first, first + ROWS_PER_STATEMENT);
      await client.query(
        'insert into decisions select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[])',
        [
          part.map(({ question }) => question.subject.id),
          part.map(({ question }) => question.action.name),
          part.map(({ question }) => question.resource.id),
          part.map(({ answer }) => answer),
        ],
      );
    }
    await client.query('vacuum analyze decisions');
  } finally {
    await client.end();
  }
}
