import pg from 'pg';
import { newId } from '../../src/kernel/ids.ts';
import { hashSecret, newSecret, secretPrefix } from '../../src/kernel/secrets.ts';

/** What a person signs requests with. */
export interface Credentials {
  readonly userId: string;
  readonly sessionSecret: string;
  readonly apiKey: string;
}

/** Puts a session and an API key for each person into the product's tables, as sign-ins and the admin API do. */
export async function issueCredentials(
  databaseUrl: string,
  userIds: readonly string[],
): Promise<Credentials[]> {
  const credentials = userIds.map((userId) => ({
    userId,
    sessionSecret: newSecret('rs_'),
    apiKey: newSecret('rk_'),
  }));
  const makeIds = (): string[] => userIds.map(() => newId(Date.now()));
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query(
      `insert into sessions (org_id, id, user_id, secret_hash, method, created_at, last_seen_at, expires_at)
       select u.org_id, c.id, u.id, c.hash, 'password', now(), now(), now() + interval '1 day'
         from unnest($1::uuid[], $2::uuid[], $3::text[]) as c (user_id, id, hash) join users u on u.id = c.user_id`,
      [userIds, makeIds(), credentials.map(({ sessionSecret }) => hashSecret(sessionSecret))],
    );
    await client.query(
      `insert into api_keys (org_id, id, user_id, name, key_hash, key_prefix, scopes, created_at)
       select u.org_id, c.id, u.id, 'bench', c.hash, c.prefix, array['admin', 'access'], now()
         from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[]) as c (user_id, id, hash, prefix)
         join users u on u.id = c.user_id`,
      [
        userIds,
        makeIds(),
        credentials.map(({ apiKey }) => hashSecret(apiKey)),
        credentials.map(({ apiKey }) => secretPrefix(apiKey)),
      ],
    );
  } finally {
    await client.end();
  }
  return credentials;
}
