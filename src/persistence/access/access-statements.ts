import { defineGatheredRead, defineStatement } from '../statement.js';

/** Columns of `facts` for one subject and place: see `FactsRow`. */
const FACTS = `
  u.id as user_id, u.user_name_key, u.account_type, u.is_active, u.removed_at is not null as is_removed,
  u.organization_role, coalesce(u.organization_role_since, u.created_at) as organization_role_since,
  u.organization_role_rule_id, u.seat,
  t.id as team_id, t.display_name as team_name,
  t.may_members_invite and not (select o.forbids_member_invitations from organizations o where o.id = $1)
    as may_members_invite,
  m.role, m.is_registry_admin, m.created_at as member_since, m.is_role_mapped, m.mapping_rule_id,
  m.sso_connection_id,
  r.name as role_name, r.inherited_from as role_base, r.permissions as role_permissions,
  p.id as project_id, p.name as project_name, p.visibility, p.owner_id,
  i.user_id is not null as has_place, i.is_invited, i.role as own_role,
  s.name as own_role_name, s.inherited_from as own_role_base, s.permissions as own_role_permissions,
  q.custom_role_id is not null and exists (select 1 from roles c where c.org_id = $1 and c.id = q.custom_role_id)
    as has_custom_role`;

/** What there is to know about `q (user_id, project_id, team_id, custom_role_id)`. Archived things are not there. */
const GATHERED = `
  left join users u on u.org_id = $1 and u.id = q.user_id
  left join projects p on p.org_id = $1 and p.id = q.project_id and p.archived_at is null
  left join teams t on t.org_id = $1 and t.id = coalesce(p.team_id, q.team_id) and t.archived_at is null
  left join team_members m on m.org_id = $1 and m.team_id = t.id and m.user_id = u.id
  left join roles r on r.org_id = $1 and r.id = m.custom_role_id
  left join project_members i on i.org_id = $1 and i.project_id = p.id and i.user_id = u.id
  left join roles s on s.org_id = $1 and s.id = i.custom_role_id`;

/**
 * Whether the key `$2`, when one asks, may ask now: live, for access, of an active service account or admin. In the same
 * statement, so that nobody is answered with a key that is revoked already.
 */
const IS_CALLER_LIVE = `
  ($2::uuid is null or exists (
    select 1 from api_keys k join users a on a.org_id = k.org_id and a.id = k.user_id
     where k.org_id = $1 and k.id = $2 and k.revoked_at is null
       and (k.expires_at is null or k.expires_at > $3::timestamptz) and 'access' = any(k.scopes)
       and a.is_active and a.removed_at is null
       and (a.account_type <> 'USER' or (a.organization_role = 'admin' and a.seat <> 'viewer')))) as is_caller_live`;

/** The account with an id, else with a userName, else the only one with an e-mail address. */
const subjectOf = (id: string, key: string): string => `
  left join users by_id on by_id.org_id = $1 and by_id.id = ${id}
  left join users by_name on by_id.id is null and by_name.org_id = $1 and by_name.user_name_key = ${key}
  left join lateral (
    select count(*)::int as matches, (array_agg(x.id))[1] as id from users x
     where by_id.id is null and by_name.id is null
       and x.org_id = $1 and x.email_keys @> array[left(${key}, 256)] and x.removed_at is null
  ) by_email on true`;

const SUBJECT_ID = `
  coalesce(by_id.id, by_name.id, case when by_email.matches = 1 then by_email.id end)`;

/**
 * The facts of questions about accounts by their ids, in their order: what applications ask most, and without the search
 * for a name a fifth less time for 100. No account where the text is no id after all. The arrays are hidden in sub-selects: seen by
 * the planner, short ones would have it plan anew each time, which takes ten times as long as the answer.
 */
export const GATHER_BY_ID = defineGatheredRead(
  'access_gather_by_id',
  `select ${IS_CALLER_LIVE}, 0 as matches, ${FACTS}
     from unnest((select $4::uuid[]), (select $5::uuid[]), (select $6::uuid[]), (select $7::uuid[]))
       with ordinality as q (user_id, project_id, team_id, custom_role_id, position) ${GATHERED}
    order by q.position`,
);

