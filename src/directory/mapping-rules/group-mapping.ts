import { foldCase } from '../../kernel/fold.js';
import type { Instant } from '../../kernel/clock.js';
import type { Connection } from '../connections/connection.js';
import type { RequestContext } from '../request-context.js';
import type { TeamRecord } from '../teams/team.js';
import type { Stores } from '../unit-of-work.js';
import { decidePerson, isChanged, keepAdmin } from './decide-person.js';
import { readGroupEffects, type GroupEffects } from './group-effects.js';
import type { PersonChange } from './group-mapping-store.js';
import type { TeamGrant } from './map-groups.js';

/** People whose roles are worked out in the transaction of the request; more are left to a run. */
const PEOPLE_AT_ONCE = 1_000;

/** What mapping needs to know of the Connection that pushes the groups. */
export type PushingConnection = Pick<Connection, 'id' | 'settings'>;

/**
 * Mapping rules at work inside one transaction. It holds the organization's lock: what rules say is read after it was
 * taken, so that of two changes that meet the second sees what the first has done.
 */
export class GroupMapping {
  readonly #stores: Stores;
  readonly #context: RequestContext;
  readonly #connection: PushingConnection;
  #effects: GroupEffects;
  /** Whether people are left to a run, which the caller begins after the transaction. */
  isRunRequested = false;

  private constructor(
    stores: Stores,
    context: RequestContext,
    connection: PushingConnection,
    effects: GroupEffects,
  ) {
    this.#stores = stores;
    this.#context = context;
    this.#connection = connection;
    this.#effects = effects;
  }

  static async open(
    stores: Stores,
    context: RequestContext,
    connection: PushingConnection,
  ): Promise<GroupMapping> {
    await stores.organizations.lock(context.organizationId);
    return new GroupMapping(stores, context, connection, await readEffects(stores, context, connection));
  }

  /** The role of who is pushed into a group, by its folded name. */
  grantIn(groupKey: string): TeamGrant | undefined {
    return this.#effects.of(groupKey).own;
  }

  /** The folded name of a group, where it is one of this Connection. */
  async findGroupKey(teamId: string): Promise<string | undefined> {
    const group = await this.#stores.groupMapping.findGroup(this.#context.organizationId, teamId);
    return group?.connectionId === this.#connection.id ? group.groupKey : undefined;
  }

  /** Gives these people what their groups give now, and takes back what they do not give any more. */
  async settle(userIds: readonly string[]): Promise<void> {
    if (userIds.length === 0) return;
    if (userIds.length > PEOPLE_AT_ONCE) return this.requestRun();
    const { groupMapping } = this.#stores;
    const { organizationId } = this.#context;
    const people = await groupMapping.lockPeople(
      organizationId,
      this.#connection.id,
      userIds,
      this.#effects.namedTeamIds,
    );
    const { mayGrantAdmin } = this.#connection.settings;
    const decided = people.map((person) => decidePerson(person, this.#effects, mayGrantAdmin));
    const changes = (await this.#guardAdmins(decided)).filter(isChanged);
    if (changes.length > 0) await groupMapping.write(this.#context, this.#connection.id, changes);
  }

  /** The last active admin stays one, whatever rules say; the request succeeds all the same. */
  async #guardAdmins(changes: readonly PersonChange[]): Promise<readonly PersonChange[]> {
    const leaving = changes.find(
      ({ person, organizationRole }) =>
        person.isActive && person.organizationRole === 'admin' && organizationRole !== undefined,
    );
    if (!leaving) return changes;
    const isLeft = changes.some(
      ({ person, organizationRole }) =>
        person.isActive && (organizationRole ?? person.organizationRole) === 'admin',
    );
    if (isLeft) return changes;
    const others = await this.#stores.groupMapping.countOtherAdmins(
      this.#context.organizationId,
      changes.map(({ person }) => person.id),
    );
    return others > 0 ? changes : changes.map((change) => (change === leaving ? keepAdmin(change) : change));
  }

  /**
   * A group has got another name, or its Connection. Exact rules for the old name follow the group; when others speak of
   * it than before, its people are gone through.
   * @param before - its folded name before, undefined when it was not one of this Connection
   */
  async rename(
    teamId: string,
    before: string | undefined,
    { displayName, updatedAt }: Pick<TeamRecord, 'displayName' | 'updatedAt'>,
  ): Promise<void> {
    const after = await this.findGroupKey(teamId);
    if (before === after) return;
    const rulesBefore = before === undefined ? [] : this.#effects.idsFor(before);
    if (before !== undefined && after !== undefined) await this.#follow(before, displayName, updatedAt);
    const rulesAfter = after === undefined ? [] : this.#effects.idsFor(after);
    if (rulesBefore.join() !== rulesAfter.join()) await this.requestRun();
  }

  async #follow(groupKey: string, groupName: string, updatedAt: Instant): Promise<void> {
    const { mappingRules } = this.#stores;
    const following = this.#effects.rules.filter(
      (rule) => rule.match === 'exact' && foldCase(rule.groupName) === groupKey,
    );
    for (const { id } of following) {
      const rule = await mappingRules.find(this.#context.organizationId, id);
      if (!rule) continue;
      const after = { ...rule, groupName, version: rule.version + 1, updatedAt };
      await mappingRules.update(this.#context, rule, after);
    }
    if (following.length > 0)
      this.#effects = await readEffects(this.#stores, this.#context, this.#connection);
  }

  /** Leaves everybody of the Connection to a run, which is as durable as this transaction. */
  async requestRun(): Promise<void> {
    await this.#stores.groupMapping.requestRun(this.#context, this.#connection.id);
    this.isRunRequested = true;
  }
}

const readEffects = (
  stores: Stores,
  { organizationId }: RequestContext,
  { id, settings: { mayGrantAdmin } }: PushingConnection,
): Promise<GroupEffects> => readGroupEffects(stores, organizationId, { connectionId: id, mayGrantAdmin });
