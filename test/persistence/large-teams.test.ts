import { describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { expectStatus } from '../conformance/rfc/support/assertions.js';
import { IDS_PER_ROW } from '../../src/persistence/teams/team-statements.js';
import { useServer } from './support/use-server.js';

const server = useServer();

/** Members of teams that fill rows of ids, pieces of an answer and both just not, just so, and just over. */
const SIZES = [1, IDS_PER_ROW - 1, IDS_PER_ROW, IDS_PER_ROW + 1, 2 * IDS_PER_ROW + IDS_PER_ROW / 2];

/** Puts copies of the user into the team. @returns their ids */
async function addCopies(userId: string, teamId: string, count: number): Promise<readonly string[]> {
  const { rows } = await sql<{ id: string }>`
    with copies as (
      insert into users
      select (jsonb_populate_record(u, jsonb_build_object('id', gen_random_uuid(), 'user_name_key',
          ${teamId}::text || n))).*
        from users u, generate_series(1, ${count}::int) n where u.id = ${userId}::uuid
      returning org_id, id
    )
    insert into team_members (org_id, team_id, user_id, role, is_registry_admin, created_at)
    select org_id, ${teamId}::uuid, id, 'member', false, now() from copies returning user_id as id`.execute(
    server().database.connection.db,
  );
  return rows.map(({ id }) => id);
}

describe('a team of many members', () => {
  it.each(SIZES)('shows each of %i once, in the order of their ids', async (size) => {
    const { scim } = await server().organization();
    const user = await scim.post('/Users', { userName: 'template', displayName: 'Many' });
    const group = await scim.post('/Groups', { displayName: `of ${size}` });
    const ids = await addCopies(String(user.body.id), String(group.body.id), size);

    const reply = await scim.get(`/Groups/${group.body.id}`);
    expectStatus(reply, 200);
    const members = reply.body.members as { value: string; display: string }[];
    expect(members.map(({ value }) => value)).toEqual([...ids].sort());
    expect(new Set(members.map(({ display }) => display))).toEqual(new Set(['Many']));
  });

  it('leaves out those who were removed', async () => {
    const { scim } = await server().organization();
    const user = await scim.post('/Users', { userName: 'template' });
    const group = await scim.post('/Groups', { displayName: 'with one less' });
    const ids = [...(await addCopies(String(user.body.id), String(group.body.id), IDS_PER_ROW + 1))].sort();
    expectStatus(await scim.delete(`/Users/${ids[10]}`), 204);

    const reply = await scim.get(`/Groups/${group.body.id}`);
    const members = reply.body.members as { value: string }[];
    expect(members.map(({ value }) => value)).toEqual(ids.filter((_, place) => place !== 10));
  });
});