/** The facts of questions about accounts by whatever names them, in their order. */
export const GATHER = defineGatheredRead(
  'access_gather',
  `select ${IS_CALLER_LIVE}, q.matches, ${FACTS}
     from (
       select asked.position, ${SUBJECT_ID} as user_id, by_email.matches, asked.project_id, asked.team_id,
         asked.custom_role_id
         from unnest((select $4::uuid[]), (select $5::text[]), (select $6::uuid[]), (select $7::uuid[]), (select $8::uuid[]))
           with ordinality as asked (subject_id, subject_key, project_id, team_id, custom_role_id, position)
         ${subjectOf('asked.subject_id', 'asked.subject_key')}
     ) q ${GATHERED}
    order by q.position`,
);

/** Active accounts of a kind after an id, with their facts at one place; of a team only who could have a role in it. */
const searchSubjects = (name: string, candidates: string) =>
  defineStatement(
    name,
    `select ${IS_CALLER_LIVE}, 0 as matches, q.user_id as candidate_id, ${FACTS}
       from (
         select c.id as user_id, $4::uuid as project_id, $5::uuid as team_id, $6::uuid as custom_role_id
           from users c
          where c.org_id = $1 and c.removed_at is null and c.is_active and (c.account_type = 'USER') = $7
            and ($8::uuid is null or c.id > $8::uuid) ${candidates}
          order by c.id limit $9
       ) q ${GATHERED}
      order by q.user_id`,
  );

export const SEARCH_ALL_SUBJECTS = searchSubjects('access_search_all_subjects', '');

export const SEARCH_TEAM_SUBJECTS = searchSubjects(
  'access_search_team_subjects',
  `and c.id in (
     select n.user_id from team_members n where n.org_id = $1 and n.team_id =
       coalesce((select x.team_id from projects x where x.org_id = $1 and x.id = $4::uuid), $5::uuid)
     union
     select a.id from users a where a.org_id = $1 and a.organization_role = 'admin' and a.removed_at is null
     union
     select b.id from users b where b.org_id = $1 and b.account_type = 'ORG_SERVICE' and b.removed_at is null)`,
);

/** Live resources after an id, with the facts of one subject at each. */
const searchResources = (name: string, columns: string, source: string) =>
  defineStatement(
    name,
    `select ${IS_CALLER_LIVE}, q.matches, q.candidate_id, ${FACTS}
       from (
         select found.id as candidate_id, ${SUBJECT_ID} as user_id, by_email.matches, ${columns}
           from (select $4::uuid as subject_id, $5::text as subject_key) asked
           ${subjectOf('asked.subject_id', 'asked.subject_key')}
           cross join lateral (
             select c.id from ${source} and ($7::uuid is null or c.id > $7::uuid) order by c.id limit $8
           ) found
       ) q ${GATHERED}
      order by q.candidate_id`,
  );

/** Projects that the subject could have anything in: those of its teams, and those that everybody sees. */
export const SEARCH_PROJECTS = searchResources(
  'access_search_projects',
  'found.id as project_id, null::uuid as team_id, null::uuid as custom_role_id',
  `projects c
    where c.org_id = $1 and c.archived_at is null and ($6::uuid is null or c.team_id = $6::uuid)
      and (c.visibility in ('open', 'public') or by_id.account_type = 'ORG_SERVICE' or by_name.account_type = 'ORG_SERVICE'
        or by_email.matches > 0
        or exists (select 1 from team_members n where n.org_id = $1 and n.team_id = c.team_id
          and n.user_id = coalesce(by_id.id, by_name.id)))`,
);

export const SEARCH_TEAMS = searchResources(
  'access_search_teams',
  'null::uuid as project_id, found.id as team_id, null::uuid as custom_role_id',
  `teams c where c.org_id = $1 and c.archived_at is null and ($6::uuid is null or c.id = $6::uuid)`,
);

export const SEARCH_ROLES = searchResources(
  'access_search_roles',
  'null::uuid as project_id, null::uuid as team_id, found.id as custom_role_id',
  `roles c where c.org_id = $1 and $6::uuid is null`,
);
