import type { Kysely } from 'kysely';
import type { Clock } from '../../kernel/clock.js';
import type { ListQuery, Page } from '../../directory/query.js';
import type { RequestContext } from '../../directory/request-context.js';
import {
  externalIdScope,
  isConnectionContext,
  type ExternalIdScope,
} from '../../directory/connections/external-id-scope.js';
import type { ListedUser, Seat, UserDocument, UserProfile, UserRecord } from '../../directory/users/user.js';
import { indexUserProfile } from '../../directory/users/user-index.js';
import type {
  MembershipRole,
  UserDraft,
  UserReadScope,
  UserRemoval,
  UserRemovalVerdict,
  UserRestoration,
  UserScope,
  Person,
  UserStore,
  UserWrite,
  UserWriteOutcome,
} from '../../directory/users/user-store.js';
import { auditParameters } from '../audit-parameters.js';
import type { Database } from '../database.js';
import { retryConflicts } from '../retry.js';
import { run } from '../statement.js';
import { countActivePeople } from './count-active-people.js';
import { findPerson, findProtected, findRecord, findRemoved, isNameKnown } from './find-users.js';
import { listUsers } from './list-users.js';
import { eraseUser, restoreUser, takePersonalData } from './removed-users.js';
import { addServiceAccount, setTeamRoles } from './user-memberships.js';
import { toDocument, type UserWireRow } from './user-document.js';
import { profileFields, requestFields } from './record-fields.js';
import { toMembers } from './user-rows.js';
import { toResult, type WriteResult, type WriteRow } from './write-answer.js';
import {
  ACTIVATE_USER,
  INSERT_USER,
  LINK_USER,
  READ_PLAIN,
  READ_WITH_TEAMS,
  REMOVE_USER,
  REPLACE_USER,
  WRITE_USER,
} from './user-statements.js';

type Activation = UserWrite & { readonly isActive: boolean };

/** A write of `active` and nothing else, outside the organization lock. */
const isActivation = (write: UserWrite): write is Activation =>
  write.isActive !== undefined &&
  write.isGuarded &&
  write.touch !== true &&
  write.profile === undefined &&
  write.organizationRole === undefined &&
  write.seat === undefined &&
  write.accountType === undefined;

type Replacement = UserWrite & { readonly profile: UserProfile };

/** A write of the profile that wants no other role or seat. */
const isReplacement = (write: UserWrite): write is Replacement =>
  write.profile !== undefined && write.organizationRole === undefined && write.seat === undefined;

/** Users in SQL. Works on the database itself and inside a transaction alike. */
export class UserRepository implements UserStore {
  readonly #db: Kysely<Database>;
  readonly #clock: Clock;

  constructor(db: Kysely<Database>, clock: Clock) {
    this.#db = db;
    this.#clock = clock;
  }

