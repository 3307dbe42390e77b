import type { Instant } from '../../kernel/clock.js';

/** Why something is allowed. */
export const GRANT_CODES = [
  'team_role',
  'project_role',
  'project_owner',
  'registry_admin',
  'team_setting',
  'visibility',
  'organization_role',
  'installation_setting',
] as const;

/** Why something is denied. */
export const DENIAL_CODES = [
  'subject_unknown',
  'subject_ambiguous',
  'subject_deactivated',
  'subject_removed',
  'resource_unknown',
  'resource_mismatch',
  'not_a_member',
  'not_invited',
  'no_seat',
  'view_only',
  'not_the_creator',
  'permission_missing',
  'restricted_source',
  'target_denied',
] as const;

export type ReasonCode = (typeof GRANT_CODES)[number] | (typeof DENIAL_CODES)[number];

/** A yes or a no, and all there is to say about it. Ids and names are those of the organization asked. */
export interface Decision {
  readonly isAllowed: boolean;
  readonly code: ReasonCode;
  /** One plain sentence in English: through what, or what is missing. */
  readonly reason: string;
  /** The role that counts: predefined, or the name of a custom one. */
  readonly role?: string;
  readonly scope?: 'own' | 'any';
  readonly team?: string;
  readonly project?: string;
  readonly visibility?: string;
  /** When the subject came into the team, or got the organization role that counts. */
  readonly since?: Instant;
  /** Present when a mapping rule gave the role. */
  readonly isRoleMapped?: true;
  /** Id of that rule. */
  readonly mappingRule?: string;
  /** The SsoConnection whose group claims made the membership. */
  readonly ssoConnection?: string;
  /** Predefined roles that would allow it. */
  readonly neededRoles?: readonly string[];
}
