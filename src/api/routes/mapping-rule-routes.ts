import { z } from 'zod';
import { DomainError } from '../../kernel/errors.js';
import type { MappingSource } from '../../directory/mapping-rules/mapping-rule.js';
import { created, defineRoute, noContent, ok, type Route } from '../frame/route.js';
import { id } from '../schemas/common.js';
import {
  mappingRuleFields,
  mappingRuleSchema,
  mappingRuleToWire,
  sourceFields,
  teamFromWire,
} from '../schemas/mapping-rule.js';
import { pageOf } from '../schemas/page.js';

const PATH = '/api/v1/mapping-rules';
const RULE = `${PATH}/{mappingRuleId}` as const;
const TAG = 'Mapping rules';

const params = z.strictObject({ mappingRuleId: id });

interface SourceIds {
  readonly ssoConnectionId?: string | null | undefined;
  readonly connectionId?: string | null | undefined;
}

function toSource({ ssoConnectionId, connectionId }: SourceIds): MappingSource | undefined {
  if (ssoConnectionId && connectionId)
    throw new DomainError('mapping_rule.invalid', {
      detail: 'connectionId: goes without ssoConnectionId.',
      field: 'connectionId',
    });
  if (connectionId) return { kind: 'connection', id: connectionId };
  return ssoConnectionId ? { kind: 'sso_connection', id: ssoConnectionId } : undefined;
}

function requireSource(ids: SourceIds): MappingSource {
  const source = toSource(ids);
  if (source) return source;
  throw new DomainError('mapping_rule.invalid', {
    detail: 'ssoConnectionId: it or connectionId is required.',
    field: 'ssoConnectionId',
  });
}

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
      connectionId: id.optional().meta({ description: 'Only rules of this connection.' }),
    }),
    answers: {
      200: { description: 'A page of rules, the oldest first.', schema: pageOf(mappingRuleSchema) },
    },
    problems: ['mapping_rule.invalid'],
    handle: async ({ mappingRules }, { context, query, page }) => {
      const { after, limit, sort } = page;
      const window = { after, limit, descending: sort.descending };
      const source = toSource(query);
      return page.reply(await mappingRules.page(context.organizationId, source, window), mappingRuleToWire);
    },
  }),
  defineRoute({
    method: 'POST',
    path: PATH,
    operationId: 'mappingRules.create',
    tag: TAG,
    summary: 'Make a mapping rule',
    description:
      'For groups that an SSO connection asserts it applies from the next sign-in of each person on. For groups that a connection pushes over SCIM it applies at once to everybody in them: to 5,000 people before this answer, to others in the minutes after it.',
    permission: 'sso:manage',
    body: z.strictObject({
      ssoConnectionId: sourceFields.ssoConnectionId.default(null),
      connectionId: sourceFields.connectionId.default(null),
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
      pushed: {
        summary: 'Who is pushed into a group is an admin of its team',
        value: {
          connectionId: '019aa000-7d10-7a11-8b01-1c2d3e4f5a10',
          groupName: 'vision-leads',
          team: { id: null, role: 'admin', customRoleId: null },
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
        source: requireSource(body),
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
