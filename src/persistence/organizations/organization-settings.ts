import type { Kysely, Selectable } from 'kysely';
import { toInstant, type Clock } from '../../kernel/clock.js';
import type { OrganizationSettings } from '../../directory/organizations/organization-settings.js';
import type { RequestContext } from '../../directory/request-context.js';
import { appendAuditEvent } from '../audit-repository.js';
import type { Database } from '../database.js';
import type { OrganizationTable } from '../tables/organization-tables.js';

const toSettings = (row: Selectable<OrganizationTable>): OrganizationSettings => ({
  id: row.id,
  name: row.name,
  displayName: row.display_name ?? row.name,
  allowsApiKeyCreation: row.allows_api_key_creation,
  enforcedPrivacy: {
    hideFromNonMembers: row.enforced_hides_from_non_members,
    projects: row.enforced_project_privacy,
    forbidMemberInvitations: row.forbids_member_invitations,
    blockReportSharing: row.enforced_blocks_report_sharing,
    saveCode: row.enforced_saves_code,
  },
  version: row.version,
  createdAt: row.created_at,
  updatedAt: row.updated_at ?? row.created_at,
});

/** What an admin can change, and the audit shows. */
const describe = ({ displayName, allowsApiKeyCreation, enforcedPrivacy }: OrganizationSettings): string =>
  JSON.stringify({ displayName, allowsApiKeyCreation, enforcedPrivacy });

export async function findSettings(
  db: Kysely<Database>,
  id: string,
  options: { readonly forUpdate: boolean } = { forUpdate: false },
): Promise<OrganizationSettings | undefined> {
  const row = await db
    .selectFrom('organizations')
    .selectAll()
    .where('id', '=', id)
    .$if(options.forUpdate, (query) => query.forNoKeyUpdate())
    .executeTakeFirst();
  return row && toSettings(row);
}

export async function writeSettings(
  db: Kysely<Database>,
  clock: Clock,
  context: RequestContext,
  current: OrganizationSettings,
  next: OrganizationSettings,
): Promise<OrganizationSettings> {
  const before = describe(current);
  const after = describe(next);
  if (before === after) return current;
  const { enforcedPrivacy } = next;
  const row = await db
    .updateTable('organizations')
    .set((expression) => ({
      display_name: next.displayName,
      allows_api_key_creation: next.allowsApiKeyCreation,
      enforced_hides_from_non_members: enforcedPrivacy.hideFromNonMembers,
      enforced_project_privacy: enforcedPrivacy.projects,
      forbids_member_invitations: enforcedPrivacy.forbidMemberInvitations,
      enforced_blocks_report_sharing: enforcedPrivacy.blockReportSharing,
      enforced_saves_code: enforcedPrivacy.saveCode,
      version: expression('version', '+', 1),
      updated_at: toInstant(clock.now()),
    }))
    .where('id', '=', context.organizationId)
    .returningAll()
    .executeTakeFirstOrThrow();
  await appendAuditEvent(db, clock, context, {
    action: 'organization:update',
    targetType: 'Organization',
    targetId: current.id,
    before,
    after,
  });
  return toSettings(row);
}
