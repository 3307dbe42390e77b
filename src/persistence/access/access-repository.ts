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
  GATHER,
  GATHER_BY_ID,
  SEARCH_ALL_SUBJECTS,
  SEARCH_PROJECTS,
  SEARCH_ROLES,
  SEARCH_TEAM_SUBJECTS,
  SEARCH_TEAMS,
} from './access-statements.js';
import { toFacts, type FactsRow } from './facts-rows.js';
import { SharedGathering } from './shared-gathering.js';

type CandidateRow = FactsRow & { readonly candidate_id: string };

/**
 * Facts for decisions in SQL, from the database itself, nothing remembered: one statement, and another where what looks
 * like an account's id is none.
 */
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
    const rows =
      (await this.#gatherById(caller, queries, now)) ?? (await this.#gatherByName(caller, queries, now));
    return {
      isCallerLive: rows[0]?.is_caller_live ?? false,
      facts: queries.flatMap(({ subject }, index) => {
        const row = rows[index];
        return row ? [toFacts(caller.organizationId, row, subject.type)] : [];
      }),
    };
  }

  /** Undefined when one of the subjects is not an account's id. */
  async #gatherById(
    caller: AccessCaller,
    queries: readonly FactsQuery[],
    now: Instant,
  ): Promise<readonly FactsRow[] | undefined> {
    const ids = queries.map(({ subject }) => subject.id);
    if (!ids.every(isUuid)) return undefined;
    const columns = [...callerColumns(caller, now), ids, ...placeColumns(queries)];
    const rows = await run<FactsRow>(this.#db, GATHER_BY_ID, columns);
    return rows.every(({ user_id: id }) => id !== null) ? rows : undefined;
  }

  #gatherByName(
    caller: AccessCaller,
    queries: readonly FactsQuery[],
    now: Instant,
  ): Promise<readonly FactsRow[]> {
    const subjects = queries.map(({ subject }) => subjectColumns(subject));
    return run<FactsRow>(this.#db, GATHER, [
      ...callerColumns(caller, now),
      subjects.map(([id]) => id),
      subjects.map(([, key]) => key),
      ...placeColumns(queries),
    ]);
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

const placeColumns = (queries: readonly FactsQuery[]): readonly (readonly (string | null)[])[] => [
  queries.map(({ place }) => place.project ?? null),
  queries.map(({ place }) => place.team ?? null),
  queries.map(({ place }) => place.customRole ?? null),
];
