import type { Clock } from '../../kernel/clock.js';
import { DomainError, isDomainError } from '../../kernel/errors.js';
import { isUuid, newId } from '../../kernel/ids.js';
import type { ListQuery, Page } from '../query.js';
import type { ConnectionContext } from '../request-context.js';
import type { Stores, UnitOfWork } from '../unit-of-work.js';
import { externalIdScope } from '../connections/external-id-scope.js';
import { foldMemberSteps, type MemberStep } from './member-plan.js';
import type { CreateTeamInput, MemberChange, TeamMember, TeamRecord, UpdateTeamInput } from './team.js';
import type { MemberIds, TeamReadScope, TeamWriteOutcome } from './team-store.js';

const SHOWN_UNKNOWN_MEMBERS = 5;

/** The rules of teams and of who is in them. The cost of a change never grows with the members it does not name. */
export class TeamService {
  readonly #unitOfWork: UnitOfWork;
  readonly #clock: Clock;

  constructor({ unitOfWork, clock }: { readonly unitOfWork: UnitOfWork; readonly clock: Clock }) {
    this.#unitOfWork = unitOfWork;
    this.#clock = clock;
  }

  /** @throws DomainError team.not_found */
  async get(scope: TeamReadScope, id: string): Promise<TeamRecord> {
    const team = await this.#unitOfWork.stores.teams.find(scope, id);
    if (!team) throw new DomainError('team.not_found');
    return team;
  }

  /** @throws DomainError team.not_found */
  async getWithMemberIds(
    scope: TeamReadScope,
    id: string,
  ): Promise<{ readonly team: TeamRecord; readonly memberIds: MemberIds }> {
    const found = await this.#unitOfWork.stores.teams.findWithMemberIds(scope, id);
    if (!found) throw new DomainError('team.not_found');
    return found;
  }

  members(organizationId: string, ids: readonly string[]): Promise<readonly TeamMember[]> {
    return this.#unitOfWork.stores.teams.members(organizationId, ids);
  }

  list(scope: TeamReadScope, query: ListQuery): Promise<Page<TeamRecord>> {
    return this.#unitOfWork.stores.teams.list(scope, query);
  }

  /**
   * Creates the team with its members and every service account of the organization.
   * @throws DomainError team.name_taken, team.unknown_member, user.external_id_taken
   */
  async create(
    context: ConnectionContext,
    scope: TeamReadScope,
    input: CreateTeamInput,
  ): Promise<TeamRecord> {
    const id = newId(this.#clock.now());
    const { stores } = this.#unitOfWork;
    assertUserIds(input.memberIds);
    await explainUnknownMembers(stores, context.organizationId, input.memberIds, () =>
      stores.teams.insert(context, externalIdScope(context), { id, ...input }),
    );
    return this.get(scope, id);
  }

  /**
   * @throws DomainError team.not_found, team.name_taken, team.unknown_member, user.external_id_taken,
   *   resource.version_mismatch
   */
  async update(
    context: ConnectionContext,
    scope: TeamReadScope,
    id: string,
    input: UpdateTeamInput,
    expectedVersion: number | undefined,
  ): Promise<TeamRecord> {
    const members = input.members ?? [];
    for (const change of members)
      if (change.kind !== 'removeWhere') assertUserIds(change.kind === 'remove' ? [] : change.ids);
    const writesTeam = input.displayName !== undefined || input.externalId !== undefined;
    const isOneStatement =
      !(writesTeam && members.length > 0) && members.every(({ kind }) => kind === 'add' || kind === 'remove');
    if (isOneStatement)
      return this.#apply(this.#unitOfWork.stores, context, scope, id, input, expectedVersion);
    return this.#unitOfWork.transaction((stores) =>
      this.#apply(stores, context, scope, id, input, expectedVersion),
    );
  }

