import type { Kysely } from 'kysely';
import type { Instant } from '../../kernel/clock.js';
import { foldCase } from '../../kernel/fold.js';
import { isUuid } from '../../kernel/ids.js';
import type { FactsQuery } from '../../directory/access/access-place.js';
import type {
  AccessCaller,
  AccessStore,
  Candidates,
  GatheredFacts,
  ResourceSearch,
  SubjectSearch,
} from '../../directory/access/access-store.js';
import type { SubjectReference, SubjectType } from '../../directory/access/access-request.js';
import type { Database } from '../database.js';
import { run, type Statement } from '../statement.js';
import {
  GATHER_MANY,
  GATHER_ONE,
  SEARCH_ALL_SUBJECTS,
  SEARCH_PROJECTS,
  SEARCH_ROLES,
  SEARCH_TEAM_SUBJECTS,
  SEARCH_TEAMS,
} from './access-statements.js';
import { toFacts, type FactsRow } from './facts-rows.js';
import { SharedGathering } from './shared-gathering.js';

type CandidateRow = FactsRow & { readonly candidate_id: string };

/** Facts for decisions in SQL: one statement each time, from the database itself, nothing remembered. */
export class AccessRepository implements AccessStore {
  readonly #db: Kysely<Database>;
  readonly #shared = new SharedGathering((...asked) => this.#gatherAll(...asked));

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  async gather(caller: AccessCaller, queries: readonly FactsQuery[], now: Instant): Promise<GatheredFacts> {
    const [first, second] = queries;
    if (!first) return { isCallerLive: true, facts: [] };
    // What a transaction reads is its own.
    if (second || this.#db.isTransaction) return this.#gatherAll(caller, queries, now);
    return this.#shared.gather(caller, first, now);
  }

  async #gatherAll(
    caller: AccessCaller,
    queries: readonly FactsQuery[],
    now: Instant,
  ): Promise<GatheredFacts> {
    const first = queries[0];
    if (!first) return { isCallerLive: true, facts: [] };
    const rows = await run<FactsRow>(
      this.#db,
      queries.length === 1 ? GATHER_ONE : GATHER_MANY,
      queries.length === 1
        ? [...callerColumns(caller, now), ...subjectColumns(first.subject), ...placeColumns(first)]
        : [...callerColumns(caller, now), ...transpose(queries)],
    );
    return {
      isCallerLive: rows[0]?.is_caller_live ?? false,
      facts: rows.map((row, index) =>
        toFacts(caller.organizationId, row, (queries[index] ?? first).subject.type),
      ),
    };
  }

  async subjects(caller: AccessCaller, search: SubjectSearch, now: Instant): Promise<Candidates> {
    const { place, type, after, limit } = search;
    return this.#search(caller, type, search.isTeamOnly ? SEARCH_TEAM_SUBJECTS : SEARCH_ALL_SUBJECTS, [
      ...callerColumns(caller, now),
      place.project ?? null,
      place.team ?? null,
      place.customRole ?? null,
      type === 'user',
      after ?? null,
      limit,
    ]);
  }

  async resources(caller: AccessCaller, search: ResourceSearch, now: Instant): Promise<Candidates> {
    const { subject, type, team, after, limit } = search;
    return this.#search(caller, subject.type, RESOURCES[type], [
      ...callerColumns(caller, now),
      ...subjectColumns(subject),
      team ?? null,
      after ?? null,
      limit,
    ]);
  }

  async #search(
    caller: AccessCaller,
    subjectType: SubjectType,
    statement: Statement,
    parameters: readonly unknown[],
  ): Promise<Candidates> {
    const rows = await run<CandidateRow>(this.#db, statement, parameters);
    return {
      isCallerLive: rows[0]?.is_caller_live ?? true,
      candidates: rows.map((row) => ({
        id: row.candidate_id,
        facts: toFacts(caller.organizationId, row, subjectType),
      })),
    };
  }
}

const RESOURCES = { project: SEARCH_PROJECTS, team: SEARCH_TEAMS, role: SEARCH_ROLES } as const;

const callerColumns = ({ organizationId, apiKeyId }: AccessCaller, now: Instant): readonly unknown[] => [
  organizationId,
  apiKeyId ?? null,
  now,
];

/** Id, where the text has the form of one, and the folded text. */
const subjectColumns = ({ id }: SubjectReference): readonly [string | null, string] => [
  isUuid(id) ? id : null,
  foldCase(id),
];

const placeColumns = ({ place }: FactsQuery): readonly (string | null)[] => [
  place.project ?? null,
  place.team ?? null,
  place.customRole ?? null,
];

function transpose(queries: readonly FactsQuery[]): readonly (readonly (string | null)[])[] {
  const subjects = queries.map(({ subject }) => subjectColumns(subject));
  return [
    subjects.map(([id]) => id),
    subjects.map(([, key]) => key),
    queries.map(({ place }) => place.project ?? null),
    queries.map(({ place }) => place.team ?? null),
    queries.map(({ place }) => place.customRole ?? null),
  ];
}
