import { z } from 'zod';
import { ACCOUNT_TYPES, ORGANIZATION_ROLES, SEATS } from '../../directory/schema/index.js';
import {
  ACCOUNT_STATUSES,
  LISTED_STATUSES,
  type AccountTeam,
  type UserAccount,
} from '../../directory/users/user-account.js';
import { LIMITS } from '../../kernel/limits.js';
import { id, instant, name, orNull } from './common.js';

export const organizationRole = z.enum(ORGANIZATION_ROLES);
export const seat = z.enum(SEATS);
export const accountType = z.enum(ACCOUNT_TYPES).meta({
  description: '`SERVICE` belongs to a team, `ORG_SERVICE` to the organization.',
});

const STATUSES =
  '`inactive`: may sign in, and has done nothing for six months. `removed_by_idp`: deleted over SCIM, can be restored. `removed`: only an id and a display name are left.';

export const accountStatus = z.enum(ACCOUNT_STATUSES).meta({ description: STATUSES });

export const listedStatus = z.enum(LISTED_STATUSES).meta({
  description: `${STATUSES} \`invited\`: has not accepted yet, and has no account.`,
});

export const userAccountSchema = z
  .strictObject({
    id: id.meta({ description: 'Of somebody who is `invited`, the id of the invitation.' }),
    userName: z.string(),
    displayName: z.string().meta({ description: 'The userName when there is none.' }),
    name: z.strictObject({ givenName: z.string().nullable(), familyName: z.string().nullable() }),
    emails: z.array(
      z.strictObject({ value: z.string(), type: z.string().nullable(), isPrimary: z.boolean() }),
    ),
    title: z.string().nullable(),
    status: listedStatus,
    organizationRole,
    seat,
    accountType,
    defaultTeamId: id.nullable().meta({ description: 'Of a service account.' }),
    isProtected: z.boolean().meta({ description: 'Out of reach of SCIM and of sign-on.' }),
    connectionId: id.nullable().meta({
      description:
        'The connection that provisioned the account. Its next sync may overwrite what is changed here.',
    }),
    lastActiveAt: instant.nullable().meta({
      description:
        'The first use on the last day in UTC on which the account was used: with a session, an API key or a sign-in. Neither this nor `daysActive` gives the account another version.',
    }),
    daysActive: z.int().meta({ description: 'Days in UTC on which the account was used.' }),
    createdAt: instant,
    updatedAt: instant,
    removedAt: instant.nullable(),
  })
  .meta({ id: 'Account', description: 'A user or service account as admins see it.' });

export const accountTeamSchema = z
  .strictObject({
    teamId: id,
    teamName: z.string(),
    roleName: z.string().meta({ description: '`admin`, `member`, `viewer`, `service`, or a custom role.' }),
    isRegistryAdmin: z.boolean(),
  })
  .meta({ id: 'AccountTeam', description: 'A team of an account, with the role in it.' });

const text = z.string().trim().min(1).max(LIMITS.stringLength);

export const accountChangeSchema = z
  .strictObject({
    userName: name.optional(),
    displayName: text.nullable().optional(),
    name: z
      .strictObject({ givenName: text.nullable().optional(), familyName: text.nullable().optional() })
      .nullable()
      .optional(),
    title: text.nullable().optional(),
    emails: z
      .array(
        z.strictObject({
          value: z.email(),
          type: z.string().min(1).max(LIMITS.nameLength).optional(),
          isPrimary: z.boolean().optional(),
        }),
      )
      .max(LIMITS.valuesPerAttribute)
      .refine(
        (emails) => emails.filter(({ isPrimary }) => isPrimary).length <= 1,
        'one address at most is primary',
      )
      .optional()
      .meta({ description: 'The whole list.' }),
    organizationRole: organizationRole.optional(),
    seat: seat.optional(),
  })
  .meta({ id: 'AccountChange', description: 'What is left out stays as it is; null clears it.' });

export const accountToWire = (account: UserAccount): z.input<typeof userAccountSchema> => ({
  id: account.id,
  userName: account.userName,
  displayName: account.displayName,
  name: { givenName: orNull(account.name.givenName), familyName: orNull(account.name.familyName) },
  emails: account.emails.map((email) => ({ ...email, type: orNull(email.type) })),
  title: orNull(account.title),
  status: account.status,
  organizationRole: account.organizationRole,
  seat: account.seat,
  accountType: account.accountType,
  defaultTeamId: orNull(account.defaultTeamId),
  isProtected: account.isProtected,
  connectionId: orNull(account.connectionId),
  lastActiveAt: orNull(account.lastActiveAt),
  daysActive: account.daysActive,
  createdAt: account.createdAt,
  updatedAt: account.updatedAt,
  removedAt: orNull(account.removedAt),
});

export const accountTeamToWire = (team: AccountTeam): z.input<typeof accountTeamSchema> => ({ ...team });
