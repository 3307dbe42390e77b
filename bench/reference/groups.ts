import { Router } from 'express';
import type pg from 'pg';
import { newId } from '../../src/kernel/ids.ts';
import { sendText } from './responses.ts';

interface GroupRow {
  readonly display_name: string;
}
interface PatchBody {
  readonly Operations: readonly {
    readonly op: string;
    readonly value: readonly { readonly value: string }[];
  }[];
}

const ADD = {
  name: 'add',
  text: 'insert into members (group_id, user_id) select $1, unnest($2::uuid[]) on conflict do nothing',
};
const REMOVE = {
  name: 'remove',
  text: 'delete from members where group_id = $1 and user_id = any($2::uuid[])',
};

/** Groups with a row per member, so that a change touches only the members it names. */
export function groupsRouter(pool: pg.Pool): Router {
  const router = Router();

  router.post('/Groups', async (req, res) => {
    const { displayName } = req.body as { displayName: string };
    const id = newId(Date.now());
    await pool.query({
      name: 'create-group',
      text: 'insert into groups (id, display_name) values ($1, $2)',
      values: [id, displayName],
    });
    res.setHeader('location', `/scim/v2/Groups/${id}`);
    sendText(res, 201, groupDocument(id, displayName));
  });

  router.get('/Groups/:id', async (req, res) => {
    const { id } = req.params;
    const { rows } = await pool.query<GroupRow>({
      name: 'group',
      text: 'select display_name from groups where id = $1',
      values: [id],
    });
    const displayName = rows[0]?.display_name ?? '';
    if (req.query['excludedAttributes'] === 'members') {
      sendText(res, 200, groupDocument(id, displayName));
      return;
    }
    const members = await pool.query<{ members: string }>({
      name: 'members',
      text: `select coalesce(string_agg('{"value":"' || user_id || '"}', ','), '') as members from members where group_id = $1`,
      values: [id],
    });
    sendText(res, 200, groupDocument(id, displayName, members.rows[0]?.members));
  });

  router.patch('/Groups/:id', async (req, res) => {
    for (const { op, value } of (req.body as PatchBody).Operations) {
      const ids = value.map((member) => member.value);
      await pool.query({ ...(op === 'Add' ? ADD : REMOVE), values: [req.params.id, ids] });
    }
    res.statusCode = 204;
    res.end();
  });

  return router;
}

function groupDocument(id: string, displayName: string, members?: string): string {
  const list = members === undefined ? '' : `,"members":[${members}]`;
  return `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"id":"${id}","displayName":"${displayName}"${list}}`;
}
