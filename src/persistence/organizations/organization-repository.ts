import type { Kysely } from 'kysely';
import { toInstant, type Clock } from '../../kernel/clock.js';
import { foldCase } from '../../kernel/fold.js';
import type { Organization, OrganizationStore } from '../../directory/organizations/organization-store.js';
import type { OrganizationSettings } from '../../directory/organizations/organization-settings.js';
import type { RequestContext } from '../../directory/request-context.js';
import { appendAuditEvent } from '../audit-repository.js';
import { COUNTER_SLOTS } from '../counters.js';
import type { Database } from '../database.js';
import { findSettings, writeSettings } from './organization-settings.js';

export class OrganizationRepository implements OrganizationStore {
  readonly #db: Kysely<Database>;
  readonly #clock: Clock;

  constructor(db: Kysely<Database>, clock: Clock) {
    this.#db = db;
    this.#clock = clock;
  }

  async insert(context: RequestContext, organization: Organization): Promise<void> {
    await this.#db
      .insertInto('organizations')
      .values({
        id: organization.id,
        name: organization.name,
        name_key: foldCase(organization.name),
        created_at: toInstant(this.#clock.now()),
      })
      .execute();
    await this.#db
      .insertInto('organization_counters')
      .values(COUNTER_SLOTS.map((slot) => ({ org_id: organization.id, slot, users: 0, teams: 0 })))
      .execute();
    await appendAuditEvent(this.#db, this.#clock, context, {
      action: 'organization:create',
      targetType: 'Organization',
      targetId: organization.id,
      after: JSON.stringify({ name: organization.name }),
    });
  }

  async find(id: string): Promise<Organization | undefined> {
    return this.#db
      .selectFrom('organizations')
      .select(['id', 'name'])
      .where('id', '=', id)
      .executeTakeFirst();
  }

  async findByName(name: string): Promise<Organization | undefined> {
    return this.#db
      .selectFrom('organizations')
      .select(['id', 'name'])
      .where('name_key', '=', foldCase(name))
      .executeTakeFirst();
  }

  async list(): Promise<readonly Organization[]> {
    return this.#db
      .selectFrom('organizations')
      .select(['id', 'name'])
      .orderBy('created_at')
      .orderBy('id')
      .execute();
  }

  findSettings(
    id: string,
    options?: { readonly forUpdate: boolean },
  ): Promise<OrganizationSettings | undefined> {
    return findSettings(this.#db, id, options);
  }

  writeSettings(
    context: RequestContext,
    current: OrganizationSettings,
    next: OrganizationSettings,
  ): Promise<OrganizationSettings> {
    return writeSettings(this.#db, this.#clock, context, current, next);
  }

  async lock(id: string): Promise<void> {
    await this.#db.selectFrom('organizations').select('id').where('id', '=', id).forNoKeyUpdate().execute();
  }

  async hasAdmin(id: string): Promise<boolean> {
    const row = await this.#db
      .selectFrom('users')
      .select('id')
      .where('org_id', '=', id)
      .where('organization_role', '=', 'admin')
      .where('removed_at', 'is', null)
      .limit(1)
      .executeTakeFirst();
    return row !== undefined;
  }
}
