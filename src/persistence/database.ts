import type {
  ConnectionTable,
  ConnectionTokenTable,
  ExternalIdTable,
  MappedPersonTable,
  MappingRuleTable,
  MappingRunTable,
  ProvisioningLogTable,
} from './tables/connection-tables.js';
import type {
  AuditEventTable,
  IdempotencyKeyTable,
  OrganizationCounterTable,
  OrganizationTable,
  SetupLinkTable,
} from './tables/organization-tables.js';
import type {
  ConsumedAssertionTable,
  IdentityTable,
  SignOnReviewTable,
  SsoConnectionTable,
  SsoDomainTable,
  SsoFlowTable,
} from './tables/sso-tables.js';
import type {
  ProjectMemberTable,
  ProjectTable,
  RoleTable,
  TeamMemberTable,
  TeamTable,
} from './tables/team-tables.js';
import type {
  ApiKeyTable,
  InvitationTable,
  InvitationTeamTable,
  LocalCredentialTable,
  MailOutboxTable,
  SessionTable,
  SignInAttemptTable,
  UserActivityMonthTable,
  UserTable,
} from './tables/user-tables.js';

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
