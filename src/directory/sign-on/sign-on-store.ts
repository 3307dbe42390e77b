import type { OrganizationGrant } from '../mapping-rules/map-groups.js';
import type { RequestContext } from '../request-context.js';
import type { OrganizationRole, UserProfile } from '../users/user.js';
import type { SignOnAccount } from './sign-on-facts.js';
import type { SsoConnection } from './sso-connection.js';

/** A membership as group claims and mapping rules see it. */
export interface MappedMembership {
  readonly teamId: string;
  readonly teamName: string;
  /** Folded. */
  readonly teamNameKey: string;
  readonly role: 'admin' | 'member' | 'viewer' | 'custom' | 'service';
  readonly customRoleId: string | undefined;
  /** The SsoConnection that made it. */
  readonly ssoConnectionId: string | undefined;
  /** Whether a mapping rule gave the role. */
  readonly isRoleMapped: boolean;
}

/** A membership to make, or whose role to change. */
export interface MembershipWrite {
  readonly teamId: string;
  readonly role: 'admin' | 'member' | 'viewer' | 'custom';
  readonly customRoleId: string | undefined;
  readonly isRoleMapped: boolean;
  /** The rule that gave the role. */
  readonly mappingRuleId: string | undefined;
}

export interface MembershipChanges {
  readonly add: readonly MembershipWrite[];
  readonly change: readonly MembershipWrite[];
  readonly removeTeamIds: readonly string[];
}

export interface LiveTeam {
  readonly id: string;
  readonly name: string;
  /** Folded. */
  readonly nameKey: string;
}

/** What deciding about sign-ins reads and writes beside the stores of users, sessions and identities. */
export interface SignOnStore {
  /** The connection as it is now, and inside a transaction until its end, with its verified domains. */
  holdConnection(
    organizationId: string,
    id: string,
  ): Promise<
    { readonly connection: SsoConnection; readonly verifiedDomains: ReadonlySet<string> } | undefined
  >;
  /** Of these domains, those that are verified for another connection, of any organization. */
  foreignDomains(ssoConnectionId: string, domains: readonly string[]): Promise<ReadonlySet<string>>;
  /** The account of a subject, removed ones included. */
  findLinked(
    organizationId: string,
    ssoConnectionId: string,
    subject: string,
  ): Promise<SignOnAccount | undefined>;
  /** An account, removed ones included. */
  findAccount(
    organizationId: string,
    ssoConnectionId: string,
    userId: string,
  ): Promise<SignOnAccount | undefined>;
  /** Live accounts whose userName or primary e-mail has one of these keys; at most a few. */
  findCandidates(
    organizationId: string,
    ssoConnectionId: string,
    keys: readonly string[],
  ): Promise<readonly SignOnAccount[]>;
  /** The account that was last removed under the first of these keys that has one. */
  findRemoved(
    organizationId: string,
    ssoConnectionId: string,
    keys: readonly string[],
  ): Promise<SignOnAccount | undefined>;
  /** Holds off every other change of an account until the transaction ends. */
  lockAccount(organizationId: string, userId: string): Promise<void>;
  findProfile(organizationId: string, userId: string): Promise<UserProfile | undefined>;
  /** Whether another live account has this key as userName or e-mail. */
  isNameUsed(organizationId: string, key: string, exceptUserId: string): Promise<boolean>;
  findMappedRole(
    organizationId: string,
    ssoConnectionId: string,
    subject: string,
  ): Promise<OrganizationRole | undefined>;
  /** Notes a sign-in and, unless undefined, the role that mapping rules gave at it. */
  noteSignIn(
    organizationId: string,
    ssoConnectionId: string,
    subject: string,
    mappedRole: OrganizationRole | null | undefined,
  ): Promise<void>;
  /** Notes which mapping rule gave the organization role, if that is the role the person has; undefined: none. */
  noteRoleRule(organizationId: string, userId: string, grant: OrganizationGrant | undefined): Promise<void>;
  /** Memberships of a person in live teams. */
  listMemberships(organizationId: string, userId: string): Promise<readonly MappedMembership[]>;
  /** Live teams with these ids or folded names. */
  findTeams(
    organizationId: string,
    wanted: { readonly ids: readonly string[]; readonly nameKeys: readonly string[] },
  ): Promise<readonly LiveTeam[]>;
  /** Changes memberships of one person, with one audit event. The person must be locked. */
  changeMemberships(
    context: RequestContext,
    userId: string,
    ssoConnectionId: string,
    changes: MembershipChanges,
  ): Promise<void>;
}
