import type { Instant } from '../../kernel/clock.js';
import type { Filter } from '../filter/filter.js';

/** A team as read, without its members: those are read in pages (`TeamStore.memberIds`, `TeamStore.members`). */
export interface TeamRecord {
  readonly id: string;
  readonly externalId: string | undefined;
  readonly displayName: string;
  readonly version: number;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
}

export interface TeamMember {
  readonly userId: string;
  /** displayName of the user, or the userName. */
  readonly name: string;
}

/** One step of a membership change, in the order in which the steps apply. */
export type MemberChange =
  | { readonly kind: 'add'; readonly ids: readonly string[] }
  | { readonly kind: 'remove'; readonly ids: readonly string[] }
  | { readonly kind: 'removeWhere'; readonly filter: Filter }
  | { readonly kind: 'replace'; readonly ids: readonly string[] };

export interface CreateTeamInput {
  readonly displayName: string;
  readonly externalId: string | undefined;
  readonly memberIds: readonly string[];
}

export interface UpdateTeamInput {
  readonly displayName?: string;
  /** null clears it. */
  readonly externalId?: string | null;
  readonly members?: readonly MemberChange[];
}
