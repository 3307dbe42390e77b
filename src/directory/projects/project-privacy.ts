import { DomainError } from '../../kernel/errors.js';
import type { ProjectVisibility } from './project.js';

/** What a team's and its organization's privacy settings allow for projects. The organization's go before the team's. */
export interface ProjectPrivacy {
  /** The team's "make all future projects private". */
  readonly keepsPrivate: boolean;
  /** The organization's: `private` is team or restricted. */
  readonly enforced: 'private' | 'restricted' | undefined;
}

/** What a project becomes when nothing is said. */
export const defaultVisibility = ({ enforced }: ProjectPrivacy): ProjectVisibility =>
  enforced === 'restricted' ? 'restricted' : 'team';

/**
 * Whether a project may be made with, or changed to, a visibility. A restricted project may always become one of the
 * team, and one that is there may stay as it is.
 * @param current - undefined for a new project
 */
export function isVisibilityAllowed(
  wanted: ProjectVisibility,
  current: ProjectVisibility | undefined,
  { keepsPrivate, enforced }: ProjectPrivacy,
): boolean {
  if (wanted === current || wanted === 'restricted') return true;
  if (wanted === 'team') return current === 'restricted' || enforced !== 'restricted';
  return !keepsPrivate && enforced === undefined;
}

/** @throws DomainError project.visibility_forbidden */
export function requireVisibility(
  wanted: ProjectVisibility,
  current: ProjectVisibility | undefined,
  privacy: ProjectPrivacy,
): void {
  if (isVisibilityAllowed(wanted, current, privacy)) return;
  const whose = privacy.enforced === undefined ? 'The team keeps' : 'The organization keeps';
  const what = privacy.enforced === 'restricted' ? 'restricted' : 'private: team or restricted';
  throw new DomainError('project.visibility_forbidden', {
    detail: `${whose} its future projects ${what}.`,
    field: 'visibility',
  });
}
