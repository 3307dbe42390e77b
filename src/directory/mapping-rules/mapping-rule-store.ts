import type { IdWindow, Page } from '../query.js';
import type { RequestContext } from '../request-context.js';
import type { MappingRule, MappingSource } from './mapping-rule.js';

/** Reads and writes of mapping rules. Every write and its audit event travel together. */
export interface MappingRuleStore {
  /** In the order in which they were made; all of the organization without a source. */
  list(organizationId: string, source?: MappingSource): Promise<readonly MappingRule[]>;
  page(
    organizationId: string,
    source: MappingSource | undefined,
    window: IdWindow,
  ): Promise<Page<MappingRule>>;
  /** Inside a transaction the rule is locked until its end. */
  find(organizationId: string, id: string): Promise<MappingRule | undefined>;
  count(organizationId: string, source: MappingSource): Promise<number>;
  insert(context: RequestContext, rule: MappingRule): Promise<void>;
  /** Writes everything of the rule, whose version the caller has raised. */
  update(context: RequestContext, before: MappingRule, after: MappingRule): Promise<void>;
  delete(context: RequestContext, rule: MappingRule): Promise<void>;
  /** Of these custom roles, what each inherits from. */
  customRoleBases(
    organizationId: string,
    ids: readonly string[],
  ): Promise<ReadonlyMap<string, 'member' | 'viewer'>>;
}
