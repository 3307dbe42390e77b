import type { Clock } from '../../kernel/clock.js';
import { DomainError, isDomainError } from '../../kernel/errors.js';
import { newId } from '../../kernel/ids.js';
import { decideOrganizationRole, decideMemberships, isEmpty } from '../mapping-rules/decide-roles.js';
import type { RequestContext } from '../request-context.js';
import { within, type Stores, type UnitOfWork } from '../unit-of-work.js';
import { UserService, type SeatLimits } from '../users/user-service.js';
import type { OrganizationRole } from '../users/user.js';
import type { AssertedIdentity } from './asserted-identity.js';
import { decideSignOn, isOwnName, type SignOnDecision } from './decide-sign-on.js';
import { gatherFacts, type SignOnSwitches } from './gather-facts.js';
import { planGroups, type GroupPlan } from './plan-groups.js';
import { newProfile, primaryEmailOf, updatedProfile } from './profile-from-person.js';
import { previewSignOn, type SignOnPreview } from './preview-sign-on.js';
import type { SignOnAccount, SignOnFacts } from './sign-on-facts.js';
import type { RefusalReason, SignOnOutcome } from './sign-on-outcome.js';
import { namesOf, readSignOnPerson, type SignOnPerson } from './sign-on-person.js';

/** Two first sign-ins of one person meet at a unique constraint: the second then finds the account of the first. */
const ATTEMPTS = 4;
/** The same for an account that somebody has linked, and for a role that was deleted since the rules were read. */
const RACES = ['user.user_name_taken', 'identity.taken', 'user.unknown_role'] as const;

export interface SignOnServiceDependencies {
  readonly unitOfWork: UnitOfWork;
  readonly clock: Clock;
  readonly seatLimits: SeatLimits;
  readonly switches: SignOnSwitches;
}

/** What opens with the sign-in, in the same transaction: the session. */
export type OpenForUser<Opened> = (stores: Stores, userId: string) => Promise<Opened>;

/** A refusal that ends the transaction, so that nothing of the attempt stays. */
class Refusal extends Error {
  readonly reason: RefusalReason;
  readonly account: SignOnAccount | undefined;

  constructor(reason: RefusalReason, account?: SignOnAccount) {
    super(reason);
    this.reason = reason;
    this.account = account;
  }
}

/**
 * The end of every sign-in at an identity provider: who of this organization has come, and may they come in. Links,
 * provisions, restores and maps groups, all in one transaction with what opens: no session without its account, and no
 * session for an account that is deactivated at the same moment.
 */
export class SignOnService {
  readonly #unitOfWork: UnitOfWork;
  readonly #clock: Clock;
  readonly #seatLimits: SeatLimits;
  readonly #switches: SignOnSwitches;

  constructor(dependencies: SignOnServiceDependencies) {
    this.#unitOfWork = dependencies.unitOfWork;
    this.#clock = dependencies.clock;
    this.#seatLimits = dependencies.seatLimits;
    this.#switches = dependencies.switches;
  }

