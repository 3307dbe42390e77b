import type { Instant } from '../../kernel/clock.js';
import type { KeysetPosition } from '../query.js';
import type { TeamPrivacy } from './team-privacy.js';

export const STORAGE_PROVIDERS = ['COREWEAVE', 'AWS', 'AZURE', 'GCP', 'MINIO'] as const;
export type StorageProvider = (typeof STORAGE_PROVIDERS)[number];

/** Where the team's files are kept. Fixed when the team is created. */
export interface StorageBucket {
  readonly name: string;
  readonly provider: StorageProvider;
  readonly path: string | undefined;
  readonly kmsKeyId: string | undefined;
  readonly awsExternalId: string | undefined;
  readonly azureTenantId: string | undefined;
  readonly azureClientId: string | undefined;
}

export interface TeamLink {
  readonly title: string;
  /** An https address. */
  readonly url: string;
}

/** A team as people manage it. */
export interface ManagedTeam {
  readonly id: string;
  readonly displayName: string;
  readonly avatarUrl: string | undefined;
  /** Markdown. */
  readonly introduction: string | undefined;
  readonly links: readonly TeamLink[];
  readonly storageBucket: StorageBucket | undefined;
  /** What holds: the organization's word before the team's. */
  readonly privacy: TeamPrivacy;
  /** Settings that the organization has taken from the team. */
  readonly enforced: readonly (keyof TeamPrivacy)[];
  /** Role of whoever asks: admin, member, viewer, service, or the name of a custom role. */
  readonly callerRole: string | undefined;
  readonly version: number;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
  readonly archivedAt: Instant | undefined;
}

export interface NewTeam {
  readonly displayName: string;
  readonly storageBucket: StorageBucket | undefined;
  /** The first admin; undefined: the caller, unless it is a service account or may not join teams. */
  readonly adminId: string | undefined;
}

export type TeamPrivacyChange = { readonly [Setting in keyof TeamPrivacy]?: boolean | undefined };

/** What to change; an absent part stays as it is, null clears it. */
export interface TeamChange {
  readonly displayName?: string | undefined;
  readonly avatarUrl?: string | null | undefined;
  readonly introduction?: string | null | undefined;
  /** The whole list. */
  readonly links?: readonly TeamLink[] | undefined;
  readonly privacy?: TeamPrivacyChange | undefined;
}

export const TEAM_SORT_KEYS = ['displayName', 'createdAt'] as const;
export type TeamSortKey = (typeof TEAM_SORT_KEYS)[number];

export interface TeamQuery {
  /** Part of the name, in any case. */
  readonly search: string | undefined;
  readonly isArchived: boolean;
  /** Only teams that this user is in. */
  readonly memberId: string | undefined;
  readonly sort: { readonly key: TeamSortKey; readonly descending: boolean };
  readonly after: KeysetPosition | undefined;
  readonly limit: number;
}
