/** Where an account has a custom role. */
export interface RoleHolder {
  readonly userId: string;
  readonly userName: string;
  readonly displayName: string;
  readonly team: { readonly id: string; readonly displayName: string };
  /** Undefined: in the team itself. */
  readonly project: { readonly id: string; readonly name: string } | undefined;
}

/** Who has a custom role, or will have it. */
export interface RoleHolders {
  /** Accounts that have it anywhere. */
  readonly accountCount: number;
  /** Memberships of teams with it. */
  readonly teamCount: number;
  /** Places in projects with it. */
  readonly projectCount: number;
  /** Invitations to teams, not yet accepted, that give it. */
  readonly invitationCount: number;
  /** Mapping rules that give it. */
  readonly mappingRuleCount: number;
  /** The first of them, by userName; those in teams before those in projects. */
  readonly first: readonly RoleHolder[];
}
