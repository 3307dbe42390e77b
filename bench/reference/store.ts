import pg from 'pg';
import { displayNameOf, userNameOf } from '../population/user-bodies.ts';
import { fillTemplate, type DocumentTemplate } from './document-template.ts';

const SCHEMA = `
  create table users (id uuid primary key, user_name_key text not null unique, document text not null);
  create table groups (id uuid primary key, display_name text not null unique);
  create table members (group_id uuid, user_id uuid, primary key (group_id, user_id));
`;
const ROWS_PER_STATEMENT = 2_000;

/** How a userName is compared: NFKC and without case, as the product does. */
export const keyOf = (userName: string): string => userName.normalize('NFKC').toLowerCase();

/** Creates the tables of the reference and the users of the given ids, numbered by their place. */
export async function loadReference(
  databaseUrl: string,
  ids: readonly string[],
  template: DocumentTemplate,
): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query(SCHEMA);
    for (let first = 0; first < ids.length; first += ROWS_PER_STATEMENT) {
      const part = ids.slice(first, first + ROWS_PER_STATEMENT);
      const names = part.map((_, index) => userNameOf(first + index));
      const documents = part.map((id, index) => {
        const displayName = displayNameOf(first + index);
        return fillTemplate(template, { id, userName: names[index] ?? '', displayName });
      });
      await client.query(
        'insert into users (id, user_name_key, document) select * from unnest($1::uuid[], $2::text[], $3::text[])',
        [part, names.map(keyOf), documents],
      );
    }
  } finally {
    await client.end();
  }
}
