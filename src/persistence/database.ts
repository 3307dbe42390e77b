import type { ColumnType, Generated } from 'kysely';
import type { IdpClient } from '../directory/provisioning-log/log-entry.js';
import type { Instant } from '../kernel/clock.js';

/** Rows as the drivers give them: timestamps are ISO 8601 text in UTC (see connect.ts). */
export interface Database {
  organizations: OrganizationTable;
  organization_counters: OrganizationCounterTable;
  connections: ConnectionTable;
  connection_tokens: ConnectionTokenTable;
  external_ids: ExternalIdTable;
  users: UserTable;
  teams: TeamTable;
  team_members: TeamMemberTable;
  roles: RoleTable;
  projects: ProjectTable;
  project_members: ProjectMemberTable;
  audit_events: AuditEventTable;
  api_keys: ApiKeyTable;
  idempotency_keys: IdempotencyKeyTable;
  local_credentials: LocalCredentialTable;
  setup_links: SetupLinkTable;
  sessions: SessionTable;
  sign_in_attempts: SignInAttemptTable;
  sso_connections: SsoConnectionTable;
  sso_domains: SsoDomainTable;
  identities: IdentityTable;
  sso_flows: SsoFlowTable;
  consumed_assertions: ConsumedAssertionTable;
  sign_on_reviews: SignOnReviewTable;
  mapping_rules: MappingRuleTable;
  mapped_people: MappedPersonTable;
  mapping_runs: MappingRunTable;
  mail_outbox: MailOutboxTable;
  invitations: InvitationTable;
  invitation_teams: InvitationTeamTable;
  provisioning_log: ProvisioningLogTable;
  user_activity_months: UserActivityMonthTable;
}

/** Written once, never updated. */
type Fixed<T> = ColumnType<T, T, never>;

export interface OrganizationTable {
  id: Fixed<string>;
  name: string;
  name_key: string;
  created_at: Fixed<Instant>;
  forbids_member_invitations: Generated<boolean>;
  enforced_project_privacy: 'private' | 'restricted' | null;
  display_name: string | null;
  allows_api_key_creation: Generated<boolean>;
  version: Generated<number>;
  updated_at: Instant | null;
  enforced_hides_from_non_members: boolean | null;
  enforced_blocks_report_sharing: boolean | null;
  enforced_saves_code: boolean | null;
}

export interface OrganizationCounterTable {
  org_id: Fixed<string>;
  kind: Fixed<'users' | 'teams'>;
  slot: Fixed<number>;
  value: number;
}

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

export interface TeamTable {
  org_id: Fixed<string>;
  id: Fixed<string>;
  display_name: string;
  display_name_key: string | null;
  version: number;
  created_at: Fixed<Instant>;
  updated_at: Instant;
  archived_at: Instant | null;
  may_members_invite: Generated<boolean>;
  keeps_projects_private: Generated<boolean>;
  hides_from_non_members: Generated<boolean>;
  blocks_report_sharing: Generated<boolean>;
  saves_code: Generated<boolean>;
  storage_bucket: string | null;
  avatar_url: string | null;
  introduction: string | null;
  links: Generated<string>;
  connection_id: ColumnType<string | null, string | null | undefined, string | null>;
  group_key: ColumnType<string | null, string | null | undefined, string | null>;
}

export interface TeamMemberTable {
  org_id: Fixed<string>;
  team_id: Fixed<string>;
  user_id: Fixed<string>;
  role: 'admin' | 'member' | 'viewer' | 'custom' | 'service';
  custom_role_id: string | null;
  is_registry_admin: boolean;
  created_at: Fixed<Instant>;
  sso_connection_id: ColumnType<string | null, string | null | undefined, string | null>;
  is_role_mapped: Generated<boolean>;
  connection_id: ColumnType<string | null, string | null | undefined, string | null>;
  mapping_connection_id: ColumnType<string | null, string | null | undefined, string | null>;
  mapping_rule_id: ColumnType<string | null, string | null | undefined, string | null>;
}

export interface RoleTable {
  org_id: Fixed<string>;
  id: Fixed<string>;
  name: string;
  description: string | null;
  description_key: string | null;
  inherited_from: 'member' | 'viewer';
  permissions: string[];
  version: number;
  created_at: Fixed<Instant>;
  updated_at: Instant;
}

export interface ProjectTable {
  org_id: Fixed<string>;
  id: Fixed<string>;
  team_id: Fixed<string>;
  name: string;
  name_key: string | null;
  visibility: 'open' | 'public' | 'team' | 'restricted';
  owner_id: string;
  version: number;
  created_at: Fixed<Instant>;
  updated_at: Instant;
  archived_at: Instant | null;
}

export interface ProjectMemberTable {
  org_id: Fixed<string>;
  project_id: Fixed<string>;
  team_id: Fixed<string>;
  user_id: Fixed<string>;
  role: 'admin' | 'member' | 'viewer' | 'custom' | null;
  custom_role_id: string | null;
  is_invited: boolean;
  created_at: Fixed<Instant>;
}

export interface AuditEventTable {
  org_id: Fixed<string>;
  id: Fixed<string>;
  occurred_at: Fixed<Instant>;
  actor_kind: Fixed<string>;
  actor_id: Fixed<string>;
  action: Fixed<string>;
  target_type: Fixed<string>;
  target_id: Fixed<string>;
  before: Fixed<string | null>;
  after: Fixed<string | null>;
  request_id: Fixed<string>;
  source_address: Fixed<string | null>;
}

export interface IdempotencyKeyTable {
  org_id: Fixed<string>;
  user_id: Fixed<string>;
  operation: Fixed<string>;
  key: Fixed<string>;
  request_hash: string;
  request_id: string;
  begun_at: Instant;
  expires_at: Instant;
  has_failed: Generated<boolean>;
  answer_status: number | null;
  sealed_answer: string | null;
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

export interface SetupLinkTable {
  token_hash: Fixed<string>;
  created_at: Fixed<Instant>;
  used_at: Instant | null;
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

export interface SignInAttemptTable {
  key_hash: Fixed<string>;
  started_at: Instant;
  count: number;
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

export interface UserActivityMonthTable {
  org_id: Fixed<string>;
  month: Fixed<string>;
  user_id: Fixed<string>;
  days: number;
}