  /**
   * Signs in whom an identity provider has recognised, or refuses. A refusal is audited, and where an account is in
   * question, put before the admins.
   * @param context.organizationId - that of the connection at whose address the answer came in
   * @param open - called with the stores of the transaction once the account is locked and live
   */
  async signIn<Opened>(
    context: RequestContext,
    asserted: AssertedIdentity,
    open: OpenForUser<Opened>,
  ): Promise<SignOnOutcome<Opened>> {
    if (asserted.ssoConnection.organizationId !== context.organizationId)
      throw new Error('an identity was asserted by a connection of another organization');
    const person = readSignOnPerson(asserted);
    if (!person.ok) return this.#refuse(context, asserted, new Refusal('invalid_identity'));
    for (let attempt = 1; ; attempt += 1)
      try {
        return await this.#unitOfWork.transaction((stores) =>
          this.#signIn(stores, context, asserted.ssoConnection.id, person.value, open),
        );
      } catch (error) {
        if (error instanceof Refusal) return this.#refuse(context, asserted, error);
        if (isDomainError(error, 'user.seat_limit_reached'))
          return this.#refuse(context, asserted, new Refusal('seat_limit_reached'));
        const isRace = RACES.some((code) => isDomainError(error, code));
        if (!isRace || attempt === ATTEMPTS) throw error;
      }
  }

  /** What `signIn` would do, and why, and how to mend a refusal. Nothing is stored. */
  preview(asserted: AssertedIdentity): Promise<SignOnPreview> {
    return previewSignOn(this.#unitOfWork.stores, asserted, this.#switches, this.#seatLimits);
  }

  async #signIn<Opened>(
    stores: Stores,
    context: RequestContext,
    ssoConnectionId: string,
    person: SignOnPerson,
    open: OpenForUser<Opened>,
  ): Promise<SignOnOutcome<Opened>> {
    const { organizationId } = context;
    const facts = await gatherFacts(stores, organizationId, ssoConnectionId, person, this.#switches);
    if (!facts?.connection.isEnabled) throw new Refusal('connection_disabled');
    const plan = await this.#planGroups(stores, facts);
    const decision = await this.#decideUnderLock(stores, facts, plan);
    if (decision.kind === 'refuse') throw new Refusal(decision.reason, decision.account);
    const userId = await this.#perform(stores, context, facts, decision, plan);
    await this.#applyGroups(stores, context, facts, userId, plan);
    const opened = await open(stores, userId);
    return {
      kind: 'signed_in',
      userId,
      isNew: decision.kind === 'create',
      ignoredGroups: plan?.ignored ?? [],
      opened,
    };
  }

  async #planGroups(stores: Stores, facts: SignOnFacts): Promise<GroupPlan | undefined> {
    const { connection, person } = facts;
    if (!person.groups) return undefined;
    const source = { organizationId: connection.organizationId, ssoConnectionId: connection.id };
    return planGroups(stores, source, person.groups, this.#switches.takesGroupClaims);
  }

  /**
   * Decides again once nobody else can change the account. The organization is locked before its accounts, as
   * everywhere, when a role of admin is given or taken.
   */
  async #decideUnderLock(
    stores: Stores,
    facts: SignOnFacts,
    plan: GroupPlan | undefined,
  ): Promise<SignOnDecision> {
    const first = decideSignOn(facts);
    if (first.kind === 'create' || first.account === undefined) return first;
    const { organizationId, id: connectionId } = facts.connection;
    const { account } = first;
    const concernsAdmin = account.organizationRole === 'admin' || plan?.organizationGrant?.role === 'admin';
    if (plan && concernsAdmin) await stores.organizations.lock(organizationId);
    await stores.signOn.lockAccount(organizationId, account.id);
    const now = await gatherFacts(stores, organizationId, connectionId, facts.person, this.#switches);
    const second = now && decideSignOn(now);
    if (second?.kind === 'refuse') return second;
    // Somebody linked, renamed or removed meanwhile: what was locked is not what is to be signed in.
    if (second?.kind !== first.kind || second.account.id !== account.id)
      throw new DomainError('identity.taken');
    return second;
  }

  /** Makes the account what it has to be: there, active, linked. @returns its id */
  async #perform(
    stores: Stores,
    context: RequestContext,
    facts: SignOnFacts,
    decision: Exclude<SignOnDecision, { readonly kind: 'refuse' }>,
    plan: GroupPlan | undefined,
  ): Promise<string> {
    switch (decision.kind) {
      case 'create':
        return this.#create(stores, context, facts, decision, plan);
      case 'restore':
        await this.#restore(stores, context, facts, decision);
        break;
      case 'link':
      case 'sign_in':
        await this.#update(stores, context, facts, decision.account);
    }
    if (decision.kind === 'link' || (decision.kind === 'restore' && decision.because))
      await this.#link(stores, context, facts, decision.account.id);
    return decision.account.id;
  }

  async #create(
    stores: Stores,
    context: RequestContext,
    facts: SignOnFacts,
    decision: Extract<SignOnDecision, { readonly kind: 'create' }>,
    plan: GroupPlan | undefined,
  ): Promise<string> {
    const { organizationId } = context;
    const created = await this.#users(stores).create(context, scopeOf(organizationId), {
      profile: newProfile(facts.person, decision),
      isActive: true,
      organizationRole:
        plan?.organizationGrant?.role ?? (decision.isInvited ? undefined : facts.connection.defaultRole),
      seat: undefined,
      accountType: 'USER',
      defaultTeam: undefined,
      teamRoles: [],
    });
    await this.#link(stores, context, facts, created.id);
    return created.id;
  }

  /**
   * Gives a removed account back. Somebody who is recognised by the name alone does not get a role of admin back with
   * it: names are given to others in time.
   */
  async #restore(
    stores: Stores,
    context: RequestContext,
    facts: SignOnFacts,
    decision: Extract<SignOnDecision, { readonly kind: 'restore' }>,
  ): Promise<void> {
    const { account, because } = decision;
    const { organizationId } = context;
    const profile = await stores.signOn.findProfile(organizationId, account.id);
    if (!profile) throw new DomainError('identity.taken');
    const losesAdmin = because !== undefined && account.organizationRole === 'admin';
    await this.#users(stores).restore(context, account.id, {
      profile: updatedProfile(profile, facts.person, undefined) ?? profile,
      isActive: true,
      ...(losesAdmin ? { organizationRole: facts.connection.defaultRole } : {}),
    });
  }

  /** Names and address follow the identity provider, unless a SCIM Connection is their source. */
  async #update(
    stores: Stores,
    context: RequestContext,
    facts: SignOnFacts,
    account: SignOnAccount,
  ): Promise<void> {
    if (account.isManagedByScim || account.isProtected) return;
    const { organizationId } = context;
    const current = await stores.signOn.findProfile(organizationId, account.id);
    if (!current) return;
    const email = await findNewEmail(stores, facts, account.id, primaryEmailOf(current));
    const profile = updatedProfile(current, facts.person, email);
    if (profile)
      await this.#users(stores).update(context, scopeOf(organizationId), account.id, { profile }, undefined);
  }

  async #link(stores: Stores, context: RequestContext, facts: SignOnFacts, userId: string): Promise<void> {
    const { connection, person } = facts;
    await stores.identities.link(context, {
      ssoConnectionId: connection.id,
      subject: person.subject,
      userId,
    });
  }

  /** Organization role and teams, from the groups that were asserted. */
  async #applyGroups(
    stores: Stores,
    context: RequestContext,
    facts: SignOnFacts,
    userId: string,
    plan: GroupPlan | undefined,
  ): Promise<void> {
    const { organizationId } = context;
    const { connection, person } = facts;
    const account = await stores.signOn.findAccount(organizationId, connection.id, userId);
    if (!plan || !account) {
      await stores.signOn.noteSignIn(organizationId, connection.id, person.subject, undefined);
      return;
    }
    let mapped: OrganizationRole | null | undefined;
    if (!account.isManagedByScim && !account.isProtected) {
      const mappedBefore = await stores.signOn.findMappedRole(organizationId, connection.id, person.subject);
      const decided = decideOrganizationRole({
        current: account.organizationRole,
        mappedNow: plan.organizationGrant?.role,
        mappedBefore,
        defaultRole: connection.defaultRole,
      });
      ({ mapped } = decided);
      if (decided.role) await this.#changeRole(stores, context, userId, decided.role);
      if (plan.organizationGrant ?? mappedBefore)
        await stores.signOn.noteRoleRule(organizationId, userId, plan.organizationGrant);
    }
    await stores.signOn.noteSignIn(organizationId, connection.id, person.subject, mapped);
    const memberships = await stores.signOn.listMemberships(organizationId, userId);
    const changes = decideMemberships(memberships, plan.teams, connection.id);
    if (!isEmpty(changes)) await stores.signOn.changeMemberships(context, userId, connection.id, changes);
  }

  /** The last admin stays admin, whatever a rule says; the person signs in all the same. */
  async #changeRole(
    stores: Stores,
    context: RequestContext,
    userId: string,
    organizationRole: OrganizationRole,
  ): Promise<void> {
    const scope = scopeOf(context.organizationId);
    try {
      await this.#users(stores).update(context, scope, userId, { organizationRole }, undefined);
    } catch (error) {
      if (!isDomainError(error, 'user.last_admin')) throw error;
    }
  }

  async #refuse(
    context: RequestContext,
    asserted: AssertedIdentity,
    { reason, account }: Refusal,
  ): Promise<{ readonly kind: 'refused'; readonly reason: RefusalReason }> {
    const ssoConnectionId = asserted.ssoConnection.id;
    const person = readSignOnPerson(asserted);
    const { userName, email, displayName, subject } = person.ok
      ? person.value
      : { userName: undefined, email: undefined, displayName: undefined, subject: undefined };
    const claims = {
      ...(userName === undefined ? {} : { userName }),
      ...(email === undefined ? {} : { email }),
      ...(displayName === undefined ? {} : { displayName }),
    };
    await this.#unitOfWork.transaction(async (stores) => {
      const held = await stores.signOn.holdConnection(context.organizationId, ssoConnectionId);
      const isReviewed = reason === 'link_refused' && account && held && subject !== undefined;
      const reviewId = isReviewed
        ? await stores.signOnReviews.note(context, {
            id: newId(this.#clock.now()),
            ssoConnectionId,
            subject,
            candidateUserId: account.id,
            reason,
            claims,
          })
        : undefined;
      await stores.signOnReviews.auditRefusal(context, {
        reason,
        ssoConnectionId,
        userId: account?.id,
        reviewId,
        claims: { ...claims, ...(subject === undefined ? {} : { subject }) },
      });
    });
    return { kind: 'refused', reason };
  }

  #users(stores: Stores): UserService {
    return new UserService({
      unitOfWork: within(stores),
      clock: this.#clock,
      seatLimits: this.#seatLimits,
    });
  }
}

const scopeOf = (organizationId: string) => ({ organizationId, connectionId: undefined, baseUrl: '' });

/** The asserted address, when it is another than before, this connection may give it, and no other account has it. */
async function findNewEmail(
  stores: Stores,
  facts: SignOnFacts,
  userId: string,
  current: string | undefined,
): Promise<string | undefined> {
  const { email } = namesOf(facts.person);
  if (!email || email.value === current || !isOwnName(facts, email)) return undefined;
  const { organizationId } = facts.connection;
  const isUsed = await stores.signOn.isNameUsed(organizationId, email.key, userId);
  return isUsed ? undefined : email.value;
}
