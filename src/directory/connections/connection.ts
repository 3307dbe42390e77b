import type { Instant } from '../../kernel/clock.js';

/**
 * How a Connection reads its client's requests: `lenient` takes every known client dialect, `strict` is RFC 7644 to
 * the letter, `interop` is draft-zollner-scim-interop-profile-02.
 */
export const CONNECTION_MODES = ['lenient', 'strict', 'interop'] as const;
export type ConnectionMode = (typeof CONNECTION_MODES)[number];

/** What an IdP's connection may do and how its deletions are taken. */
export interface ConnectionSettings {
  readonly mode: ConnectionMode;
  /** `archive` answers 204 and keeps the team restorable; `refuse` answers 403. */
  readonly onGroupDelete: 'archive' | 'refuse';
  /** `deactivate` keeps the account for a later restore; `remove` leaves only a tombstone. */
  readonly onUserDelete: 'deactivate' | 'remove';
  /** Whether organizationRole may be set to admin. */
  readonly mayGrantAdmin: boolean;
  /** Whether a second resource with the same externalId is refused. */
  readonly hasUniqueExternalIds: boolean;
}

export const DEFAULT_CONNECTION_SETTINGS: ConnectionSettings = {
  mode: 'lenient',
  onGroupDelete: 'archive',
  onUserDelete: 'deactivate',
  mayGrantAdmin: true,
  hasUniqueExternalIds: false,
};

/** One IdP's SCIM connection to an organization. */
export interface Connection {
  readonly id: string;
  readonly organizationId: string;
  readonly name: string;
  readonly settings: ConnectionSettings;
  readonly isEnabled: boolean;
  /** Whether membership of the groups that it pushes gives roles: without rules a push need not look for any. */
  readonly hasMappingRules: boolean;
  readonly version: number;
  readonly createdAt: Instant;
}
