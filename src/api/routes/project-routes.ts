import { z } from 'zod';
import { PROJECT_SORT_KEYS } from '../../directory/projects/project-store.js';
import { LIMITS } from '../../kernel/limits.js';
import { onProject } from '../frame/permissions.js';
import { created, defineRoute, noContent, ok, type Route } from '../frame/route.js';
import { id } from '../schemas/common.js';
import { pageOf } from '../schemas/page.js';
import {
  newProjectSchema,
  projectChangeSchema,
  projectSchema,
  projectToWire,
  projectVisibility,
} from '../schemas/project.js';

const PATH = '/api/v1/projects';
const PROJECT = `${PATH}/{projectId}` as const;
const TAG = 'Projects';

const params = z.strictObject({ projectId: id });

export const projectRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: PATH,
    operationId: 'projects.list',
    tag: TAG,
    summary: 'List projects',
    description:
      'Those that the caller may see: open and public ones, those of its teams, and restricted ones to which it is invited or of which it is the team admin.',
    permission: 'self',
    list: { sort: PROJECT_SORT_KEYS },
    query: z.strictObject({
      teamId: id.optional().meta({ description: 'Of this team.' }),
      visibility: projectVisibility
        .optional()
        .meta({ description: 'With this visibility.', example: 'team' }),
      ownerId: id.optional().meta({ description: 'Owned by this account.' }),
      search: z
        .string()
        .min(1)
        .max(LIMITS.nameLength)
        .optional()
        .meta({ description: 'Part of the name, in any case.', example: 'weather' }),
      archived: z
        .enum(['true', 'false'])
        .default('false')
        .meta({ description: '`true`: archived projects instead of live ones.', example: 'true' }),
    }),
    answers: { 200: { description: 'A page of projects.', schema: pageOf(projectSchema) } },
    handle: async ({ projects }, { context, query, page }) => {
      const found = await projects.list(context.organizationId, {
        teamId: query.teamId,
        visibility: query.visibility,
        ownerId: query.ownerId,
        search: query.search,
        isArchived: query.archived === 'true',
        readerId: context.principal.userId,
        ...page,
      });
      return page.reply(found, projectToWire);
    },
  }),
  defineRoute({
    method: 'POST',
    path: PATH,
    operationId: 'projects.create',
    tag: TAG,
    summary: 'Create a project',
    description:
      'The caller owns it. Needs `project:create` in the team. Without a visibility it is `team`, or `restricted` where the organization asks for it.',
    permission: 'self',
    body: newProjectSchema,
    bodyExamples: {
      team: {
        summary: 'For the team',
        value: { teamId: '019aa002-11f0-7b21-a4d3-9e8f7a6b5c03', name: 'Climate' },
      },
    },
    answers: { 201: { description: 'The project.', schema: projectSchema } },
    problems: [
      'permission.denied',
      'team.not_found',
      'project.invalid',
      'project.name_taken',
      'project.visibility_forbidden',
      'project.not_a_team_member',
      'project.not_restricted',
    ],
    handle: async ({ access, projects }, { context, body }) => {
      const { principal } = context;
      await access.require(principal, 'project:create', { type: 'team', id: body.teamId });
      const project = await projects.create(context, {
        teamId: body.teamId,
        name: body.name,
        visibility: body.visibility,
        ownerId: principal.userId,
        invitedIds: body.invitedIds,
      });
      return created(projectToWire(project), `${PATH}/${project.id}`, project);
    },
  }),
  defineRoute({
    method: 'GET',
    path: PROJECT,
    operationId: 'projects.get',
    tag: TAG,
    summary: 'Read a project',
    permission: onProject('project:read', 'project:manage_members'),
    params,
    isVersioned: true,
    answers: { 200: { description: 'The project.', schema: projectSchema } },
    problems: ['project.not_found'],
    handle: async ({ projects }, { context, params: { projectId } }) => {
      const project = await projects.get(context.organizationId, projectId);
      return ok(projectToWire(project), project);
    },
  }),
  defineRoute({
    method: 'PATCH',
    path: PROJECT,
    operationId: 'projects.update',
    tag: TAG,
    summary: 'Change a project',
    description:
      'All or nothing. The name needs `project:update`, the visibility `project:update_visibility`, the owner `project:manage_members`. When a restricted project opens to its team, who was invited is forgotten; when a project becomes restricted, its owner is invited.',
    permission: onProject('project:update', 'project:update_visibility', 'project:manage_members'),
    params,
    isVersioned: true,
    body: projectChangeSchema,
    bodyExamples: {
      name: { summary: 'Another name', value: { name: 'Weather models' } },
      visibility: { summary: 'Open it to the team', value: { visibility: 'team' } },
    },
    answers: { 200: { description: 'The project as it is now.', schema: projectSchema } },
    problems: [
      'permission.denied',
      'project.not_found',
      'project.invalid',
      'project.name_taken',
      'project.visibility_forbidden',
      'project.not_a_team_member',
    ],
    handle: async ({ access, projects }, { context, params: { projectId }, body, expectedVersion }) => {
      const resource = { type: 'project', id: projectId } as const;
      for (const [member, action] of NEEDED)
        if (body[member] !== undefined) await access.require(context.principal, action, resource);
      const { name, visibility, ownerId } = body;
      const project = await projects.update(
        context,
        projectId,
        {
          ...(name === undefined ? {} : { name }),
          ...(visibility === undefined ? {} : { visibility }),
          ...(ownerId === undefined ? {} : { ownerId }),
        },
        expectedVersion,
      );
      return ok(projectToWire(project), project);
    },
  }),
  defineRoute({
    method: 'DELETE',
    path: PROJECT,
    operationId: 'projects.archive',
    tag: TAG,
    summary: 'Archive a project',
    description: 'Nobody has access to it any more, and its name is free. It can be restored.',
    permission: onProject('project:delete'),
    params,
    isVersioned: true,
    answers: { 204: { description: 'It is archived.' } },
    problems: ['project.not_found'],
    handle: async ({ projects }, { context, params: { projectId }, expectedVersion }) => {
      await projects.archive(context, projectId, expectedVersion);
      return noContent;
    },
  }),
  defineRoute({
    method: 'POST',
    path: `${PROJECT}/restore`,
    operationId: 'projects.restore',
    tag: TAG,
    summary: 'Restore an archived project',
    description: 'A project that is live stays as it is.',
    permission: {
      needs: 'to be an admin of the team, or of the organization',
      check: async ({ access, projects }, { principal }, { projectId }) => {
        const { teamId } = await projects.get(principal.organizationId, projectId);
        await access.require(principal, 'team:update_settings', { type: 'team', id: teamId });
      },
    },
    params,
    answers: { 200: { description: 'The project.', schema: projectSchema } },
    problems: ['project.not_found', 'project.name_taken'],
    handle: async ({ projects }, { context, params: { projectId } }) => {
      const project = await projects.restore(context, projectId);
      return ok(projectToWire(project), project);
    },
  }),
];

/** What each member of a change needs. */
const NEEDED = [
  ['name', 'project:update'],
  ['visibility', 'project:update_visibility'],
  ['ownerId', 'project:manage_members'],
] as const;