  async #apply(
    stores: Stores,
    context: ConnectionContext,
    scope: TeamReadScope,
    id: string,
    input: UpdateTeamInput,
    expectedVersion: number | undefined,
  ): Promise<TeamRecord> {
    const { displayName, externalId, members = [] } = input;
    let team: TeamRecord | undefined;
    // A statement sees the members as of its start: one that replaces them all must start under the team's lock.
    if (
      displayName !== undefined ||
      externalId !== undefined ||
      members.some(({ kind }) => kind === 'replace')
    )
      team = settle(
        await stores.teams.write(context, externalIdScope(context), id, {
          ...(displayName === undefined ? {} : { displayName }),
          ...(externalId === undefined ? {} : { externalId }),
          ...(expectedVersion === undefined ? {} : { expectedVersion }),
        }),
      );
    if (members.length > 0) {
      const version = team ? undefined : expectedVersion;
      team = await this.#changeMembers(stores, context, scope, id, members, version);
    }
    if (team) return team;
    const unchanged = await stores.teams.find(scope, id);
    if (!unchanged) throw new DomainError('team.not_found');
    if (expectedVersion !== undefined && unchanged.version !== expectedVersion)
      throw new DomainError('resource.version_mismatch');
    return unchanged;
  }

  /** Steps up to a selection run first, because they decide whom it selects. */
  async #changeMembers(
    stores: Stores,
    context: ConnectionContext,
    scope: TeamReadScope,
    id: string,
    changes: readonly MemberChange[],
    expectedVersion: number | undefined,
  ): Promise<TeamRecord> {
    let pending: MemberStep[] = [];
    let version = expectedVersion;
    const flush = async (): Promise<TeamRecord> => {
      const delta = foldMemberSteps(pending);
      pending = [];
      const ids = delta.add;
      const outcome = await explainUnknownMembers(stores, context.organizationId, ids, () =>
        stores.teams.changeMembers(context, externalIdScope(context), id, delta, version),
      );
      version = undefined;
      return settle(outcome);
    };
    for (const change of changes) {
      if (change.kind !== 'removeWhere') {
        pending.push(change.kind === 'remove' ? { ...change, ids: change.ids.filter(isUuid) } : change);
        continue;
      }
      if (pending.length > 0) await flush();
      pending.push({ kind: 'remove', ids: await stores.teams.selectMembers(scope, id, change.filter) });
    }
    return flush();
  }

  /** @throws DomainError team.not_found, team.delete_refused, resource.version_mismatch */
  async archive(context: ConnectionContext, id: string, expectedVersion: number | undefined): Promise<void> {
    if (context.connection.settings.onGroupDelete === 'refuse') {
      const scope = { organizationId: context.organizationId, connectionId: undefined, baseUrl: '' };
      await this.get(scope, id);
      throw new DomainError('team.delete_refused');
    }
    const verdict = await this.#unitOfWork.transaction(async (stores) => {
      // Takes the lock: members added until then must be seen to be removed.
      await stores.teams.write(context, undefined, id, {});
      return stores.teams.archive(context, id, expectedVersion);
    });
    if (verdict === undefined) throw new DomainError('team.not_found');
    if (verdict === 'stale') throw new DomainError('resource.version_mismatch');
  }
}

function settle(outcome: TeamWriteOutcome | undefined): TeamRecord {
  if (!outcome) throw new DomainError('team.not_found');
  if (outcome.verdict === 'stale') throw new DomainError('resource.version_mismatch');
  return outcome.team;
}

function assertUserIds(ids: readonly string[]): void {
  const strangers = ids.filter((id) => !isUuid(id));
  if (strangers.length > 0) throw unknownMembers(strangers);
}

const unknownMembers = (ids: readonly string[], cause?: unknown): DomainError => {
  const shown = ids.slice(0, SHOWN_UNKNOWN_MEMBERS).map((id) => `"${id.slice(0, UUID_LENGTH)}"`);
  return new DomainError('team.unknown_member', {
    detail: `members: no user of this organization has the id ${shown.join(', ')}${ids.length > shown.length ? ', …' : ''}.`,
    field: 'members',
    cause,
  });
};

const UUID_LENGTH = 36;

/** When the database refused a member, finds out which one, outside the undone statement. */
async function explainUnknownMembers<T>(
  stores: Stores,
  organizationId: string,
  ids: readonly string[],
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isDomainError(error, 'team.unknown_member')) throw error;
    const known = await stores.teams.knownUsers(organizationId, ids).catch(() => new Set<string>(ids));
    const missing = ids.filter((id) => !known.has(id));
    throw missing.length > 0 ? unknownMembers(missing, error) : error;
  }
}
