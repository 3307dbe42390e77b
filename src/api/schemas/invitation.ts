import { z } from 'zod';
import {
  INVITATION_ORIGINS,
  INVITATION_STATES,
  type Invitation,
  type IssuedInvitation,
} from '../../directory/invitations/invitation.js';
import { MAIL_STATES } from '../../directory/mail/mail.js';
import { ORGANIZATION_ROLES, SEATS } from '../../directory/schema/index.js';
import { LIMITS } from '../../kernel/limits.js';
import { id, instant, orNull } from './common.js';

/** Characters of an entry: room for a pasted list. */
const ENTRY_LENGTH = 30_000;

export const invitedAddresses = z
  .array(z.string().min(1).max(ENTRY_LENGTH))
  .min(1)
  .max(LIMITS.invitationsPerRequest)
  .meta({
    description: `Addresses, up to ${LIMITS.invitationsPerRequest}. An entry may also be a list, separated by commas, semicolons or line breaks.`,
  });

export const sendEmail = z.boolean().default(true).meta({
  description:
    '`false`: no mail is sent, and the answer has the link to hand over. Without a mail server it always has.',
});

export const invitationState = z.enum(INVITATION_STATES).meta({
  description: '`expired`: nobody accepted within seven days; it can be sent again.',
});

const invitationTeamSchema = z.strictObject({
  teamId: id,
  teamName: z.string(),
  roleName: z.string().meta({ description: '`admin`, `member`, `viewer`, or the name of a custom role.' }),
});

export const invitationSchema = z
  .strictObject({
    id,
    email: z.string(),
    origin: z.enum(INVITATION_ORIGINS).meta({
      description:
        '`organization`: to have an account. `team`: to join teams, with an account if there is none.',
    }),
    organizationRole: z
      .enum(ORGANIZATION_ROLES)
      .meta({ description: 'What the account gets that is made on acceptance.' }),
    seat: z.enum(SEATS),
    teams: z.array(invitationTeamSchema),
    state: invitationState,
    mail: z
      .strictObject({
        state: z.enum(MAIL_STATES).meta({
          description:
            '`pending`: it is sent, and sent again after a failure, within a day. `failed`: given up. `not_configured`, `not_requested`: the link is handed over by people.',
        }),
        attempts: z.int().min(0),
        lastError: z.string().nullable().meta({ description: 'Codes of the last attempt that failed.' }),
      })
      .meta({ description: 'The mail with the link. Its state does not change that of the invitation.' }),
    invitedBy: z
      .strictObject({ userId: id, name: z.string() })
      .nullable()
      .meta({ description: 'Null for the operator.' }),
    userId: id
      .nullable()
      .meta({ description: 'The account it became, or that joined the teams, once accepted.' }),
    createdAt: instant,
    expiresAt: instant,
    settledAt: instant.nullable().meta({ description: 'When it was accepted or revoked.' }),
  })
  .meta({ id: 'Invitation', description: 'Somebody who was asked to join.' });

export const issuedInvitationSchema = z
  .strictObject({
    invitation: invitationSchema,
    link: z.string().nullable().meta({
      description:
        'The link to hand over, shown this once; null when a mail carries it, or the caller may not have it.',
    }),
  })
  .meta({ id: 'IssuedInvitation', description: 'An invitation just made or sent again.' });

export const issuedInvitationsSchema = z
  .strictObject({ items: z.array(issuedInvitationSchema) })
  .meta({ id: 'IssuedInvitations', description: 'One for each address, in their order.' });

export const invitationToWire = (invitation: Invitation): z.input<typeof invitationSchema> => ({
  id: invitation.id,
  email: invitation.email,
  origin: invitation.origin,
  organizationRole: invitation.organizationRole,
  seat: invitation.seat,
  teams: invitation.teams.map(({ teamId, teamName, roleName }) => ({ teamId, teamName, roleName })),
  state: invitation.state,
  mail: { ...invitation.mail, lastError: orNull(invitation.mail.lastError) },
  invitedBy: invitation.invitedBy
    ? { userId: invitation.invitedBy.id, name: invitation.invitedBy.name }
    : null,
  userId: orNull(invitation.userId),
  createdAt: invitation.createdAt,
  expiresAt: invitation.expiresAt,
  settledAt: orNull(invitation.settledAt),
});

export const issuedToWire = ({
  invitation,
  link,
}: IssuedInvitation): z.input<typeof issuedInvitationSchema> => ({
  invitation: invitationToWire(invitation),
  link: orNull(link),
});
