import { DomainError } from '../../kernel/errors.js';
import { isUuid } from '../../kernel/ids.js';
import { externalIdScope } from '../connections/external-id-scope.js';
import type { GroupMapping } from '../mapping-rules/group-mapping.js';
import type { ConnectionContext } from '../request-context.js';
import type { Stores } from '../unit-of-work.js';
import { foldMemberSteps, type MemberStep } from './member-plan.js';
import type { MemberChange, TeamRecord, UpdateTeamInput } from './team.js';
import type { MemberDelta, TeamReadScope, TeamWriteOutcome } from './team-store.js';
import { explainUnknownMembers } from './unknown-members.js';

/** One change of a team and its members, in a transaction or as a statement of its own. */
export class TeamChange {
  readonly #stores: Stores;
  readonly #context: ConnectionContext;
  readonly #scope: TeamReadScope;
  readonly #id: string;
  readonly #mapping: GroupMapping | undefined;
  readonly #touched = new Set<string>();
  #groupKey: string | undefined;

  /** @param mapping - the rules that count memberships of the Connection's groups; undefined when it has none */
  constructor(
    stores: Stores,
    context: ConnectionContext,
    team: { readonly scope: TeamReadScope; readonly id: string },
    mapping?: GroupMapping,
  ) {
    this.#stores = stores;
    this.#context = context;
    this.#scope = team.scope;
    this.#id = team.id;
    this.#mapping = mapping;
  }

  async apply(input: UpdateTeamInput, expectedVersion: number | undefined): Promise<TeamRecord> {
    const mapping = this.#mapping;
    this.#groupKey = await mapping?.findGroupKey(this.#id);
    const written = await this.#write(input, expectedVersion);
    if (written && mapping) {
      await mapping.rename(this.#id, this.#groupKey, written);
      this.#groupKey = await mapping.findGroupKey(this.#id);
    }
    const members = input.members ?? [];
    const team =
      members.length > 0
        ? await this.#changeMembers(members, written ? undefined : expectedVersion)
        : written;
    await mapping?.settle([...this.#touched]);
    return team ?? this.#find(expectedVersion);
  }

  /** A statement sees the members as of its start: one that replaces them all must start under the team's lock. */
  async #write(
    { displayName, externalId, members = [] }: UpdateTeamInput,
    expectedVersion: number | undefined,
  ): Promise<TeamRecord | undefined> {
    const isReplacement = members.some(({ kind }) => kind === 'replace');
    if (displayName === undefined && externalId === undefined && !isReplacement) return undefined;
    return settle(
      await this.#stores.teams.write(this.#context, externalIdScope(this.#context), this.#id, {
        ...(displayName === undefined ? {} : { displayName }),
        ...(externalId === undefined ? {} : { externalId }),
        ...(expectedVersion === undefined ? {} : { expectedVersion }),
      }),
    );
  }

  async #find(expectedVersion: number | undefined): Promise<TeamRecord> {
    const unchanged = await this.#stores.teams.find(this.#scope, this.#id);
    if (!unchanged) throw new DomainError('team.not_found');
    if (expectedVersion !== undefined && unchanged.version !== expectedVersion)
      throw new DomainError('resource.version_mismatch');
    return unchanged;
  }

  /** Steps up to a selection run first, because they decide whom it selects. */
  async #changeMembers(
    changes: readonly MemberChange[],
    expectedVersion: number | undefined,
  ): Promise<TeamRecord> {
    let pending: MemberStep[] = [];
    let version = expectedVersion;
    const flush = async (): Promise<TeamRecord> => {
      const delta = foldMemberSteps(pending);
      pending = [];
      const team = await this.#changeBy(delta, version);
      version = undefined;
      return team;
    };
    for (const change of changes) {
      if (change.kind !== 'removeWhere') {
        pending.push(change.kind === 'remove' ? { ...change, ids: change.ids.filter(isUuid) } : change);
        continue;
      }
      if (pending.length > 0) await flush();
      const ids = await this.#stores.teams.selectMembers(this.#scope, this.#id, change.filter);
      pending.push({ kind: 'remove', ids });
    }
    return flush();
  }

  async #changeBy(delta: MemberDelta, version: number | undefined): Promise<TeamRecord> {
    const { teams } = this.#stores;
    const mapped = this.#mapping ? { ...delta, mapping: { grant: this.#grant() } } : delta;
    const outcome = await explainUnknownMembers(this.#stores, this.#context.organizationId, delta.add, () =>
      teams.changeMembers(this.#context, externalIdScope(this.#context), this.#id, mapped, version),
    );
    for (const id of outcome?.touchedIds ?? []) this.#touched.add(id);
    return settle(outcome);
  }

  #grant() {
    return this.#groupKey === undefined ? undefined : this.#mapping?.grantIn(this.#groupKey);
  }
}

function settle(outcome: TeamWriteOutcome | undefined): TeamRecord {
  if (!outcome) throw new DomainError('team.not_found');
  if (outcome.verdict === 'stale') throw new DomainError('resource.version_mismatch');
  return outcome.team;
}
