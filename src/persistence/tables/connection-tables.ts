import type { IdpClient } from '../../directory/provisioning-log/log-entry.js';
import type { Instant } from '../../kernel/clock.js';
import type { Fixed } from './fixed.js';

export interface ConnectionTable {
  org_id: Fixed<string>;
  id: Fixed<string>;
  name: string;
  name_key: string;
  mode: 'lenient' | 'strict' | 'interop';
  on_group_delete: 'archive' | 'refuse';
  on_user_delete: 'deactivate' | 'remove';
  may_grant_admin: boolean;
  has_unique_external_ids: boolean;
  is_enabled: boolean;
  version: number;
  created_at: Fixed<Instant>;
}

export interface ConnectionTokenTable {
  org_id: Fixed<string>;
  id: Fixed<string>;
  connection_id: Fixed<string>;
  kind: Fixed<'bearer' | 'client_secret' | 'access_token'>;
  name: string;
  token_hash: Fixed<string>;
  token_prefix: Fixed<string>;
  created_at: Fixed<Instant>;
  expires_at: Instant | null;
  revoked_at: Instant | null;
  last_used_at: Instant | null;
  issued_by: Fixed<string | null>;
}

export interface ExternalIdTable {
  org_id: Fixed<string>;
  connection_id: Fixed<string>;
  resource_type: Fixed<'User' | 'Group' | 'Role'>;
  resource_id: Fixed<string>;
  external_id: string;
  is_unique: boolean;
}

/** Written and deleted, never updated. */
export interface ProvisioningLogTable {
  org_id: string;
  connection_id: string;
  id: string;
  occurred_at: Instant;
  request_id: string;
  client: IdpClient;
  operation: string;
  method: string;
  target_id: string | null;
  status: number;
  code: string | null;
  detail: string | null;
  request: string | null;
  duration_ms: number;
  count: number;
  source_address: string | null;
}

export interface MappingRuleTable {
  org_id: Fixed<string>;
  id: Fixed<string>;
  sso_connection_id: Fixed<string | null>;
  connection_id: Fixed<string | null>;
  group_name: string;
  group_key: string;
  is_pattern: boolean;
  organization_role: 'admin' | 'member' | 'viewer' | null;
  team_id: string | null;
  team_role: 'admin' | 'member' | 'viewer' | 'custom' | null;
  custom_role_id: string | null;
  version: number;
  created_at: Fixed<Instant>;
  updated_at: Instant;
}

export interface MappedPersonTable {
  org_id: Fixed<string>;
  connection_id: Fixed<string>;
  user_id: Fixed<string>;
  organization_role: 'admin' | 'member' | 'viewer';
  base_role: 'admin' | 'member' | 'viewer';
  is_kept: boolean;
}

export interface MappingRunTable {
  org_id: Fixed<string>;
  connection_id: Fixed<string>;
  after_user_id: string | null;
  is_last: boolean;
  due_at: Instant;
  request_id: string;
}
