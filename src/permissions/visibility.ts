import type { Permission } from './catalogue.js';

/**
 * What the visibility of a project gives to every active account of the organization, in the team or not: `public` and
 * `open` ones can be seen, to `open` ones runs and reports can be submitted and the own ones carried on.
 */
const SEEN = {
  'project:read': 'any',
  'run:read': 'any',
  'report:read': 'any',
  'artifact:read': 'any',
} as const;

const SUBMITTED = {
  'run:create': 'any',
  'report:create': 'any',
  'run:update': 'own',
  'run:stop': 'own',
  'report:update': 'own',
} as const;

export type VisibilityGrants = Readonly<Partial<Record<Permission, 'own' | 'any'>>>;

export const VISIBILITY_GRANTS: Readonly<
  Record<'open' | 'public' | 'team' | 'restricted', VisibilityGrants>
> = {
  open: { ...SEEN, ...SUBMITTED },
  public: SEEN,
  team: {},
  restricted: {},
};

/** Whether a grant of visibility is for looking only, and so also for accounts that are View-Only. */
export const isSeeing = (permission: Permission): boolean => Object.hasOwn(SEEN, permission);
