import { z } from 'zod';
import {
  SERVICE_ACCOUNT_KINDS,
  type ServiceAccount,
} from '../../directory/service-accounts/service-account.js';
import { id, instant } from './common.js';

export const serviceAccountKind = z.enum(SERVICE_ACCOUNT_KINDS).meta({
  description:
    '`team`: has access to one team. `organization`: to every team. Restricted projects have to invite either.',
});

export const serviceAccountSchema = z
  .strictObject({
    id,
    name: z.string().meta({ description: 'Its userName.' }),
    kind: serviceAccountKind,
    teamId: id.meta({
      description: 'Its team; of one of the organization, the one that work belongs to by default.',
    }),
    teamName: z.string(),
    isActive: z.boolean(),
    createdAt: instant,
  })
  .meta({ id: 'ServiceAccount', description: 'An account of a program. It needs no seat.' });

export const serviceAccountToWire = (account: ServiceAccount): z.input<typeof serviceAccountSchema> => ({
  id: account.id,
  name: account.name,
  kind: account.kind,
  teamId: account.teamId,
  teamName: account.teamName,
  isActive: account.isActive,
  createdAt: account.createdAt,
});
