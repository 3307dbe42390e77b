import type { Instant } from '../../kernel/clock.js';
import type { Actor } from '../request-context.js';

/** Every kind of mutation there is, as `object:action`. */
export const AUDIT_ACTIONS = [
  'organization:create',
  'organization:update',
  'connection:create',
  'connection:update',
  'connection_token:create',
  'connection_token:revoke',
  'sso_connection:create',
  'sso_connection:update',
  'sso_connection:delete',
  'sso_domain:create',
  'sso_domain:verify',
  'sso_domain:assign',
  'sso_domain:delete',
  'identity:link',
  'identity:unlink',
  'sign_on_review:link',
  'sign_on_review:dismiss',
  'mapping_rule:create',
  'mapping_rule:update',
  'mapping_rule:delete',
  'user:login_refused',
  'user:apply_groups',
  'user:create',
  'user:update',
  'user:deactivate',
  'user:reactivate',
  'user:remove',
  'user:restore',
  'user:erase',
  'user:update_team_roles',
  'user:login',
  'user:logout',
  'user:update_password',
  'user:issue_password_reset',
  'session:revoke',
  'team:create',
  'team:update',
  'team:update_members',
  'team:archive',
  'team:restore',
  'team:add_member',
  'team:update_member',
  'team:remove_member',
  'role:create',
  'role:update',
  'role:delete',
  'invitation:create',
  'invitation:update',
  'invitation:resend',
  'invitation:revoke',
  'invitation:accept',
  'api_key:create',
  'api_key:rotate',
  'api_key:revoke',
  'project:create',
  'project:update',
  'project:archive',
  'project:restore',
  'project:update_members',
] as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[number];

/** What a mutation can be about. */
export const AUDIT_TARGET_TYPES = [
  'Organization',
  'Connection',
  'ConnectionToken',
  'SsoConnection',
  'SsoDomain',
  'SignOnReview',
  'MappingRule',
  'User',
  'Team',
  'Role',
  'Project',
  'Invitation',
  'ApiKey',
] as const;
export type AuditTargetType = (typeof AUDIT_TARGET_TYPES)[number];

/** Who can make a mutation. */
export const ACTOR_KINDS = [
  'user',
  'api_key',
  'connection',
  'sso_connection',
  'invitation',
  'system',
] as const satisfies readonly Actor['kind'][];
export type ActorKind = (typeof ACTOR_KINDS)[number];

/** One mutation, as it is kept: who, what, before and after, from where. `before` and `after` are JSON text. */
export interface AuditEvent {
  readonly id: string;
  readonly occurredAt: Instant;
  readonly actorKind: ActorKind;
  readonly actorId: string;
  readonly action: AuditAction;
  readonly targetType: AuditTargetType;
  readonly targetId: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
  readonly requestId: string;
  readonly sourceAddress: string | undefined;
}
