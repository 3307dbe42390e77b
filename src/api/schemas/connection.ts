import { z } from 'zod';
import { CONNECTION_MODES, type Connection } from '../../directory/connections/connection.js';
import type { IssuedToken } from '../../directory/connections/connection-service.js';
import type { ConnectionToken } from '../../directory/connections/connection-store.js';
import { LIMITS } from '../../kernel/limits.js';
import { id, instant, name, orNull } from './common.js';

export const connectionName = z
  .string()
  .trim()
  .min(1, 'must not be empty')
  .max(LIMITS.connectionNameLength)
  .meta({ description: 'Unique in the organization, in any case.' });

export const connectionSettingsSchema = z
  .strictObject({
    mode: z.enum(CONNECTION_MODES).meta({
      description:
        '`lenient` takes every known client dialect, `strict` is RFC 7644, `interop` the interoperability profile.',
    }),
    onGroupDelete: z.enum(['archive', 'refuse']).meta({
      description: 'What a DELETE of a group does: archive the team, or nothing.',
    }),
    onUserDelete: z.enum(['deactivate', 'remove']).meta({
      description: 'What a DELETE of a user does: deactivate the account, or remove its data for good.',
    }),
    mayGrantAdmin: z.boolean().meta({ description: 'Whether it may make somebody an organization admin.' }),
    hasUniqueExternalIds: z.boolean().meta({
      description: 'Whether a second resource with the same `externalId` is refused.',
    }),
  })
  .meta({ id: 'ConnectionSettings', description: 'What a connection may do.' });

export const connectionSchema = z
  .strictObject({
    id,
    name: z.string(),
    isEnabled: z.boolean().meta({ description: 'The credentials of a disabled connection are refused.' }),
    settings: connectionSettingsSchema,
    createdAt: instant,
  })
  .meta({ id: 'Connection', description: "One identity provider's SCIM connection." });

export const connectionToWire = (connection: Connection): z.input<typeof connectionSchema> => ({
  id: connection.id,
  name: connection.name,
  isEnabled: connection.isEnabled,
  settings: connection.settings,
  createdAt: connection.createdAt,
});

export const tokenName = name.meta({ description: 'To recognise it in lists.' });
export const tokenKind = z.enum(['bearer', 'client_secret']).meta({
  description: '`bearer` goes into `Authorization`. A `client_secret` is exchanged at `/oauth/token` first.',
});

export const connectionTokenSchema = z
  .strictObject({
    id,
    kind: tokenKind,
    name: z.string(),
    prefix: z.string().meta({ description: 'The first characters of the secret.' }),
    createdAt: instant,
    expiresAt: instant.nullable(),
    revokedAt: instant.nullable(),
    lastUsedAt: instant.nullable().meta({ description: 'Kept to the minute.' }),
  })
  .meta({ id: 'ConnectionToken', description: 'A credential of a connection, without its secret.' });

export const connectionTokenToWire = (token: ConnectionToken): z.input<typeof connectionTokenSchema> => ({
  id: token.id,
  kind: token.kind === 'client_secret' ? 'client_secret' : 'bearer',
  name: token.name,
  prefix: token.prefix,
  createdAt: token.createdAt,
  expiresAt: orNull(token.expiresAt),
  revokedAt: orNull(token.revokedAt),
  lastUsedAt: orNull(token.lastUsedAt),
});

export const issuedTokenSchema = z
  .strictObject({
    id,
    secret: z.string().meta({ description: 'Shown this once.' }),
    expiresAt: instant.nullable(),
  })
  .meta({ id: 'IssuedConnectionToken', description: 'A credential just made.' });

export const issuedTokenToWire = ({
  id: tokenId,
  secret,
  expiresAt,
}: IssuedToken): z.input<typeof issuedTokenSchema> => ({
  id: tokenId,
  secret,
  expiresAt: orNull(expiresAt),
});
