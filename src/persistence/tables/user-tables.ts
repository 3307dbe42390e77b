import type { ColumnType, Generated } from 'kysely';
import type { Instant } from '../../kernel/clock.js';
import type { Fixed } from './fixed.js';

export interface UserTable {
  org_id: Fixed<string>;
  id: Fixed<string>;
  user_name: string;
  user_name_key: string | null;
  removed_user_name_key: string | null;
  display_name: string;
  display_name_key: string;
  profile: string;
  enterprise: string | null;
  manager_value: string | null;
  manager_id: string | null;
  search: ColumnType<unknown, string, string>;
  email_keys: string[];
  is_active: boolean;
  organization_role: 'admin' | 'member' | 'viewer';
  organization_role_since: Generated<Instant | null>;
  organization_role_rule_id: Generated<string | null>;
  seat: 'full' | 'viewer' | 'none';
  account_type: Fixed<'USER' | 'SERVICE' | 'ORG_SERVICE'>;
  default_team_id: string | null;
  is_protected: boolean;
  has_been_member: Generated<boolean>;
  has_linked_ids: Generated<boolean>;
  connection_id: string | null;
  external_id: string | null;
  last_active_at: Instant | null;
  days_active: number;
  version: number;
  created_at: Fixed<Instant>;
  updated_at: Instant;
  removed_at: Instant | null;
  erased_at: Instant | null;
  wire_external_id: string;
  wire_tail: string;
}

export interface UserActivityMonthTable {
  org_id: Fixed<string>;
  month: Fixed<string>;
  user_id: Fixed<string>;
  days: number;
}

export interface ApiKeyTable {
  org_id: Fixed<string>;
  id: Fixed<string>;
  user_id: Fixed<string>;
  name: Fixed<string>;
  key_hash: Fixed<string>;
  key_prefix: Fixed<string>;
  scopes: Fixed<('scim' | 'admin' | 'access')[]>;
  created_at: Fixed<Instant>;
  expires_at: Instant | null;
  revoked_at: Instant | null;
  last_used_at: Instant | null;
}

export interface SessionTable {
  org_id: Fixed<string>;
  id: Fixed<string>;
  user_id: Fixed<string>;
  secret_hash: Fixed<string>;
  method: Fixed<'password' | 'setup' | 'invitation' | 'saml' | 'oidc'>;
  sso_connection_id: Fixed<string | null>;
  created_at: Fixed<Instant>;
  last_seen_at: Instant;
  expires_at: Fixed<Instant>;
  source_address: Fixed<string | null>;
  user_agent: Fixed<string | null>;
  sso_subject: Fixed<string | null>;
  sso_session_index: Fixed<string | null>;
  sso_logout_hint: Fixed<string | null>;
}

export interface LocalCredentialTable {
  org_id: Fixed<string>;
  user_id: Fixed<string>;
  password_hash: string;
  is_one_time: Generated<boolean>;
  updated_at: Instant;
  recovery_email: string | null;
  reset_hash: string | null;
  reset_expires_at: Instant | null;
  reset_mail_id: string | null;
}

export interface SignInAttemptTable {
  key_hash: Fixed<string>;
  started_at: Instant;
  count: number;
}

export interface InvitationTable {
  org_id: Fixed<string>;
  id: Fixed<string>;
  email: Fixed<string>;
  email_key: Fixed<string>;
  origin: Fixed<'organization' | 'team'>;
  organization_role: Fixed<'admin' | 'member' | 'viewer'>;
  seat: Fixed<'full' | 'viewer' | 'none'>;
  state: 'pending' | 'accepted' | 'revoked' | 'expired';
  secret_hash: string;
  mail_id: string | null;
  mail_absence: 'not_configured' | 'not_requested' | null;
  invited_by: Fixed<string | null>;
  user_id: string | null;
  created_at: Fixed<Instant>;
  expires_at: Instant;
  settled_at: Instant | null;
}

export interface InvitationTeamTable {
  org_id: Fixed<string>;
  invitation_id: Fixed<string>;
  team_id: Fixed<string>;
  role: 'admin' | 'member' | 'viewer' | 'custom';
  custom_role_id: string | null;
}

export interface MailOutboxTable {
  org_id: Fixed<string>;
  id: Fixed<string>;
  state: 'pending' | 'sent' | 'failed';
  payload: string | null;
  attempts: number;
  due_at: Instant;
  last_error: string | null;
  created_at: Fixed<Instant>;
  finished_at: Instant | null;
}
