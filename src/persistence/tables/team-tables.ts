import type { ColumnType, Generated } from 'kysely';
import type { Instant } from '../../kernel/clock.js';
import type { Fixed } from './fixed.js';

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
