import type { Instant } from '../../kernel/clock.js';
import type { KeysetPosition } from '../query.js';

/** `team`: in one team, and only there. `organization`: in every team but restricted projects. */
export const SERVICE_ACCOUNT_KINDS = ['team', 'organization'] as const;
export type ServiceAccountKind = (typeof SERVICE_ACCOUNT_KINDS)[number];

/** An account of a program. It has neither seat nor roles of its own, and signs in with API keys only. */
export interface ServiceAccount {
  readonly id: string;
  readonly name: string;
  readonly kind: ServiceAccountKind;
  /** Its team; of one of the organization, the team to which work belongs when nothing else is said. */
  readonly teamId: string;
  readonly teamName: string;
  readonly isActive: boolean;
  readonly createdAt: Instant;
  readonly version: number;
}

export const SERVICE_ACCOUNT_SORT_KEYS = ['name', 'createdAt'] as const;

export interface ServiceAccountQuery {
  readonly kind: ServiceAccountKind | undefined;
  readonly teamId: string | undefined;
  /** A part of the name, in any case. */
  readonly search: string | undefined;
  readonly sort: { readonly key: (typeof SERVICE_ACCOUNT_SORT_KEYS)[number]; readonly descending: boolean };
  readonly after: KeysetPosition | undefined;
  readonly limit: number;
}
