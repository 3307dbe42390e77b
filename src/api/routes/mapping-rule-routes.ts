import { z } from 'zod';
import type { MappingSource } from '../../directory/mapping-rules/mapping-rule.js';
import { created, defineRoute, noContent, ok, type Route } from '../frame/route.js';
import { id } from '../schemas/common.js';
import {
  mappingRuleFields,
  mappingRuleSchema,
  mappingRuleToWire,
  teamFromWire,
} from '../schemas/mapping-rule.js';
import { pageOf } from '../schemas/page.js';

const PATH = '/api/v1/mapping-rules';
const RULE = `${PATH}/{mappingRuleId}` as const;
const TAG = 'Mapping rules';

const params = z.strictObject({ mappingRuleId: id });
const toSource = (ssoConnectionId: string): MappingSource => ({
  kind: 'sso_connection',
  id: ssoConnectionId,
});

export const mappingRuleRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: PATH,
    operationId: 'mappingRules.list',
    tag: TAG,
    summary: 'List mapping rules',
    permission: 'sso:manage',
    list: { sort: ['id'] },
    query: z.strictObject({
      ssoConnectionId: id.optional().meta({ description: 'Only rules of this SSO connection.' }),
    }),
    answers: {
      200: { description: 'A page of rules, the oldest first.', schema: pageOf(mappingRuleSchema) },
    },
    handle: async ({ mappingRules }, { context, query, page }) => {
      const { after, limit, sort } = page;
      const window = { after, limit, descending: sort.descending };
      const { ssoConnectionId } = query;
      const source = ssoConnectionId === undefined ? undefined : toSource(ssoConnectionId);
      return page.reply(await mappingRules.page(context.organizationId, source, window), mappingRuleToWire);
    },
  }),
  defineRoute({
    method: 'POST',
    path: PATH,
    operationId: 'mappingRules.create',
    tag: TAG,
    summary: 'Make a mapping rule',
    description: 'It applies from the next sign-in of each person on.',
    permission: 'sso:manage',
    body: z.strictObject({
      ssoConnectionId: id,
      groupName: mappingRuleFields.groupName,
      match: mappingRuleFields.match.default('exact'),
      organizationRole: mappingRuleFields.organizationRole.default(null),
      team: mappingRuleFields.team.default(null),
    }),
    bodyExamples: {
      admins: {
        summary: 'Who is in a group is an admin of the organization',
        value: {
          ssoConnectionId: '019aa005-6b31-7c52-9f13-8a7b6c5d4e07',
          groupName: 'rollcall-admins',
          organizationRole: 'admin',
        },
      },
      teams: {
        summary: 'Groups with a prefix are teams, whose members read only',
        value: {
          ssoConnectionId: '019aa005-6b31-7c52-9f13-8a7b6c5d4e07',
          groupName: 'guests-*',
          match: 'pattern',
          team: { id: null, role: 'viewer', customRoleId: null },
        },
      },
    },
    answers: { 201: { description: 'The rule.', schema: mappingRuleSchema } },
    problems: ['mapping_rule.invalid'],
    handle: async ({ mappingRules }, { context, body }) => {
      const rule = await mappingRules.create(context, {
        source: toSource(body.ssoConnectionId),
        groupName: body.groupName,
        match: body.match,
        organizationRole: body.organizationRole ?? undefined,
        team: teamFromWire(body.team),
      });
      return created(mappingRuleToWire(rule), `${PATH}/${rule.id}`, rule);
    },
  }),
  defineRoute({
    method: 'GET',
    path: RULE,
    operationId: 'mappingRules.get',
    tag: TAG,
    summary: 'Read a mapping rule',
    permission: 'sso:manage',
    params,
    isVersioned: true,
    answers: { 200: { description: 'The rule.', schema: mappingRuleSchema } },
    problems: ['mapping_rule.not_found'],
    handle: async ({ mappingRules }, { context, params: { mappingRuleId } }) => {
      const rule = await mappingRules.get(context.organizationId, mappingRuleId);
      return ok(mappingRuleToWire(rule), rule);
    },
  }),
  defineRoute({
    method: 'PATCH',
    path: RULE,
    operationId: 'mappingRules.update',
    tag: TAG,
    summary: 'Change a mapping rule',
    permission: 'sso:manage',
    params,
    isVersioned: true,
    body: z.strictObject(mappingRuleFields).partial(),
    bodyExamples: { role: { summary: 'Another role', value: { organizationRole: 'viewer' } } },
    answers: { 200: { description: 'The rule as it is now.', schema: mappingRuleSchema } },
    problems: ['mapping_rule.not_found', 'mapping_rule.invalid'],
    handle: async ({ mappingRules }, { context, params: { mappingRuleId }, body, expectedVersion }) => {
      const { groupName, match, organizationRole, team } = body;
      const change = {
        ...(groupName === undefined ? {} : { groupName }),
        ...(match === undefined ? {} : { match }),
        ...(organizationRole === undefined ? {} : { organizationRole: organizationRole ?? undefined }),
        ...(team === undefined ? {} : { team: teamFromWire(team) }),
      };
      const rule = await mappingRules.update(context, mappingRuleId, change, expectedVersion);
      return ok(mappingRuleToWire(rule), rule);
    },
  }),
  defineRoute({
    method: 'DELETE',
    path: RULE,
    operationId: 'mappingRules.delete',
    tag: TAG,
    summary: 'Delete a mapping rule',
    permission: 'sso:manage',
    params,
    isVersioned: true,
    answers: { 204: { description: 'It is gone.' } },
    problems: ['mapping_rule.not_found'],
    handle: async ({ mappingRules }, { context, params: { mappingRuleId }, expectedVersion }) => {
      await mappingRules.delete(context, mappingRuleId, expectedVersion);
      return noContent;
    },
  }),
];
