import { z } from 'zod';
import { STORAGE_PROVIDERS, type ManagedTeam } from '../../directory/teams/managed-team.js';
import { LIMITS } from '../../kernel/limits.js';
import { id, instant, name, orNull } from './common.js';

const httpsUrl = z.url({ protocol: /^https$/, error: 'must be an https address' }).max(LIMITS.stringLength);
const bucketText = z.string().min(1).max(LIMITS.stringLength);

export const storageBucketSchema = z
  .strictObject({
    name: bucketText,
    provider: z.enum(STORAGE_PROVIDERS),
    path: bucketText.nullable().default(null),
    kmsKeyId: bucketText.nullable().default(null),
    awsExternalId: bucketText.nullable().default(null),
    azureTenantId: bucketText.nullable().default(null),
    azureClientId: bucketText.nullable().default(null),
  })
  .meta({ description: "Where the team's files are kept. Fixed when the team is created." });

const linkSchema = z.strictObject({ title: name, url: httpsUrl });
const links = z.array(linkSchema).max(LIMITS.teamLinks);

const PRIVACY = {
  hideFromNonMembers: 'Those who are not in the team do not see it.',
  keepProjectsPrivate: 'New projects are `team` or `restricted`, never `open` or `public`.',
  membersMayInvite: 'Any member may invite.',
  blockReportSharing: 'Reports of private projects cannot be shared by a link.',
  saveCode: 'Code is saved with runs unless the client says otherwise.',
} as const;

const setting = (key: keyof typeof PRIVACY) => z.boolean().meta({ description: PRIVACY[key] });

const privacyMembers = {
  hideFromNonMembers: setting('hideFromNonMembers'),
  keepProjectsPrivate: setting('keepProjectsPrivate'),
  membersMayInvite: setting('membersMayInvite'),
  blockReportSharing: setting('blockReportSharing'),
  saveCode: setting('saveCode'),
};

export const teamSchema = z
  .strictObject({
    id,
    displayName: z.string(),
    avatarUrl: z.string().nullable(),
    introduction: z.string().nullable().meta({ description: 'Markdown.' }),
    links: z.array(z.strictObject({ title: z.string(), url: z.string() })),
    storageBucket: storageBucketSchema
      .nullable()
      .meta({ description: 'null: the bucket of the instance. Fixed when the team is created.' }),
    privacy: z
      .strictObject(privacyMembers)
      .meta({ description: 'What holds, with what the organization has decided.' }),
    enforced: z
      .array(
        z.enum([
          'hideFromNonMembers',
          'keepProjectsPrivate',
          'membersMayInvite',
          'blockReportSharing',
          'saveCode',
        ]),
      )
      .meta({ description: 'Settings that the organization decides for every team.' }),
    callerRole: z
      .string()
      .nullable()
      .meta({ description: 'The caller’s role in the team: predefined, or the name of a custom role.' }),
    createdAt: instant,
    updatedAt: instant,
    archivedAt: instant.nullable(),
  })
  .meta({ id: 'Team', description: 'A team. Over SCIM it is a group.' });

export const newTeamSchema = z
  .strictObject({
    displayName: name.meta({ description: 'Unique in any case.' }),
    storageBucket: storageBucketSchema.optional(),
    adminId: id.optional().meta({
      description: 'The first admin; the caller unless given, where it is a person who may join teams.',
    }),
  })
  .meta({ id: 'NewTeam', description: 'A team to be created.' });

export const teamChangeSchema = z
  .strictObject({
    displayName: name.optional(),
    avatarUrl: httpsUrl.nullable().optional().meta({ description: 'An https address.' }),
    introduction: z
      .string()
      .max(LIMITS.teamIntroductionLength)
      .nullable()
      .optional()
      .meta({ description: 'Markdown.' }),
    links: links.optional().meta({ description: 'The whole list; https addresses.' }),
    privacy: z.strictObject(privacyMembers).partial().optional(),
  })
  .meta({ id: 'TeamChange', description: 'What is left out stays as it is; null clears it.' });

export const teamToWire = (team: ManagedTeam): z.output<typeof teamSchema> => ({
  id: team.id,
  displayName: team.displayName,
  avatarUrl: orNull(team.avatarUrl),
  introduction: orNull(team.introduction),
  links: team.links.map(({ title, url }) => ({ title, url })),
  storageBucket: team.storageBucket
    ? {
        name: team.storageBucket.name,
        provider: team.storageBucket.provider,
        path: orNull(team.storageBucket.path),
        kmsKeyId: orNull(team.storageBucket.kmsKeyId),
        awsExternalId: orNull(team.storageBucket.awsExternalId),
        azureTenantId: orNull(team.storageBucket.azureTenantId),
        azureClientId: orNull(team.storageBucket.azureClientId),
      }
    : null,
  privacy: team.privacy,
  enforced: [...team.enforced],
  callerRole: orNull(team.callerRole),
  createdAt: team.createdAt,
  updatedAt: team.updatedAt,
  archivedAt: orNull(team.archivedAt),
});
