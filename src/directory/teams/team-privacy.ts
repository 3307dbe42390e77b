/** What a team has chosen, or what holds for it. */
export interface TeamPrivacy {
  /** Those who are not in the team do not see it. */
  readonly hideFromNonMembers: boolean;
  /** New projects are neither open nor public. */
  readonly keepProjectsPrivate: boolean;
  readonly membersMayInvite: boolean;
  /** Reports of private projects cannot be shared by a link. */
  readonly blockReportSharing: boolean;
  /** Code is saved with runs unless the client says otherwise. */
  readonly saveCode: boolean;
}

/** What the organization has decided for every team; null, or false for invitations, leaves it to them. */
export interface EnforcedPrivacy {
  readonly hideFromNonMembers: boolean | null;
  /** `private`: new projects are neither open nor public. `restricted`: they are restricted. */
  readonly projects: 'private' | 'restricted' | null;
  readonly forbidMemberInvitations: boolean;
  readonly blockReportSharing: boolean | null;
  readonly saveCode: boolean | null;
}

/** What holds for a team: the organization's word before the team's. */
export const effectivePrivacy = (chosen: TeamPrivacy, enforced: EnforcedPrivacy): TeamPrivacy => ({
  hideFromNonMembers: enforced.hideFromNonMembers ?? chosen.hideFromNonMembers,
  keepProjectsPrivate: enforced.projects !== null || chosen.keepProjectsPrivate,
  membersMayInvite: !enforced.forbidMemberInvitations && chosen.membersMayInvite,
  blockReportSharing: enforced.blockReportSharing ?? chosen.blockReportSharing,
  saveCode: enforced.saveCode ?? chosen.saveCode,
});

/** The settings of a team that the organization has taken from it. */
export const enforcedSettings = (enforced: EnforcedPrivacy): readonly (keyof TeamPrivacy)[] => [
  ...(enforced.hideFromNonMembers === null ? [] : (['hideFromNonMembers'] as const)),
  ...(enforced.projects === null ? [] : (['keepProjectsPrivate'] as const)),
  ...(enforced.forbidMemberInvitations ? (['membersMayInvite'] as const) : []),
  ...(enforced.blockReportSharing === null ? [] : (['blockReportSharing'] as const)),
  ...(enforced.saveCode === null ? [] : (['saveCode'] as const)),
];
