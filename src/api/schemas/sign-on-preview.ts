import { z } from 'zod';
import type { AssertedIdentity } from '../../directory/sign-on/asserted-identity.js';
import type { SignOnPreview } from '../../directory/sign-on/preview-sign-on.js';
import { REFUSAL_REASONS } from '../../directory/sign-on/sign-on-outcome.js';
import type { SsoConnection } from '../../directory/sign-on/sso-connection.js';
import { ORGANIZATION_ROLES } from '../../directory/schema/index.js';
import { LIMITS } from '../../kernel/limits.js';
import { id, orNull } from './common.js';

const text = z.string().max(LIMITS.stringLength);

export const signOnClaimsSchema = z
  .strictObject({
    subject: text.meta({ description: '`sub`, or NameID.' }),
    userName: text.optional(),
    email: text.optional(),
    displayName: text.optional(),
    groups: z.array(text).max(LIMITS.groupsPerSignIn).optional(),
  })
  .meta({ id: 'SignOnClaims', description: 'What an identity provider says of a person.' });

const teamRole = z.strictObject({ teamId: id, role: z.string() });

export const signOnPreviewSchema = z
  .strictObject({
    outcome: z.enum(['sign_in', 'link', 'restore', 'create', 'refuse']),
    because: z
      .enum(['verified_domain', 'paired_connection', 'invited'])
      .nullable()
      .meta({ description: 'What vouches for linking the account, or for making it.' }),
    reason: z.enum(REFUSAL_REASONS).nullable(),
    advice: z.string().nullable().meta({ description: 'How to mend a refusal.' }),
    invalidMember: z.enum(['subject', 'userName', 'email']).nullable(),
    userId: id.nullable().meta({ description: 'The account that would sign in, or that is in question.' }),
    newUserName: z.string().nullable().meta({ description: 'Of the account that would be made.' }),
    organizationRole: z.enum(ORGANIZATION_ROLES).nullable(),
    teams: z
      .strictObject({
        joins: z.array(teamRole),
        changes: z.array(teamRole),
        leaves: z.array(id),
        ignoredGroups: z.array(z.string()),
      })
      .nullable()
      .meta({ description: 'null when nothing was said of groups.' }),
  })
  .meta({ id: 'SignOnPreview', description: 'What a sign-in would do.' });

export const toAsserted = (
  ssoConnection: SsoConnection,
  { subject, userName, email, displayName, groups }: z.output<typeof signOnClaimsSchema>,
): AssertedIdentity => ({
  ssoConnection,
  subject,
  userName,
  email,
  displayName,
  givenName: undefined,
  familyName: undefined,
  groups,
  attributes: {},
  sessionIndex: undefined,
});

export const previewToWire = (preview: SignOnPreview): z.input<typeof signOnPreviewSchema> => ({
  outcome: preview.outcome,
  because: orNull(preview.because),
  reason: orNull(preview.reason),
  advice: orNull(preview.advice),
  invalidMember: orNull(preview.invalidMember),
  userId: orNull(preview.userId),
  newUserName: orNull(preview.newUserName),
  organizationRole: orNull(preview.organizationRole),
  teams: preview.teams
    ? {
        joins: [...preview.teams.joins],
        changes: [...preview.teams.changes],
        leaves: [...preview.teams.leaves],
        ignoredGroups: [...preview.teams.ignoredGroups],
      }
    : null,
});
