import { z } from 'zod';
import type { ApiKey } from '../../directory/api-keys/api-key.js';
import { API_KEY_SCOPES } from '../../directory/principals/index.js';
import { id, instant, name, orNull } from './common.js';

export const apiKeyScope = z.enum(API_KEY_SCOPES).meta({
  description: '`scim`: SCIM, for admins. `admin`: this API. `access`: access decisions.',
});

export const apiKeyName = name.meta({ description: 'To recognise it in lists.' });

export const apiKeySchema = z
  .strictObject({
    id,
    userId: id.meta({ description: 'The account that the key acts for.' }),
    ownerName: z.string(),
    name: z.string(),
    prefix: z.string().meta({ description: 'The first characters of the secret.' }),
    scopes: z.array(apiKeyScope),
    createdAt: instant,
    expiresAt: instant.nullable(),
    revokedAt: instant.nullable(),
    lastUsedAt: instant.nullable().meta({ description: 'Kept to the minute.' }),
  })
  .meta({ id: 'ApiKey', description: 'A credential of an account, without its secret.' });

export const issuedApiKeySchema = z
  .strictObject({
    key: apiKeySchema,
    secret: z.string().meta({ description: 'Shown this once.' }),
  })
  .meta({ id: 'IssuedApiKey', description: 'A key just made, with its secret.' });

export const apiKeyToWire = (key: ApiKey): z.input<typeof apiKeySchema> => ({
  id: key.id,
  userId: key.userId,
  ownerName: key.ownerName,
  name: key.name,
  prefix: key.prefix,
  scopes: [...key.scopes],
  createdAt: key.createdAt,
  expiresAt: orNull(key.expiresAt),
  revokedAt: orNull(key.revokedAt),
  lastUsedAt: orNull(key.lastUsedAt),
});
