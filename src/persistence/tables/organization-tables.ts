import type { Generated } from 'kysely';
import type { Instant } from '../../kernel/clock.js';
import type { Fixed } from './fixed.js';

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
  slot: Fixed<number>;
  users: number;
  teams: number;
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

export interface SetupLinkTable {
  token_hash: Fixed<string>;
  created_at: Fixed<Instant>;
  used_at: Instant | null;
}
