import { z } from 'zod';
import type { MappingRule } from '../../directory/mapping-rules/mapping-rule.js';
import { ORGANIZATION_ROLES } from '../../directory/schema/index.js';
import { LIMITS } from '../../kernel/limits.js';
import { id, instant, orNull } from './common.js';

export const mappingRuleFields = {
  groupName: z.string().min(1, 'must not be empty').max(LIMITS.groupNameLength).meta({
    description: 'Compared without regard to case. In a pattern, `*` stands for any text.',
  }),
  match: z.enum(['exact', 'pattern']),
  organizationRole: z.enum(ORGANIZATION_ROLES).nullable(),
  team: z
    .strictObject({
      id: id.nullable().meta({ description: 'null: the team that has the name of the group.' }),
      role: z.enum(['admin', 'member', 'viewer', 'custom']),
      customRoleId: id.nullable().meta({ description: 'With the role `custom`.' }),
    })
    .nullable(),
} as const;

/** One of them is given. */
export const sourceFields = {
  ssoConnectionId: id.nullable().meta({ description: 'The SSO connection that asserts the groups.' }),
  connectionId: id.nullable().meta({ description: 'The connection that pushes the groups over SCIM.' }),
} as const;

export const mappingRuleSchema = z
  .strictObject({
    id,
    ...sourceFields,
    ...mappingRuleFields,
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({
    id: 'MappingRule',
    description: "What membership of an identity provider's group gives. Of several, the highest role holds.",
  });

export const mappingRuleToWire = (rule: MappingRule): z.input<typeof mappingRuleSchema> => {
  const { source, team } = rule;
  return {
    id: rule.id,
    ssoConnectionId: source.kind === 'sso_connection' ? source.id : null,
    connectionId: source.kind === 'connection' ? source.id : null,
    groupName: rule.groupName,
    match: rule.match,
    organizationRole: orNull(rule.organizationRole),
    team: team ? { id: orNull(team.teamId), role: team.role, customRoleId: orNull(team.customRoleId) } : null,
    createdAt: rule.createdAt,
    updatedAt: rule.updatedAt,
  };
};

/** @param team - as a body has it; null takes it away */
export const teamFromWire = (team: z.output<typeof mappingRuleFields.team>): MappingRule['team'] =>
  team === null
    ? undefined
    : { teamId: team.id ?? undefined, role: team.role, customRoleId: team.customRoleId ?? undefined };
