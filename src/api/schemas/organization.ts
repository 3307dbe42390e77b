import { z } from 'zod';
import type { OrganizationSettings } from '../../directory/organizations/organization-settings.js';
import { id, instant, name } from './common.js';

const enforced = z.boolean().nullable();

/** One member for each privacy setting of teams. */
export const enforcedPrivacySchema = z
  .strictObject({
    hideFromNonMembers: enforced.meta({ description: 'Teams are hidden from those who are not in them.' }),
    projects: z.enum(['private', 'restricted']).nullable().meta({
      description: '`private`: new projects are `team` or `restricted`. `restricted`: they are `restricted`.',
    }),
    forbidMemberInvitations: z
      .boolean()
      .meta({ description: '`true`: nobody but admins invites, whatever a team allows.' }),
    blockReportSharing: enforced.meta({
      description: 'Reports of private projects cannot be shared by a link.',
    }),
    saveCode: enforced.meta({ description: 'Code is saved with runs unless the client says otherwise.' }),
  })
  .meta({
    id: 'EnforcedPrivacy',
    description:
      'What the organization decides for every team. `null`, or `false` for invitations, leaves it to the team.',
  });

export const organizationSchema = z
  .strictObject({
    id,
    name: z.string().meta({ description: 'The name that commands know. Fixed.' }),
    displayName: z.string().meta({ description: 'What people see.' }),
    allowsApiKeyCreation: z.boolean(),
    enforcedPrivacy: enforcedPrivacySchema,
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: 'Organization', description: 'The organization and what its admins decide for it.' });

export const organizationChangeSchema = z
  .strictObject({
    displayName: name.optional(),
    allowsApiKeyCreation: z.boolean().optional().meta({
      description: '`false`: nobody makes API keys any more. Those that are there stay good.',
    }),
    enforcedPrivacy: enforcedPrivacySchema.partial().optional(),
  })
  .meta({ id: 'OrganizationChange', description: 'What is left out stays as it is.' });

export const organizationToWire = (settings: OrganizationSettings): z.input<typeof organizationSchema> => {
  const { id, name, displayName, allowsApiKeyCreation, enforcedPrivacy, createdAt, updatedAt } = settings;
  return { id, name, displayName, allowsApiKeyCreation, enforcedPrivacy, createdAt, updatedAt };
};
