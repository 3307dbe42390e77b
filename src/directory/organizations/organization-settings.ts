import type { Instant } from '../../kernel/clock.js';
import type { EnforcedPrivacy } from '../teams/team-privacy.js';

/** An organization with what its admins decide for it. */
export interface OrganizationSettings {
  readonly id: string;
  /** The name that commands know; fixed. */
  readonly name: string;
  /** What people see. */
  readonly displayName: string;
  readonly allowsApiKeyCreation: boolean;
  readonly enforcedPrivacy: EnforcedPrivacy;
  readonly version: number;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
}

export type EnforcedPrivacyChange = {
  readonly [Setting in keyof EnforcedPrivacy]?: EnforcedPrivacy[Setting] | undefined;
};

/** What to change; an absent part stays as it is. */
export interface OrganizationChange {
  readonly displayName?: string | undefined;
  readonly allowsApiKeyCreation?: boolean | undefined;
  readonly enforcedPrivacy?: EnforcedPrivacyChange | undefined;
}
