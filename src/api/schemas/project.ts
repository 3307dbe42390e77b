import { z } from 'zod';
import { PROJECT_VISIBILITIES, type Project, type ProjectMember } from '../../directory/projects/project.js';
import { LIMITS } from '../../kernel/limits.js';
import { id, instant, name, orNull } from './common.js';
import { accountType } from './user-account.js';

export const projectVisibility = z.enum(PROJECT_VISIBILITIES).meta({
  description:
    '`open`: everybody in the organization sees it and submits to it. `public`: everybody sees it. `team`: the team. `restricted`: invited members of the team.',
});

export const projectSchema = z
  .strictObject({
    id,
    teamId: id,
    name: z.string(),
    visibility: projectVisibility,
    ownerId: id,
    isOwnerInTeam: z.boolean().meta({
      description: '`false`: the owner has left the team, and a team admin should set a new one.',
    }),
    createdAt: instant,
    updatedAt: instant,
    archivedAt: instant.nullable(),
  })
  .meta({ id: 'Project', description: 'A project of a team.' });

export const projectToWire = (project: Project): z.input<typeof projectSchema> => ({
  id: project.id,
  teamId: project.teamId,
  name: project.name,
  visibility: project.visibility,
  ownerId: project.ownerId,
  isOwnerInTeam: project.isOwnerInTeam,
  createdAt: project.createdAt,
  updatedAt: project.updatedAt,
  archivedAt: orNull(project.archivedAt),
});

export const newProjectSchema = z.strictObject({
  teamId: id,
  name,
  visibility: projectVisibility.optional(),
  invitedIds: z.array(id).max(LIMITS.valuesPerAttribute).default([]).meta({
    description: 'Members of the team to invite to a restricted project, beside the caller.',
  }),
});

export const projectChangeSchema = z.strictObject({
  name: name.optional(),
  visibility: projectVisibility.optional(),
  ownerId: id.optional().meta({ description: 'A member of the team who is not View-Only.' }),
});

export const projectMemberSchema = z
  .strictObject({
    userId: id,
    userName: z.string(),
    displayName: z.string(),
    accountType,
    isActive: z.boolean(),
    teamRole: z.string().meta({ description: '`admin`, `member`, `viewer`, `service`, or a custom role.' }),
    projectRole: z
      .string()
      .meta({ description: 'What counts in the project: the own role, or the team role.' }),
    ownRole: z.string().nullable().meta({
      description:
        'The role that differs from the team role. It is kept, and does not count, while the team role is `viewer` and while the project is open or public.',
    }),
    isInvited: z.boolean().meta({ description: 'To a restricted project.' }),
  })
  .meta({ id: 'ProjectMember', description: 'A member of the team as the project sees it.' });

export const projectMemberToWire = (member: ProjectMember): z.input<typeof projectMemberSchema> => ({
  userId: member.userId,
  userName: member.userName,
  displayName: member.displayName,
  accountType: member.accountType,
  isActive: member.isActive,
  teamRole: member.teamRole,
  projectRole: member.projectRole,
  ownRole: orNull(member.ownRole),
  isInvited: member.isInvited,
});
