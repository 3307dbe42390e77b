import { Router, type Request } from 'express';
import type pg from 'pg';
import { newId } from '../../src/kernel/ids.ts';
import { fillTemplate, type DocumentTemplate } from './document-template.ts';
import { listResponse, sendText } from './responses.ts';
import { keyOf } from './store.ts';

interface UserBody {
  readonly userName: string;
  readonly displayName: string;
}
interface PatchBody {
  readonly Operations: readonly { readonly value: boolean }[];
}
interface DocumentRow {
  readonly document: string;
}
interface PageRow {
  readonly documents: string | null;
  readonly count: number;
  readonly last: string | null;
}

const NIL_ID = '00000000-0000-0000-0000-000000000000';

/** The page is put together by Postgres: one row to parse is quicker than a hundred. */
const pageOf = (rows: string): string =>
  `select string_agg(document, ',') as documents, count(*)::int as count, max(id::text collate "C") as last from (${rows}) page`;
const PAGE_BY_KEY = pageOf('select id, document from users where id > $1 order by id limit $2');
const PAGE_BY_OFFSET = pageOf('select id, document from users order by id offset $1 limit $2');

/** Users in one prepared, indexed statement per request, and nothing a directory needs beyond that. */
export function usersRouter(pool: pg.Pool, template: DocumentTemplate): Router {
  const router = Router();

  router.get('/Users/:id', async (req, res) => {
    const { rows } = await pool.query<DocumentRow>({
      name: 'get',
      text: 'select document from users where id = $1',
      values: [req.params.id],
    });
    const row = rows[0];
    if (row === undefined) return sendText(res, 404, '{}');
    sendText(res, 200, row.document);
  });

  router.get('/Users', async (req, res) => {
    const { filter } = req.query;
    sendText(res, 200, typeof filter === 'string' ? await findMatch(filter) : await readPage(req));
  });

  async function findMatch(filter: string): Promise<string> {
    const userName = filter.slice(filter.indexOf('"') + 1, -1);
    const { rows } = await pool.query<DocumentRow>({
      name: 'match',
      text: 'select document from users where user_name_key = $1',
      values: [keyOf(userName)],
    });
    return listResponse(rows[0]?.document ?? '', rows.length, rows.length);
  }

  async function readPage(req: Request): Promise<string> {
    const { cursor, count, startIndex } = req.query;
    const offset = Number(startIndex ?? 1) - 1;
    const query =
      offset === 0
        ? {
            name: 'page',
            text: PAGE_BY_KEY,
            values: [cursor === undefined || cursor === '' ? NIL_ID : cursor, count],
          }
        : { name: 'offset', text: PAGE_BY_OFFSET, values: [offset, count] };
    const { rows } = await pool.query<PageRow>(query);
    const page = rows[0];
    const nextCursor = cursor === undefined ? undefined : (page?.last ?? undefined);
    return listResponse(page?.documents ?? '', page?.count ?? 0, page?.count ?? 0, nextCursor);
  }

  router.post('/Users', async (req, res) => {
    const { userName, displayName } = req.body as UserBody;
    const id = newId(Date.now());
    const document = fillTemplate(template, { id, userName, displayName });
    await pool.query({
      name: 'create',
      text: 'insert into users (id, user_name_key, document) values ($1, $2, $3)',
      values: [id, keyOf(userName), document],
    });
    res.setHeader('location', `/scim/v2/Users/${id}`);
    sendText(res, 201, document);
  });

  router.patch('/Users/:id', async (req, res) => {
    const active = (req.body as PatchBody).Operations[0]?.value === true;
    const { rows } = await pool.query<DocumentRow>({
      name: 'activate',
      text: 'update users set document = replace(document, $2, $3) where id = $1 returning document',
      values: [req.params.id, `"active":${String(!active)}`, `"active":${String(active)}`],
    });
    sendText(res, 200, rows[0]?.document ?? '{}');
  });

  router.put('/Users/:id', async (req, res) => {
    const { userName, displayName } = req.body as UserBody;
    const document = fillTemplate(template, { id: req.params.id, userName, displayName });
    await pool.query({
      name: 'replace',
      text: 'update users set document = $2 where id = $1',
      values: [req.params.id, document],
    });
    sendText(res, 200, document);
  });

  return router;
}
