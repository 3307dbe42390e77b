import { z } from 'zod';
import type { PrincipalContext } from '../../directory/principals/index.js';
import { changeRole, type RoleChange } from '../../directory/roles/role-change.js';
import { ROLE_SORT_KEYS, type RoleReadScope } from '../../directory/roles/role-store.js';
import type { ErrorCode } from '../../kernel/error-codes.js';
import { LIMITS } from '../../kernel/limits.js';
import type { ApiServices } from '../api-services.js';
import { created, defineRoute, ok, type ApiReply, type ApiRequest, type Route } from '../frame/route.js';
import { id } from '../schemas/common.js';
import { pageOf } from '../schemas/page.js';
import {
  newRoleSchema,
  roleChangeSchema,
  roleDeletionSchema,
  rolePreviewSchema,
  rolePreviewToWire,
  roleSchema,
  roleToWire,
  wholeRoleSchema,
} from '../schemas/role.js';

const PATH = '/api/v1/roles';
const ROLE = `${PATH}/{roleId}` as const;
const TAG = 'Custom roles';

const params = z.strictObject({ roleId: id });
const REFUSED: readonly ErrorCode[] = ['role.name_taken', 'role.name_reserved', 'role.unknown_permission'];

/** Roles as people see them, without what a connection calls them. */
const scopeOf = ({ organizationId }: PrincipalContext): RoleReadScope => ({
  organizationId,
  connectionId: undefined,
  baseUrl: '',
});

/** Also for PUT: its schema fills in what a PUT resets. */
async function updateRole(
  { roles }: ApiServices,
  { context, params: { roleId }, body, expectedVersion }: ApiRequest<{ roleId: string }, unknown, RoleChange>,
): Promise<ApiReply> {
  const role = await roles.update(context, scopeOf(context), roleId, expectedVersion, (current) =>
    changeRole(current, body),
  );
  return ok(roleToWire(role), role);
}

const RUN_OPERATOR = {
  name: 'Run operator',
  description: 'Stops what others have started.',
  inheritedFrom: 'member',
  permissions: ['run:stop'],
};

export const roleRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: PATH,
    operationId: 'roles.list',
    tag: TAG,
    summary: 'List custom roles',
    permission: 'self',
    list: { sort: ROLE_SORT_KEYS },
    query: z.strictObject({
      search: z.string().min(1).max(LIMITS.nameLength).optional().meta({
        description: 'Part of the name; letters from a to z in any case.',
        example: 'operator',
      }),
    }),
    answers: { 200: { description: 'A page of custom roles.', schema: pageOf(roleSchema) } },
    handle: async ({ roles }, { context, query, page }) => {
      const { limit, after, sort } = page;
      const found = await roles.browse(context.organizationId, { search: query.search, limit, after, sort });
      return page.reply(found, roleToWire);
    },
  }),
  defineRoute({
    method: 'POST',
    path: PATH,
    operationId: 'roles.create',
    tag: TAG,
    summary: 'Create a custom role',
    permission: 'role:create',
    body: newRoleSchema,
    bodyExamples: {
      operator: {
        summary: 'Members who may stop every run',
        value: { ...RUN_OPERATOR, name: 'Run supervisor' },
      },
    },
    answers: { 201: { description: 'The role.', schema: roleSchema } },
    problems: REFUSED,
    handle: async ({ roles }, { context, body }) => {
      const { name, description, inheritedFrom, permissions } = body;
      const role = await roles.create(context, scopeOf(context), {
        name,
        externalId: undefined,
        description: description ?? undefined,
        inheritedFrom,
        permissions,
      });
      return created(roleToWire(role), `${PATH}/${role.id}`, role);
    },
  }),
  defineRoute({
    method: 'GET',
    path: ROLE,
    operationId: 'roles.get',
    tag: TAG,
    summary: 'Read a custom role',
    permission: 'self',
    params,
    isVersioned: true,
    answers: { 200: { description: 'The role.', schema: roleSchema } },
    problems: ['role.not_found'],
    handle: async ({ roles }, { context, params: { roleId } }) => {
      const role = await roles.get(scopeOf(context), roleId);
      return ok(roleToWire(role), role);
    },
  }),
  defineRoute({
    method: 'PATCH',
    path: ROLE,
    operationId: 'roles.update',
    tag: TAG,
    summary: 'Change a custom role',
    description: 'For all who have it, from their next request on.',
    permission: 'role:update',
    params,
    isVersioned: true,
    body: roleChangeSchema,
    bodyExamples: {
      permissions: { summary: 'Other permissions', value: { permissions: ['run:stop', 'run:delete'] } },
      description: { summary: 'Without a description', value: { description: null } },
    },
    answers: { 200: { description: 'The role as it is now.', schema: roleSchema } },
    problems: ['role.not_found', ...REFUSED],
    handle: updateRole,
  }),
  defineRoute({
    method: 'PUT',
    path: ROLE,
    operationId: 'roles.replace',
    tag: TAG,
    summary: 'Replace a custom role',
    permission: 'role:update',
    params,
    isVersioned: true,
    body: wholeRoleSchema,
    bodyExamples: { operator: { summary: 'The whole role', value: RUN_OPERATOR } },
    answers: { 200: { description: 'The role as it is now.', schema: roleSchema } },
    problems: ['role.not_found', ...REFUSED],
    handle: updateRole,
  }),
  defineRoute({
    method: 'DELETE',
    path: ROLE,
    operationId: 'roles.delete',
    tag: TAG,
    summary: 'Delete a custom role',
    description: 'Its holders have the role that it inherits from instead.',
    permission: 'role:delete',
    params,
    isVersioned: true,
    answers: { 200: { description: 'How many had it, and what they have now.', schema: roleDeletionSchema } },
    problems: ['role.not_found'],
    handle: async ({ roles }, { context, params: { roleId }, expectedVersion }) => {
      const deletion = await roles.delete(context, scopeOf(context), roleId, expectedVersion);
      return ok({ holdersMoved: deletion.holdersMoved, movedTo: deletion.movedTo });
    },
  }),
  defineRoute({
    method: 'POST',
    path: `${ROLE}/preview`,
    operationId: 'roles.preview',
    tag: TAG,
    summary: 'See whom a change or a deletion affects',
    description: 'Nothing is changed. What the change itself would be refused for is refused here too.',
    permission: 'role:update',
    params,
    body: z.strictObject({
      change: roleChangeSchema.nullable().meta({ description: 'null: the role is deleted.' }),
    }),
    bodyExamples: {
      deletion: { summary: 'The role is deleted', value: { change: null } },
      change: {
        summary: 'Its holders could delete runs too',
        value: { change: { permissions: ['run:delete'] } },
      },
    },
    answers: {
      200: { description: 'Who has the role, and what they gain and lose.', schema: rolePreviewSchema },
    },
    problems: ['role.not_found', ...REFUSED],
    handle: async ({ roles }, { context, params: { roleId }, body }) => {
      const preview = await roles.preview(scopeOf(context), roleId, body.change ?? undefined);
      return ok(rolePreviewToWire(preview));
    },
  }),
];