  async find(scope: UserReadScope, id: string): Promise<UserDocument | undefined> {
    const statement = (scope.withTeams ? READ_WITH_TEAMS : READ_PLAIN).find;
    const [row] = await run<UserWireRow>(this.#db, statement, [
      scope.organizationId,
      scope.connectionId ?? null,
      scope.baseUrl,
      id,
    ]);
    return row && toDocument(id, row, scope.baseUrl);
  }

  list(scope: UserReadScope, query: ListQuery): Promise<Page<ListedUser>> {
    return listUsers(this.#db, scope, query);
  }

  findRecord(organizationId: string, id: string): Promise<UserRecord | undefined> {
    return findRecord(this.#db, organizationId, id, { isRemoved: false });
  }

  findRemovedRecord(organizationId: string, id: string): Promise<UserRecord | undefined> {
    return findRecord(this.#db, organizationId, id, { isRemoved: true });
  }

  isNameKnown(organizationId: string, userName: string): Promise<boolean> {
    return isNameKnown(this.#db, organizationId, userName);
  }

  findProtected(
    organizationId: string,
    userNames: readonly string[],
  ): Promise<{ readonly id: string; readonly userName: string } | undefined> {
    return findProtected(this.#db, organizationId, userNames);
  }

  findPerson(organizationId: string, id: string): Promise<Person | undefined> {
    return findPerson(this.#db, organizationId, id);
  }

  findRemoved(organizationId: string, userName: string): Promise<string | undefined> {
    return findRemoved(this.#db, organizationId, userName);
  }

  async insert(
    context: RequestContext,
    scope: UserScope,
    draft: UserDraft,
  ): Promise<UserDocument | 'removed_account'> {
    const external = externalIdScope(context);
    const { externalId } = draft.profile;
    if (!external?.isUnique || externalId === undefined) return this.#insert(context, scope, draft);
    return this.#inTransaction(async (users) => {
      const inserted = await users.#insert(context, scope, draft);
      if (inserted === 'removed_account') return inserted;
      await users.#link(context, external, draft.id, externalId);
      return users.#findLinked(scope, draft.id);
    });
  }

  async #insert(
    context: RequestContext,
    scope: UserScope,
    draft: UserDraft,
  ): Promise<UserDocument | 'removed_account'> {
    const external = externalIdScope(context);
    const { profile } = draft;
    const [row] = await run<{ wire: string | null }>(this.#db, INSERT_USER, [
      draft.id,
      {
        ...requestFields(this.#clock, context, scope, draft.id),
        ...profileFields(profile),
        external_id: external?.isUnique ? undefined : external && profile.externalId,
        is_active: draft.isActive,
        organization_role: draft.organizationRole,
        seat: draft.seat,
        account_type: draft.accountType,
        default_team_id: draft.defaultTeamId,
        is_protected: draft.isProtected,
        yields_to_invitation: draft.yieldsToInvitation ?? false,
      },
    ]);
    const wire = row?.wire;
    if (typeof wire !== 'string') return 'removed_account';
    return toDocument(draft.id, { version: 1, has_been_member: false, wire }, scope.baseUrl);
  }

  async write(
    context: RequestContext,
    scope: UserScope,
    id: string,
    write: UserWrite,
  ): Promise<UserWriteOutcome | undefined> {
    const outcome = isActivation(write)
      ? await this.#activate(context, scope, id, write)
      : ((isReplacement(write) ? await this.#replace(context, scope, id, write) : undefined) ??
        (await this.#write(context, scope, id, write, { isLinked: false })));
    if (outcome?.verdict !== 'needs_link') return outcome && { verdict: outcome.verdict, user: outcome.user };
    const external = externalIdScope(context);
    if (!external) throw new Error('an externalId came without a connection');
    return this.#inTransaction(async (users) => {
      const written = await users.#write(context, scope, id, write, { isLinked: true });
      if (written?.verdict === 'needs_link') throw new Error('a linked externalId wants to be linked again');
      if (written?.verdict !== 'written') return written && { verdict: written.verdict, user: written.user };
      await users.#link(context, external, id, write.profile?.externalId);
      return { verdict: written.verdict, user: await users.#findLinked(scope, id) };
    });
  }

  async #activate(
    context: RequestContext,
    scope: UserScope,
    id: string,
    write: Activation,
  ): Promise<WriteResult | undefined> {
    const [row] = await run<WriteRow>(this.#db, ACTIVATE_USER, [
      id,
      {
        ...requestFields(this.#clock, context, scope, id),
        expected_version: write.expectedVersion,
        is_active: write.isActive,
        limits_seats: write.limitsSeats ?? false,
        forbids_admin: write.forbidsAdmin ?? false,
      },
    ]);
    return toResult(id, row, scope.baseUrl);
  }

  /** The usual change of a profile; undefined for what is not so simple, of which nothing is done. */
  async #replace(
    context: RequestContext,
    scope: UserScope,
    id: string,
    write: Replacement,
  ): Promise<WriteResult | undefined> {
    const { profile } = write;
    const [row] = await run<WriteRow>(this.#db, REPLACE_USER, [
      id,
      {
        ...requestFields(this.#clock, context, scope, id),
        ...profileFields(profile),
        external_id: profile.externalId,
        expected_version: write.expectedVersion,
        is_active: write.isActive,
        account_type: write.accountType,
        touch: write.touch ?? false,
      },
    ]);
    return toResult(id, row, scope.baseUrl);
  }

  async #write(
    context: RequestContext,
    scope: UserScope,
    id: string,
    write: UserWrite,
    { isLinked }: { readonly isLinked: boolean },
  ): Promise<WriteResult | undefined> {
    const audit = auditParameters(this.#clock, context);
    const external = externalIdScope(context);
    const { profile } = write;
    const index = profile && indexUserProfile(profile);
    const [row] = await run<WriteRow>(this.#db, WRITE_USER, [
      context.organizationId,
      id,
      external?.connectionId ?? null,
      write.expectedVersion ?? null,
      profile !== undefined,
      profile?.userName ?? null,
      index?.userNameKey ?? null,
      index?.displayName ?? null,
      index?.displayNameKey ?? null,
      profile ? toMembers(profile.core) : null,
      profile?.enterprise ? toMembers(profile.enterprise) : null,
      profile?.managerId ?? null,
      index?.managerUserId ?? null,
      index ? JSON.stringify(index.search) : null,
      index?.emailKeys ?? null,
      profile?.externalId ?? null,
      isLinked,
      external?.isUnique ?? false,
      write.isActive ?? null,
      write.organizationRole ?? null,
      write.seat ?? null,
      write.accountType ?? null,
      write.isGuarded,
      write.limitsSeats ?? false,
      write.touch ?? false,
      audit.now,
      ...audit.columns,
      scope.baseUrl,
      write.forbidsAdmin ?? false,
    ]);
    return toResult(id, row, scope.baseUrl);
  }

  /** The user with the externalId that was linked after it was written. */
  async #findLinked(scope: UserScope, id: string): Promise<UserDocument> {
    const user = await this.find({ ...scope, withTeams: true }, id);
    if (!user) throw new Error('a user went while it was linked');
    return user;
  }

  async #link(
    context: RequestContext,
    external: ExternalIdScope,
    id: string,
    externalId: string | undefined,
  ): Promise<void> {
    const { connectionId, isUnique } = external;
    await run(this.#db, LINK_USER, [context.organizationId, connectionId, id, externalId ?? null, isUnique]);
  }

  /** Several statements as one: in the transaction that is open, or in one of their own. */
  #inTransaction<T>(work: (users: UserRepository) => Promise<T>): Promise<T> {
    if (this.#db.isTransaction) return work(this);
    return retryConflicts(() =>
      this.#db.transaction().execute((transaction) => work(new UserRepository(transaction, this.#clock))),
    );
  }

  async remove(
    context: RequestContext,
    id: string,
    { expectedVersion, isGuarded, isForGood }: UserRemoval,
  ): Promise<UserRemovalVerdict | undefined> {
    const audit = auditParameters(this.#clock, context);
    const [row] = await run<{ verdict: UserRemovalVerdict }>(this.#db, REMOVE_USER, [
      context.organizationId,
      id,
      expectedVersion ?? null,
      isGuarded,
      isConnectionContext(context),
      audit.now,
      ...audit.columns,
      isForGood,
    ]);
    if (isForGood && row?.verdict === 'removed')
      await takePersonalData(this.#db, context.organizationId, id, audit.now);
    return row?.verdict;
  }

  erase(context: RequestContext, id: string): Promise<void> {
    return eraseUser(this.#db, this.#clock, context, id);
  }

  restore(context: RequestContext, id: string, restoration: UserRestoration): Promise<void> {
    return restoreUser(this.#db, this.#clock, context, id, restoration);
  }

  countActiveAdmins(organizationId: string, exceptUserId: string): Promise<number> {
    return countActivePeople(this.#db, organizationId, exceptUserId, { organizationRole: 'admin' });
  }

  countSeats(organizationId: string, seat: Seat, exceptUserId: string): Promise<number> {
    return countActivePeople(this.#db, organizationId, exceptUserId, { seat });
  }

  setTeamRoles(context: RequestContext, userId: string, roles: readonly MembershipRole[]): Promise<boolean> {
    return setTeamRoles(this.#db, this.#clock, context, userId, roles);
  }

  addServiceAccount(context: RequestContext, userId: string, teamIds: readonly string[]): Promise<void> {
    return addServiceAccount(this.#db, this.#clock, context, userId, teamIds);
  }
}
