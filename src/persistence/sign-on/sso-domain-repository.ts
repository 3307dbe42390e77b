import type { Kysely, Selectable } from 'kysely';
import { toInstant, type Clock } from '../../kernel/clock.js';
import type { IdWindow, Page } from '../../directory/query.js';
import type { RequestContext } from '../../directory/request-context.js';
import type { SsoDomain, SsoDomainStore } from '../../directory/sign-on/sso-domain-store.js';
import { appendAuditEvent } from '../audit-repository.js';
import type { Database } from '../database.js';
import type { SsoDomainTable } from '../tables/sso-tables.js';
import { readIdPage } from '../id-page.js';

const toDomain = (row: Selectable<SsoDomainTable>): SsoDomain => ({
  id: row.id,
  organizationId: row.org_id,
  ssoConnectionId: row.sso_connection_id,
  domain: row.domain,
  challenge: row.challenge,
  createdAt: row.created_at,
  verifiedAt: row.verified_at ?? undefined,
});

/** Domains in SQL. */
export class SsoDomainRepository implements SsoDomainStore {
  readonly #db: Kysely<Database>;
  readonly #clock: Clock;

  constructor(db: Kysely<Database>, clock: Clock) {
    this.#db = db;
    this.#clock = clock;
  }

  async list(organizationId: string, ssoConnectionId?: string): Promise<readonly SsoDomain[]> {
    const rows = await this.#db
      .selectFrom('sso_domains')
      .selectAll()
      .where('org_id', '=', organizationId)
      .$if(ssoConnectionId !== undefined, (query) =>
        query.where('sso_connection_id', '=', ssoConnectionId ?? ''),
      )
      .orderBy('domain')
      .execute();
    return rows.map(toDomain);
  }

  page(
    organizationId: string,
    ssoConnectionId: string | undefined,
    window: IdWindow,
  ): Promise<Page<SsoDomain>> {
    const selected = this.#db
      .selectFrom('sso_domains')
      .selectAll()
      .where('org_id', '=', organizationId)
      .$if(ssoConnectionId !== undefined, (query) =>
        query.where('sso_connection_id', '=', ssoConnectionId ?? ''),
      );
    return readIdPage(selected, window, toDomain);
  }

  async find(organizationId: string, id: string): Promise<SsoDomain | undefined> {
    const row = await this.#db
      .selectFrom('sso_domains')
      .selectAll()
      .where('org_id', '=', organizationId)
      .where('id', '=', id)
      .executeTakeFirst();
    return row && toDomain(row);
  }

  async findByName(organizationId: string, domain: string): Promise<SsoDomain | undefined> {
    const row = await this.#db
      .selectFrom('sso_domains')
      .selectAll()
      .where('org_id', '=', organizationId)
      .where('domain', '=', domain)
      .executeTakeFirst();
    return row && toDomain(row);
  }

  async listVerified(organizationId: string, ssoConnectionId: string): Promise<readonly string[]> {
    const rows = await this.#db
      .selectFrom('sso_domains')
      .select('domain')
      .where('org_id', '=', organizationId)
      .where('sso_connection_id', '=', ssoConnectionId)
      .where('verified_at', 'is not', null)
      .execute();
    return rows.map(({ domain }) => domain);
  }

  async insert(context: RequestContext, domain: SsoDomain): Promise<void> {
    await this.#db
      .insertInto('sso_domains')
      .values({
        org_id: context.organizationId,
        id: domain.id,
        sso_connection_id: domain.ssoConnectionId,
        domain: domain.domain,
        challenge: domain.challenge,
        created_at: domain.createdAt,
        verified_at: domain.verifiedAt ?? null,
      })
      .execute();
    await this.#audit(context, 'sso_domain:create', domain.id, {
      after: JSON.stringify(shown(domain)),
    });
  }

  async verify(context: RequestContext, id: string): Promise<boolean> {
    const row = await this.#db
      .updateTable('sso_domains')
      .set({ verified_at: toInstant(this.#clock.now()) })
      .where('org_id', '=', context.organizationId)
      .where('id', '=', id)
      .where('verified_at', 'is', null)
      .returningAll()
      .executeTakeFirst();
    if (!row) return false;
    await this.#audit(context, 'sso_domain:verify', id, { after: JSON.stringify(shown(toDomain(row))) });
    return true;
  }

  async assign(context: RequestContext, id: string, ssoConnectionId: string): Promise<boolean> {
    const before = await this.#db
      .selectFrom('sso_domains')
      .selectAll()
      .where('org_id', '=', context.organizationId)
      .where('id', '=', id)
      .forNoKeyUpdate()
      .executeTakeFirst();
    if (!before) return false;
    if (before.sso_connection_id === ssoConnectionId) return true;
    await this.#db
      .updateTable('sso_domains')
      .set({ sso_connection_id: ssoConnectionId })
      .where('org_id', '=', context.organizationId)
      .where('id', '=', id)
      .execute();
    await this.#audit(context, 'sso_domain:assign', id, {
      before: JSON.stringify(shown(toDomain(before))),
      after: JSON.stringify(shown({ ...toDomain(before), ssoConnectionId })),
    });
    return true;
  }

  async delete(context: RequestContext, id: string): Promise<boolean> {
    const row = await this.#db
      .deleteFrom('sso_domains')
      .where('org_id', '=', context.organizationId)
      .where('id', '=', id)
      .returningAll()
      .executeTakeFirst();
    if (!row) return false;
    await this.#audit(context, 'sso_domain:delete', id, { before: JSON.stringify(shown(toDomain(row))) });
    return true;
  }

  #audit(
    context: RequestContext,
    action: 'sso_domain:create' | 'sso_domain:verify' | 'sso_domain:assign' | 'sso_domain:delete',
    id: string,
    change: { readonly before?: string; readonly after?: string },
  ): Promise<void> {
    return appendAuditEvent(this.#db, this.#clock, context, {
      action,
      targetType: 'SsoDomain',
      targetId: id,
      ...change,
    });
  }
}

const shown = ({ domain, ssoConnectionId, verifiedAt }: SsoDomain) => ({
  domain,
  ssoConnectionId,
  verifiedAt,
});
