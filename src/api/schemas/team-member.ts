import { z } from 'zod';
import type { TeamMembership } from '../../directory/teams/team-membership.js';
import { LIMITS } from '../../kernel/limits.js';
import { id, instant, orNull } from './common.js';
import { accountStatus, accountType } from './user-account.js';

export const roleName = z.string().min(1).max(LIMITS.nameLength).meta({
  description: '`admin`, `member` or `viewer` in any case, or the exact name of a custom role.',
});

export const teamMemberSchema = z
  .strictObject({
    userId: id,
    userName: z.string(),
    displayName: z.string(),
    accountType,
    status: accountStatus,
    role: z.string().meta({ description: '`admin`, `member`, `viewer`, `service`, or a custom role.' }),
    customRoleId: id.nullable(),
    isRegistryAdmin: z.boolean(),
    ssoConnectionId: id
      .nullable()
      .meta({ description: 'The SSO connection whose group claims keep the membership.' }),
    since: instant,
  })
  .meta({ id: 'TeamMember', description: 'An account in a team.' });

const WAYS = ['userId', 'userName', 'email'] as const;

export const newTeamMemberSchema = z
  .strictObject({
    userId: id.optional(),
    userName: z.string().min(1).max(LIMITS.nameLength).optional(),
    email: z.email().optional(),
    role: roleName.optional(),
    isRegistryAdmin: z.boolean().default(false),
  })
  .refine((body) => WAYS.filter((way) => body[way] !== undefined).length === 1, {
    error: 'exactly one of userId, userName and email is needed',
    path: ['userId'],
  })
  .meta({
    id: 'NewTeamMember',
    description: 'The account by its id, userName or e-mail address. A service account takes no role.',
  });

export const teamMemberChangeSchema = z
  .strictObject({ role: roleName.optional(), isRegistryAdmin: z.boolean().optional() })
  .meta({ id: 'TeamMemberChange', description: 'What is left out stays as it is.' });

export const teamMemberToWire = (member: TeamMembership): z.output<typeof teamMemberSchema> => ({
  userId: member.userId,
  userName: member.userName,
  displayName: member.displayName,
  accountType: member.accountType,
  status: member.status,
  role: member.roleName,
  customRoleId: orNull(member.customRoleId),
  isRegistryAdmin: member.isRegistryAdmin,
  ssoConnectionId: orNull(member.ssoConnectionId),
  since: member.since,
});
