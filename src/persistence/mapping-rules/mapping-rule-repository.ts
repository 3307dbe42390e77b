import type { Kysely, Selectable } from 'kysely';
import type { Clock } from '../../kernel/clock.js';
import { foldCase } from '../../kernel/fold.js';
import type { MappingRule, MappingSource } from '../../directory/mapping-rules/mapping-rule.js';
import type { MappingRuleStore } from '../../directory/mapping-rules/mapping-rule-store.js';
import type { IdWindow, Page } from '../../directory/query.js';
import type { RequestContext } from '../../directory/request-context.js';
import { appendAuditEvent } from '../audit-repository.js';
import type { Database } from '../database.js';
import type { MappingRuleTable } from '../tables/connection-tables.js';
import { readIdPage } from '../id-page.js';

type MappingRuleRow = Selectable<MappingRuleTable>;

const toRule = (row: MappingRuleRow): MappingRule => ({
  id: row.id,
  organizationId: row.org_id,
  source:
    row.connection_id === null
      ? { kind: 'sso_connection', id: row.sso_connection_id ?? '' }
      : { kind: 'connection', id: row.connection_id },
  groupName: row.group_name,
  match: row.is_pattern ? 'pattern' : 'exact',
  organizationRole: row.organization_role ?? undefined,
  team:
    row.team_role === null
      ? undefined
      : {
          teamId: row.team_id ?? undefined,
          role: row.team_role,
          customRoleId: row.custom_role_id ?? undefined,
        },
  version: row.version,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
});

/** The columns that an update may change. */
const toColumns = (rule: MappingRule) => ({
  group_name: rule.groupName,
  group_key: foldCase(rule.groupName),
  is_pattern: rule.match === 'pattern',
  organization_role: rule.organizationRole ?? null,
  team_id: rule.team?.teamId ?? null,
  team_role: rule.team?.role ?? null,
  custom_role_id: rule.team?.customRoleId ?? null,
  version: rule.version,
  updated_at: rule.updatedAt,
});

const describe = ({ source, groupName, match, organizationRole, team }: MappingRule): string =>
  JSON.stringify({ source, groupName, match, organizationRole, team });

const columnOf = ({ kind }: MappingSource) => (kind === 'connection' ? 'connection_id' : 'sso_connection_id');

/** Mapping rules in SQL. */
export class MappingRuleRepository implements MappingRuleStore {
  readonly #db: Kysely<Database>;
  readonly #clock: Clock;

  constructor(db: Kysely<Database>, clock: Clock) {
    this.#db = db;
    this.#clock = clock;
  }

  async list(organizationId: string, source?: MappingSource): Promise<readonly MappingRule[]> {
    let selected = this.#db.selectFrom('mapping_rules').selectAll().where('org_id', '=', organizationId);
    if (source) selected = selected.where(columnOf(source), '=', source.id);
    return (await selected.orderBy('id').execute()).map(toRule);
  }

  page(
    organizationId: string,
    source: MappingSource | undefined,
    window: IdWindow,
  ): Promise<Page<MappingRule>> {
    let selected = this.#db.selectFrom('mapping_rules').selectAll().where('org_id', '=', organizationId);
    if (source) selected = selected.where(columnOf(source), '=', source.id);
    return readIdPage(selected, window, toRule);
  }

  async find(organizationId: string, id: string): Promise<MappingRule | undefined> {
    const row = await this.#db
      .selectFrom('mapping_rules')
      .selectAll()
      .where('org_id', '=', organizationId)
      .where('id', '=', id)
      .$if(this.#db.isTransaction, (query) => query.forUpdate())
      .executeTakeFirst();
    return row && toRule(row);
  }

  async count(organizationId: string, source: MappingSource): Promise<number> {
    const row = await this.#db
      .selectFrom('mapping_rules')
      .select((expression) => expression.fn.countAll<number>().as('count'))
      .where('org_id', '=', organizationId)
      .where(columnOf(source), '=', source.id)
      .executeTakeFirstOrThrow();
    return row.count;
  }

  async insert(context: RequestContext, rule: MappingRule): Promise<void> {
    const { source } = rule;
    await this.#db
      .insertInto('mapping_rules')
      .values({
        org_id: context.organizationId,
        id: rule.id,
        sso_connection_id: source.kind === 'sso_connection' ? source.id : null,
        connection_id: source.kind === 'connection' ? source.id : null,
        created_at: rule.createdAt,
        ...toColumns(rule),
      })
      .execute();
    await appendAuditEvent(this.#db, this.#clock, context, {
      action: 'mapping_rule:create',
      targetType: 'MappingRule',
      targetId: rule.id,
      after: describe(rule),
    });
  }

  async update(context: RequestContext, before: MappingRule, after: MappingRule): Promise<void> {
    await this.#db
      .updateTable('mapping_rules')
      .set(toColumns(after))
      .where('org_id', '=', context.organizationId)
      .where('id', '=', before.id)
      .execute();
    await appendAuditEvent(this.#db, this.#clock, context, {
      action: 'mapping_rule:update',
      targetType: 'MappingRule',
      targetId: before.id,
      before: describe(before),
      after: describe(after),
    });
  }

  async delete(context: RequestContext, rule: MappingRule): Promise<void> {
    await this.#db
      .deleteFrom('mapping_rules')
      .where('org_id', '=', context.organizationId)
      .where('id', '=', rule.id)
      .execute();
    await appendAuditEvent(this.#db, this.#clock, context, {
      action: 'mapping_rule:delete',
      targetType: 'MappingRule',
      targetId: rule.id,
      before: describe(rule),
    });
  }

  async customRoleBases(
    organizationId: string,
    ids: readonly string[],
  ): Promise<ReadonlyMap<string, 'member' | 'viewer'>> {
    if (ids.length === 0) return new Map();
    const rows = await this.#db
      .selectFrom('roles')
      .select(['id', 'inherited_from'])
      .where('org_id', '=', organizationId)
      .where('id', 'in', ids)
      .execute();
    return new Map(rows.map((row) => [row.id, row.inherited_from]));
  }
}
