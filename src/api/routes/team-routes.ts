import { z } from 'zod';
import { TEAM_SORT_KEYS } from '../../directory/teams/managed-team.js';
import { LIMITS } from '../../kernel/limits.js';
import { inOrganization, onTeam, onVisibleTeam } from '../frame/permissions.js';
import { created, defineRoute, noContent, ok, type Route } from '../frame/route.js';
import { id } from '../schemas/common.js';
import { pageOf } from '../schemas/page.js';
import { newTeamSchema, teamChangeSchema, teamSchema, teamToWire } from '../schemas/team.js';

const PATH = '/api/v1/teams';
const TEAM = `${PATH}/{teamId}` as const;
const TAG = 'Teams';

const params = z.strictObject({ teamId: id });
const flag = z.enum(['true', 'false']).transform((value) => value === 'true');

export const teamRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: PATH,
    operationId: 'teams.list',
    tag: TAG,
    summary: 'List teams',
    description:
      'Those that the caller may see: hidden teams show to their members and to admins of the organization.',
    permission: 'self',
    list: { sort: TEAM_SORT_KEYS },
    query: z.strictObject({
      search: z.string().min(1).max(LIMITS.nameLength).optional().meta({
        description: 'Part of the name, in any case.',
        example: 'research',
      }),
      archived: flag.optional().meta({
        description: '`true`: archived teams instead, for who has `team:delete`.',
        example: 'true',
      }),
      memberId: id.optional().meta({ description: 'Only teams that this account is in.' }),
    }),
    answers: { 200: { description: 'A page of teams.', schema: pageOf(teamSchema) } },
    handle: async ({ teamManagement }, { context, query, page }) => {
      const { search, archived, memberId } = query;
      const found = await teamManagement.list(context, {
        search,
        isArchived: archived ?? false,
        memberId,
        ...page,
      });
      return page.reply(found, teamToWire);
    },
  }),
  defineRoute({
    method: 'POST',
    path: PATH,
    operationId: 'teams.create',
    tag: TAG,
    summary: 'Create a team',
    description:
      'For admins of the organization, and for its members where `ALLOW_USER_TEAM_CREATION` is set. The service accounts of the organization are in it from the start.',
    permission: inOrganization('team:create'),
    body: newTeamSchema,
    bodyExamples: {
      plain: { summary: 'A name is enough', value: { displayName: 'Vision' } },
      bucket: {
        summary: 'With a bucket of its own',
        value: {
          displayName: 'Speech',
          storageBucket: { name: 'speech-artifacts', provider: 'AWS', path: 'team', kmsKeyId: 'key-1' },
        },
      },
    },
    answers: { 201: { description: 'The team.', schema: teamSchema } },
    problems: ['team.name_taken', 'team.unknown_member'],
    handle: async ({ teamManagement }, { context, body }) => {
      const { displayName, storageBucket, adminId } = body;
      const team = await teamManagement.create(context, {
        displayName,
        adminId,
        storageBucket: storageBucket && {
          name: storageBucket.name,
          provider: storageBucket.provider,
          path: storageBucket.path ?? undefined,
          kmsKeyId: storageBucket.kmsKeyId ?? undefined,
          awsExternalId: storageBucket.awsExternalId ?? undefined,
          azureTenantId: storageBucket.azureTenantId ?? undefined,
          azureClientId: storageBucket.azureClientId ?? undefined,
        },
      });
      return created(teamToWire(team), `${PATH}/${team.id}`, team);
    },
  }),
  defineRoute({
    method: 'GET',
    path: TEAM,
    operationId: 'teams.get',
    tag: TAG,
    summary: 'Read a team',
    permission: onVisibleTeam('to see the team'),
    params,
    isVersioned: true,
    answers: { 200: { description: 'The team.', schema: teamSchema } },
    problems: ['team.not_found'],
    handle: async ({ teamManagement }, { context, params: { teamId } }) => {
      const team = await teamManagement.get(context, teamId);
      return ok(teamToWire(team), team);
    },
  }),
  defineRoute({
    method: 'PATCH',
    path: TEAM,
    operationId: 'teams.update',
    tag: TAG,
    summary: "Change a team's name, page or settings",
    description: 'What the organization decides for every team cannot be changed here.',
    permission: onTeam('team:update_settings'),
    params,
    isVersioned: true,
    body: teamChangeSchema,
    bodyExamples: {
      rename: { summary: 'Another name', value: { displayName: 'Applied research' } },
      page: {
        summary: 'The page of the team',
        value: {
          avatarUrl: 'https://example.com/research.png',
          introduction: '# Research\nWe look for things.',
          links: [{ title: 'Handbook', url: 'https://example.com/handbook' }],
        },
      },
      privacy: { summary: 'Members may invite', value: { privacy: { membersMayInvite: true } } },
    },
    answers: { 200: { description: 'The team as it is now.', schema: teamSchema } },
    problems: ['team.not_found', 'team.name_taken', 'team.setting_enforced'],
    handle: async ({ teamManagement }, { context, params: { teamId }, body, expectedVersion }) => {
      const team = await teamManagement.update(context, teamId, body, expectedVersion);
      return ok(teamToWire(team), team);
    },
  }),
  defineRoute({
    method: 'DELETE',
    path: TEAM,
    operationId: 'teams.archive',
    tag: TAG,
    summary: 'Archive a team',
    description:
      'Its members leave, its name is free, over SCIM it is gone. Its projects are kept, and it can be restored.',
    permission: onTeam('team:delete'),
    params,
    isVersioned: true,
    answers: { 204: { description: 'It is archived.' } },
    problems: ['team.not_found'],
    handle: async ({ teamManagement }, { context, params: { teamId }, expectedVersion }) => {
      await teamManagement.archive(context, teamId, expectedVersion);
      return noContent;
    },
  }),
  defineRoute({
    method: 'POST',
    path: `${TEAM}/restore`,
    operationId: 'teams.restore',
    tag: TAG,
    summary: 'Restore an archived team',
    description: 'With its name and projects, and without its former members.',
    permission: 'team:delete',
    params,
    answers: { 200: { description: 'The team as it is now.', schema: teamSchema } },
    problems: ['team.not_found', 'team.not_archived', 'team.name_taken'],
    handle: async ({ teamManagement }, { context, params: { teamId } }) => {
      const team = await teamManagement.restore(context, teamId);
      return ok(teamToWire(team), team);
    },
  }),
];
