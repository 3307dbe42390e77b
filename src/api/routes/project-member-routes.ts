import { z } from 'zod';
import { PROJECT_MEMBER_SORT_KEYS } from '../../directory/projects/project-store.js';
import { LIMITS } from '../../kernel/limits.js';
import { onProject } from '../frame/permissions.js';
import { created, defineRoute, noContent, ok, type Route } from '../frame/route.js';
import { id } from '../schemas/common.js';
import { pageOf } from '../schemas/page.js';
import { projectMemberSchema, projectMemberToWire } from '../schemas/project.js';

const PATH = '/api/v1/projects/{projectId}/members';
const MEMBER = `${PATH}/{userId}` as const;
const TAG = 'Projects';

const projectParams = z.strictObject({ projectId: id });
const params = z.strictObject({ projectId: id, userId: id });
const member = (description: string) => ({ 200: { description, schema: projectMemberSchema } });

export const projectMemberRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: PATH,
    operationId: 'projectMembers.list',
    tag: TAG,
    summary: 'List who is in a project',
    description: 'The members of the team, or of a restricted project those who are invited.',
    permission: onProject('project:read', 'project:manage_members'),
    params: projectParams,
    list: { sort: PROJECT_MEMBER_SORT_KEYS },
    answers: { 200: { description: 'A page of members.', schema: pageOf(projectMemberSchema) } },
    problems: ['project.not_found'],
    handle: async ({ projects }, { context, params: { projectId }, page }) => {
      const found = await projects.members(context.organizationId, projectId, {
        userId: undefined,
        ...page,
      });
      return page.reply(found, projectMemberToWire);
    },
  }),
  defineRoute({
    method: 'GET',
    path: MEMBER,
    operationId: 'projectMembers.get',
    tag: TAG,
    summary: 'Read a member of a project',
    permission: onProject('project:read', 'project:manage_members'),
    params,
    answers: member('The member.'),
    problems: ['project.not_found', 'user.not_found'],
    handle: async ({ projects }, { context, params: { projectId, userId } }) =>
      ok(projectMemberToWire(await projects.member(context.organizationId, projectId, userId))),
  }),
  defineRoute({
    method: 'POST',
    path: PATH,
    operationId: 'projectMembers.invite',
    tag: TAG,
    summary: 'Invite to a restricted project',
    description:
      'A member of the team, or a service account of the team or the organization. Whoever is invited has the team role in it. Inviting again changes nothing.',
    permission: onProject('project:manage_members'),
    params: projectParams,
    body: z.strictObject({ userId: id }),
    bodyExamples: {
      ada: { summary: 'Ada', value: { userId: '019aa001-7a10-7c3e-9b1f-3f2a5b6c7d01' } },
    },
    answers: { 201: { description: 'The member.', schema: projectMemberSchema } },
    problems: ['project.not_found', 'project.not_restricted', 'project.not_a_team_member'],
    handle: async ({ projects }, { context, params: { projectId }, body: { userId } }) => {
      await projects.invite(context, projectId, [userId]);
      const invited = await projects.member(context.organizationId, projectId, userId);
      return created(projectMemberToWire(invited), `/api/v1/projects/${projectId}/members/${userId}`);
    },
  }),
  defineRoute({
    method: 'PATCH',
    path: MEMBER,
    operationId: 'projectMembers.setRole',
    tag: TAG,
    summary: 'Give a member another role in the project',
    description:
      'A role equal to the team role is the same as none: the project role follows the team role. Nobody gives a role with more than they have there, but team admins give any.',
    permission: onProject('project:manage_members'),
    params,
    body: z.strictObject({
      role: z.string().min(1).max(LIMITS.nameLength).nullable().meta({
        description: '`admin`, `member`, `viewer`, or the name of a custom role. `null`: the team role.',
      }),
    }),
    bodyExamples: {
      viewer: { summary: 'May only look', value: { role: 'viewer' } },
      none: { summary: 'The team role again', value: { role: null } },
    },
    answers: member('The member as it is now.'),
    problems: [
      'permission.denied',
      'project.not_found',
      'project.not_a_team_member',
      'project.not_invited',
      'project.no_project_roles',
      'project.role_follows_team',
      'project.role_unknown',
      'user.not_found',
    ],
    handle: async ({ access, projects }, { context, params: { projectId, userId }, body }) => {
      const { organizationId, principal } = context;
      const role = body.role ?? (await projects.member(organizationId, projectId, userId)).teamRole;
      if (role !== 'service')
        await access.requireMayGive(principal, projectId, await projects.roleNamed(organizationId, role));
      await projects.setMemberRole(context, projectId, userId, body.role ?? undefined);
      return ok(projectMemberToWire(await projects.member(organizationId, projectId, userId)));
    },
  }),
  defineRoute({
    method: 'DELETE',
    path: MEMBER,
    operationId: 'projectMembers.remove',
    tag: TAG,
    summary: 'Take a member out of a restricted project',
    description: 'Together with the role of its own: who is invited again has the team role.',
    permission: onProject('project:manage_members'),
    params,
    answers: { 204: { description: 'The member is out.' } },
    problems: ['project.not_found', 'project.not_restricted', 'project.not_invited'],
    handle: async ({ projects }, { context, params: { projectId, userId } }) => {
      await projects.uninvite(context, projectId, userId);
      return noContent;
    },
  }),
];
