import type { JsonObject } from '../../kernel/json.js';
import type { ACCOUNT_TYPES, ORGANIZATION_ROLES, SEATS } from '../schema/index.js';

export type OrganizationRole = (typeof ORGANIZATION_ROLES)[number];
export type Seat = (typeof SEATS)[number];
export type AccountType = (typeof ACCOUNT_TYPES)[number];

/** A team the user belongs to. `roleName` is admin, member, viewer, service, or the name of a custom role. */
export interface UserTeam {
  readonly id: string;
  readonly name: string;
  readonly roleName: string;
}

/** A user in a list: JSON text in wire spelling, which nothing on the way parses and serialises again. */
export interface ListedUser {
  readonly id: string;
  readonly json: string;
}

/** A user as a client reads it. */
export interface UserDocument extends ListedUser {
  readonly version: number;
  /** Whether the document may show teams, which change without raising the version. */
  readonly hasBeenMember: boolean;
}

/** What the rules need to know of a user. */
export interface UserRecord {
  readonly id: string;
  readonly isActive: boolean;
  readonly organizationRole: OrganizationRole;
  readonly seat: Seat;
  readonly accountType: AccountType;
  readonly defaultTeamName: string | undefined;
  readonly teams: readonly UserTeam[];
  readonly version: number;
}

/** Attributes of a user that the provisioning client owns. */
export interface UserProfile {
  readonly userName: string;
  readonly externalId: string | undefined;
  /** Core attributes in wire spelling, without userName's siblings that have columns (active, externalId, id, …). */
  readonly core: JsonObject;
  /** Enterprise attributes in wire spelling, without the manager. */
  readonly enterprise: JsonObject | undefined;
  readonly managerId: string | undefined;
}

/** A team role to set: the team by id or name (id wins), the role by name; member when no role is named. */
export interface TeamRoleAssignment {
  readonly teamId?: string;
  readonly teamName?: string;
  readonly roleName?: string;
}

export interface CreateUserInput {
  readonly profile: UserProfile;
  readonly isActive: boolean;
  readonly organizationRole: OrganizationRole | undefined;
  readonly seat: Seat | undefined;
  readonly accountType: AccountType;
  readonly defaultTeam: string | undefined;
  readonly teamRoles: readonly TeamRoleAssignment[];
}

export type RestoreUserInput = Pick<CreateUserInput, 'profile' | 'isActive'> &
  Partial<Pick<CreateUserInput, 'organizationRole' | 'seat' | 'accountType'>>;

/** A change of team roles: set the ones named, or take back to `member` those that the selection matches. */
export type TeamRoleChange =
  | { readonly kind: 'set'; readonly entries: readonly TeamRoleAssignment[] }
  | { readonly kind: 'reset'; readonly selects: (team: UserTeam) => boolean };

/** What an update may change; an absent part stays as it is. */
export interface UpdateUserInput {
  readonly profile?: UserProfile;
  readonly isActive?: boolean;
  readonly organizationRole?: OrganizationRole;
  readonly seat?: Seat;
  /** Given to be checked: they cannot change. */
  readonly accountType?: AccountType;
  readonly defaultTeam?: string;
  readonly teamRoles?: readonly TeamRoleChange[];
}
