import type { ColumnType } from 'kysely';
import type { Instant } from '../../kernel/clock.js';
import type { Fixed } from './fixed.js';

export interface SsoConnectionTable {
  org_id: Fixed<string>;
  id: Fixed<string>;
  kind: Fixed<'saml' | 'oidc'>;
  name: string;
  name_key: string;
  is_enabled: boolean;
  origin: Fixed<'admin' | 'environment'>;
  settings: ColumnType<unknown, string, string>;
  secrets: string | null;
  secret_names: string[];
  default_role: 'admin' | 'member' | 'viewer';
  provisions: boolean;
  paired_connection_id: string | null;
  version: number;
  created_at: Fixed<Instant>;
  updated_at: Instant;
}

export interface SsoDomainTable {
  org_id: Fixed<string>;
  id: Fixed<string>;
  sso_connection_id: string;
  domain: Fixed<string>;
  challenge: Fixed<string>;
  created_at: Fixed<Instant>;
  verified_at: Instant | null;
}

export interface IdentityTable {
  org_id: Fixed<string>;
  sso_connection_id: Fixed<string>;
  subject: Fixed<string>;
  user_id: Fixed<string>;
  created_at: Fixed<Instant>;
  last_signed_in_at: Instant | null;
  mapped_role: ColumnType<
    'admin' | 'member' | 'viewer' | null,
    'admin' | 'member' | 'viewer' | null | undefined,
    'admin' | 'member' | 'viewer' | null
  >;
}

export interface SsoFlowTable {
  org_id: Fixed<string>;
  id: Fixed<string>;
  sso_connection_id: Fixed<string>;
  purpose: Fixed<'login' | 'test' | 'logout'>;
  state_hash: Fixed<string>;
  browser_hash: Fixed<string>;
  return_to: Fixed<string | null>;
  request_id: Fixed<string | null>;
  user_id: Fixed<string | null>;
  secrets: Fixed<string | null>;
  created_at: Fixed<Instant>;
  expires_at: Fixed<Instant>;
  consumed_at: Instant | null;
}

export interface ConsumedAssertionTable {
  org_id: Fixed<string>;
  sso_connection_id: Fixed<string>;
  assertion_id: Fixed<string>;
  expires_at: Fixed<Instant>;
}

export interface SignOnReviewTable {
  org_id: Fixed<string>;
  id: Fixed<string>;
  sso_connection_id: Fixed<string>;
  subject: Fixed<string>;
  candidate_user_id: Fixed<string>;
  reason: string;
  claims: ColumnType<unknown, string, string>;
  state: 'open' | 'linked' | 'dismissed';
  attempts: number;
  created_at: Fixed<Instant>;
  last_attempt_at: Instant;
  resolved_at: Instant | null;
}
