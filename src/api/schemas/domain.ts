import { z } from 'zod';
import { challengeOf } from '../../directory/sign-on/sso-domain-service.js';
import type { SsoDomain } from '../../directory/sign-on/sso-domain-store.js';
import { id, instant, orNull } from './common.js';

/** The name is parsed by the service, which knows what a domain is; here it only has an end (RFC 1035 2.3.4). */
export const domainFields = {
  domain: z.string().min(1, 'must not be empty').max(253).meta({
    description: 'The part of e-mail addresses after the @, in any spelling; it is kept as the DNS has it.',
  }),
  ssoConnectionId: id.meta({ description: 'The SSO connection at which its people sign in.' }),
} as const;

export const domainSchema = z
  .strictObject({
    id,
    ...domainFields,
    record: z
      .strictObject({ type: z.literal('TXT'), name: z.string(), value: z.string() })
      .meta({ description: 'What the DNS of the domain has to say so that it can be verified. No secret.' }),
    createdAt: instant,
    verifiedAt: instant
      .nullable()
      .meta({ description: 'null: not verified yet. Until then nothing is believed about the domain.' }),
  })
  .meta({
    id: 'Domain',
    description:
      'An e-mail domain. A verified one sends its people to its SSO connection, and lets that connection speak for their addresses.',
  });

export const domainToWire = (domain: SsoDomain): z.input<typeof domainSchema> => {
  const { recordName, recordValue } = challengeOf(domain);
  return {
    id: domain.id,
    domain: domain.domain,
    ssoConnectionId: domain.ssoConnectionId,
    record: { type: 'TXT', name: recordName, value: recordValue },
    createdAt: domain.createdAt,
    verifiedAt: orNull(domain.verifiedAt),
  };
};
