import pg from 'pg';
import { newId } from '../../src/kernel/ids.ts';

/** Teams, projects and who is in them, as large as the directory allows: 1,000 teams for 100,000 users. */
export interface Organization {
  readonly teamIds: readonly string[];
  /** The project of number p belongs to the team of number p modulo the number of teams. */
  readonly projectIds: readonly string[];
}

const USERS_PER_TEAM = 100;
const PROJECTS_PER_TEAM = 10;
const CUSTOM_ROLES = 10;

/** A user is in up to three teams: those of number (n * factor + offset) modulo the number of teams. */
const MEMBERSHIPS = [
  { factor: 1, offset: 0 },
  { factor: 7, offset: 331 },
  { factor: 13, offset: 619 },
] as const;

/** The number of a team that the user of number n is in. */
export const teamNumberOf = (userNumber: number, { teamIds }: Organization): number =>
  userNumber % teamIds.length;

/**
 * Puts teams with members, custom roles and projects into the product's tables, which is all that a decision looks at.
 * Of ten members of a team, one is admin, two have a custom role, one is View-Only; of ten projects, three are
 * restricted with twenty invited, one is public, one open, and in the others five members have a role of their own.
 */
export async function loadOrganization(
  databaseUrl: string,
  userIds: readonly string[],
): Promise<Organization> {
  const now = Date.now();
  const makeIds = (count: number): string[] => Array.from({ length: count }, () => newId(now));
  const teamIds = makeIds(Math.max(1, Math.floor(userIds.length / USERS_PER_TEAM)));
  const projectIds = makeIds(teamIds.length * PROJECTS_PER_TEAM);
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query('begin');
    for (const [name, ids] of Object.entries({
      bench_users: userIds,
      bench_teams: teamIds,
      bench_projects: projectIds,
      bench_roles: makeIds(CUSTOM_ROLES),
    })) {
      await client.query(`create temp table ${name} (number int primary key, id uuid) on commit drop`);
      await client.query(
        `insert into ${name} select position - 1, id from unnest($1::uuid[]) with ordinality as a (id, position)`,
        [ids],
      );
      await client.query(`analyze ${name}`);
    }
    const { rows } = await client.query<{ org_id: string }>('select org_id from users where id = $1', [
      userIds[0],
    ]);
    for (const statement of STATEMENTS) await client.query(statement, [rows[0]?.org_id]);
    await client.query('commit');
  } finally {
    await client.end();
  }
  return { teamIds, projectIds };
}

const memberships = MEMBERSHIPS.map(
  ({ factor, offset }, index) =>
    `select number, id, (number * ${factor} + ${offset}) % (select count(*) from bench_teams) as team, ` +
    `(number + ${index}) % 10 as kind from bench_users`,
).join(' union all ');

/** Members of each team, counted. */
const NUMBERED_MEMBERS = `
  select m.*, row_number() over (partition by m.team_id order by m.user_id) - 1 as place
    from team_members m where m.org_id = $1 and m.team_id in (select id from bench_teams)`;

const PROJECTS = `
  select p.id, p.number, t.id as team_id, p.number / (select count(*) from bench_teams) as kind
    from bench_projects p join bench_teams t on t.number = p.number % (select count(*) from bench_teams)`;

const STATEMENTS = [
  `insert into teams (org_id, id, display_name, display_name_key, version, created_at, updated_at)
   select $1, id, 'Bench team ' || number, 'bench team ' || number, 1, now(), now() from bench_teams`,
  `update organization_counters set teams = teams + (select count(*) from bench_teams)
    where org_id = $1 and slot = 0`,
  `insert into roles (org_id, id, name, inherited_from, permissions, version, created_at, updated_at)
   select $1, id, 'Bench role ' || number, case number % 2 when 0 then 'member' else 'viewer' end,
     array['project:update', 'run:stop', 'report:create'], 1, now(), now() from bench_roles`,
  `insert into team_members (org_id, team_id, user_id, role, custom_role_id, is_registry_admin, created_at)
   select $1, t.id, m.id,
     case when m.kind = 0 then 'admin' when m.kind = 7 then 'viewer' when m.kind >= 8 then 'custom' else 'member' end,
     case when m.kind >= 8 then (select r.id from bench_roles r where r.number = m.number % ${CUSTOM_ROLES}) end,
     m.number % 50 = 0, now()
     from (${memberships}) m join bench_teams t on t.number = m.team
   on conflict do nothing`,
  `insert into projects (org_id, id, team_id, name, name_key, visibility, owner_id, version, created_at, updated_at)
   select $1, p.id, p.team_id, 'Bench project ' || p.number, 'bench project ' || p.number,
     case when p.kind < 3 then 'restricted' when p.kind = 3 then 'public' when p.kind = 4 then 'open' else 'team' end,
     m.user_id, 1, now(), now()
     from (${PROJECTS}) p join (${NUMBERED_MEMBERS}) m on m.team_id = p.team_id and m.place = p.kind`,
  `insert into project_members (org_id, project_id, team_id, user_id, role, is_invited, created_at)
   select $1, p.id, p.team_id, m.user_id, null, true, now()
     from (${PROJECTS}) p join (${NUMBERED_MEMBERS}) m on m.team_id = p.team_id and m.place % 10 = p.kind
    where p.kind < 3 and m.place < 200`,
  `insert into project_members (org_id, project_id, team_id, user_id, role, is_invited, created_at)
   select $1, p.id, p.team_id, m.user_id, 'admin', false, now()
     from (${PROJECTS}) p join (${NUMBERED_MEMBERS}) m on m.team_id = p.team_id and m.role = 'member'
    where p.kind > 4 and m.place < 7`,
] as const;
