import { teamNumberOf, type Organization } from './organization.ts';

/** A question to the access evaluation API (OpenID AuthZEN Authorization API 1.0, section 6.1). */
export interface Question {
  readonly subject: { readonly type: 'user'; readonly id: string };
  readonly action: { readonly name: string };
  readonly resource: { readonly type: string; readonly id: string; readonly properties?: object };
}

/** What applications ask most: about what is in a project, now and then about a project or a team. */
const KINDS = [
  { action: 'project:read', type: 'project' },
  { action: 'run:create', type: 'project' },
  { action: 'run:update', type: 'run', isOwn: true },
  { action: 'run:stop', type: 'run', isOwn: false },
  { action: 'artifact:download', type: 'artifact' },
  { action: 'project:update', type: 'project' },
  { action: 'report:create', type: 'project' },
  { action: 'team:invite_member', type: 'team' },
] as const;

/**
 * The question about one user: three of four ask about a team the user is in, the others about one they are most likely
 * not in.
 */
export function questionAbout(
  { number, id }: { readonly number: number; readonly id: string },
  organization: Organization,
): Question {
  const { teamIds, projectIds } = organization;
  const kind = KINDS[number % KINDS.length] ?? KINDS[0];
  const own = teamNumberOf(number, organization);
  const team = Math.floor(number / KINDS.length) % 4 === 3 ? (own * 31 + 17) % teamIds.length : own;
  const project = projectIds[(team + teamIds.length * (number % 10)) % projectIds.length] ?? '';
  const asked = { subject: { type: 'user', id }, action: { name: kind.action } } as const;
  switch (kind.type) {
    case 'team':
      return { ...asked, resource: { type: 'team', id: teamIds[team] ?? '' } };
    case 'project':
      return { ...asked, resource: { type: 'project', id: project } };
    case 'artifact':
      return { ...asked, resource: { type: 'artifact', id: `artifact-${number}`, properties: { project } } };
    case 'run': {
      const createdBy = kind.isOwn ? id : 'somebody.else@bench.example';
      return { ...asked, resource: { type: 'run', id: `run-${number}`, properties: { project, createdBy } } };
    }
  }
}
