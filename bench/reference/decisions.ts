import { Router } from 'express';
import type pg from 'pg';
import { sendText } from './responses.ts';
import type { Question } from '../population/questions.ts';

interface AnswerRow {
  readonly answer: string;
}

const ONE = {
  name: 'decision',
  text: 'select answer from decisions where subject_id = $1 and action = $2 and resource_id = $3',
};
const MANY = {
  name: 'decisions',
  text: `select d.answer from unnest($1::uuid[], $2::text[], $3::text[]) with ordinality
           as q (subject_id, action, resource_id, position)
           join decisions d using (subject_id, action, resource_id) order by q.position`,
};

/** Decisions that were made before, found by an index: the least an answer can cost. */
export function decisionsRouter(pool: pg.Pool): Router {
  const router = Router();

  router.post('/evaluation', async (req, res) => {
    const { subject, action, resource } = req.body as Question;
    const { rows } = await pool.query<AnswerRow>({ ...ONE, values: [subject.id, action.name, resource.id] });
    sendText(res, 200, rows[0]?.answer ?? '{}');
  });

  router.post('/evaluations', async (req, res) => {
    const { evaluations } = req.body as { evaluations: readonly Question[] };
    const { rows } = await pool.query<AnswerRow>({
      ...MANY,
      values: [
        evaluations.map(({ subject }) => subject.id),
        evaluations.map(({ action }) => action.name),
        evaluations.map(({ resource }) => resource.id),
      ],
    });
    sendText(res, 200, `{"evaluations":[${rows.map(({ answer }) => answer).join(',')}]}`);
  });

  return router;
}
