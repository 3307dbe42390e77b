import type { Clock } from '../../kernel/clock.js';
import { DomainError } from '../../kernel/errors.js';
import { foldCase } from '../../kernel/fold.js';
import { newId } from '../../kernel/ids.js';
import { externalIdScope } from '../connections/external-id-scope.js';
import { GroupMapping } from '../mapping-rules/group-mapping.js';
import { MappingRuns } from '../mapping-rules/mapping-runs.js';
import type { ListQuery, Page } from '../query.js';
import type { ConnectionContext } from '../request-context.js';
import type { Stores, UnitOfWork } from '../unit-of-work.js';
import { TeamChange } from './team-change.js';
import type { CreateTeamInput, MemberChange, TeamMember, TeamRecord, UpdateTeamInput } from './team.js';
import type { MemberIds, TeamReadScope } from './team-store.js';
import { assertUserIds, explainUnknownMembers } from './unknown-members.js';

/** The rules of teams and of who is in them. The cost of a change never grows with the members it does not name. */
export class TeamService {
  readonly #unitOfWork: UnitOfWork;
  readonly #clock: Clock;
  readonly #runs: MappingRuns;

  constructor({ unitOfWork, clock }: { readonly unitOfWork: UnitOfWork; readonly clock: Clock }) {
    this.#unitOfWork = unitOfWork;
    this.#clock = clock;
    this.#runs = new MappingRuns({ unitOfWork, clock });
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
    const external = externalIdScope(context);
    assertUserIds(input.memberIds);
    await explainUnknownMembers(stores, context.organizationId, input.memberIds, () =>
      context.connection.hasMappingRules
        ? this.#withMapping(context, async (within, mapping) => {
            const grant = mapping.grantIn(foldCase(input.displayName));
            await within.teams.insert(context, external, { id, ...input, grant });
            await mapping.settle(input.memberIds);
          })
        : stores.teams.insert(context, external, { id, ...input }),
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
    const team = { scope, id };
    if (context.connection.hasMappingRules)
      return explainUnknownMembers(this.#unitOfWork.stores, context.organizationId, addedIds(members), () =>
        this.#withMapping(context, (stores, mapping) =>
          new TeamChange(stores, context, team, mapping).apply(input, expectedVersion),
        ),
      );
    const writesTeam = input.displayName !== undefined || input.externalId !== undefined;
    const isOneStatement =
      !(writesTeam && members.length > 0) && members.every(({ kind }) => kind === 'add' || kind === 'remove');
    if (isOneStatement)
      return new TeamChange(this.#unitOfWork.stores, context, team).apply(input, expectedVersion);
    return this.#unitOfWork.transaction((stores) =>
      new TeamChange(stores, context, team).apply(input, expectedVersion),
    );
  }

  /** A push of a Connection whose groups give roles: what follows from it is done in the same transaction. */
  async #withMapping<T>(
    context: ConnectionContext,
    push: (stores: Stores, mapping: GroupMapping) => Promise<T>,
  ): Promise<T> {
    const { connection, organizationId } = context;
    const { result, isRunRequested } = await this.#unitOfWork.transaction(async (stores) => {
      const mapping = await GroupMapping.open(stores, context, connection);
      const done = await push(stores, mapping);
      return { result: done, isRunRequested: mapping.isRunRequested };
    });
    if (isRunRequested) await this.#runs.begin(organizationId, connection.id);
    return result;
  }

  /** @throws DomainError team.not_found, team.delete_refused, resource.version_mismatch */
  async archive(context: ConnectionContext, id: string, expectedVersion: number | undefined): Promise<void> {
    if (context.connection.settings.onGroupDelete === 'refuse') {
      const scope = { organizationId: context.organizationId, connectionId: undefined, baseUrl: '' };
      await this.get(scope, id);
      throw new DomainError('team.delete_refused');
    }
    const archive = async (stores: Stores) => {
      // Takes the lock: members added until then must be seen to be removed.
      await stores.teams.write(context, undefined, id, {});
      return stores.teams.archive(context, id, expectedVersion);
    };
    const verdict = context.connection.hasMappingRules
      ? await this.#withMapping(context, async (stores, mapping) => {
          await mapping.requestRun();
          return archive(stores);
        })
      : await this.#unitOfWork.transaction(archive);
    if (verdict === undefined) throw new DomainError('team.not_found');
    if (verdict === 'stale') throw new DomainError('resource.version_mismatch');
  }
}

/** Ids of the people that the changes add. */
const addedIds = (changes: readonly MemberChange[]): readonly string[] =>
  changes.flatMap((change) => (change.kind === 'add' || change.kind === 'replace' ? change.ids : []));
