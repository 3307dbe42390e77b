import { externalIdScope } from '../../directory/connections/external-id-scope.js';
import type { RequestContext } from '../../directory/request-context.js';
import { indexUserProfile } from '../../directory/users/user-index.js';
import type { UserProfile } from '../../directory/users/user.js';
import type { UserScope } from '../../directory/users/user-store.js';
import type { Clock } from '../../kernel/clock.js';
import { auditParameters } from '../audit-parameters.js';
import { toMembers } from './user-rows.js';

type Fields = Readonly<Record<string, unknown>>;

/** The columns of a profile, as INSERT_USER and REPLACE_USER take them. */
export function profileFields(profile: UserProfile): Fields {
  const index = indexUserProfile(profile);
  return {
    user_name: profile.userName,
    user_name_key: index.userNameKey,
    display_name: index.displayName,
    display_name_key: index.displayNameKey,
    profile: toMembers(profile.core),
    enterprise: profile.enterprise && toMembers(profile.enterprise),
    manager_value: profile.managerId,
    manager_id: index.managerUserId,
    search: index.search,
    email_keys: index.emailKeys,
  };
}

/** What statements over many users want to know of every request. */
export function requestFields(clock: Clock, context: RequestContext, scope: UserScope, id: string): Fields {
  const { now, columns } = auditParameters(clock, context);
  const [eventId, actorKind, actorId, requestId, sourceAddress] = columns;
  return {
    org_id: context.organizationId,
    id,
    connection_id: externalIdScope(context)?.connectionId,
    base_url: scope.baseUrl,
    moment: now,
    event_id: eventId,
    actor_kind: actorKind,
    actor_id: actorId,
    request_id: requestId,
    source_address: sourceAddress,
  };
}
