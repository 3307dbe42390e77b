import type { Instant } from '../../kernel/clock.js';
import type { ROLE_BASES } from '../schema/index.js';

export type RoleBase = (typeof ROLE_BASES)[number];

/** A custom role. `permissions` are only those it adds to `inheritedFrom`. */
export interface Role {
  readonly id: string;
  readonly externalId: string | undefined;
  readonly name: string;
  readonly description: string | undefined;
  readonly inheritedFrom: RoleBase;
  readonly permissions: readonly string[];
  readonly version: number;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
}

export interface RoleInput {
  readonly name: string;
  readonly externalId: string | undefined;
  readonly description: string | undefined;
  readonly inheritedFrom: RoleBase;
  /** Names from the permission catalogue; those that are inherited anyway are dropped. */
  readonly permissions: readonly string[];
}
