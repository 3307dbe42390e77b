import { toInstant, type Clock } from '../../kernel/clock.js';
import { DomainError } from '../../kernel/errors.js';
import { newId } from '../../kernel/ids.js';
import { LIMITS } from '../../kernel/limits.js';
import type { TokenVerifier } from '../connections/token-verifier.js';
import type { IdWindow, Page } from '../query.js';
import type { RequestContext } from '../request-context.js';
import type { Stores, UnitOfWork } from '../unit-of-work.js';
import type { MappingRule, MappingRuleDraft, MappingSource } from './mapping-rule.js';
import { MappingRuns } from './mapping-runs.js';

export type MappingRuleChange = Partial<Omit<MappingRuleDraft, 'source'>>;

export interface MappingRuleServiceDependencies {
  readonly unitOfWork: UnitOfWork;
  readonly clock: Clock;
  /** Told that connections have got rules, or have none any more. */
  readonly verifier: Pick<TokenVerifier, 'forget'>;
}

/**
 * Rules by which groups of an identity provider give roles. For groups that are asserted they apply from the next sign-in
 * on; for groups that a Connection pushes, at once, to everybody in them.
 */
export class MappingRuleService {
  readonly #unitOfWork: UnitOfWork;
  readonly #clock: Clock;
  readonly #verifier: Pick<TokenVerifier, 'forget'>;
  readonly #runs: MappingRuns;

  constructor({ unitOfWork, clock, verifier }: MappingRuleServiceDependencies) {
    this.#unitOfWork = unitOfWork;
    this.#clock = clock;
    this.#verifier = verifier;
    this.#runs = new MappingRuns({ unitOfWork, clock });
  }

  page(
    organizationId: string,
    source: MappingSource | undefined,
    window: IdWindow,
  ): Promise<Page<MappingRule>> {
    return this.#unitOfWork.stores.mappingRules.page(organizationId, source, window);
  }

  /** @throws DomainError mapping_rule.not_found */
  get(organizationId: string, id: string): Promise<MappingRule> {
    return requireRule(this.#unitOfWork.stores, organizationId, id);
  }

  /** @throws DomainError mapping_rule.invalid, naming the field */
  async create(context: RequestContext, draft: MappingRuleDraft): Promise<MappingRule> {
    const now = this.#clock.now();
    const rule: MappingRule = {
      ...draft,
      id: newId(now),
      organizationId: context.organizationId,
      version: 1,
      createdAt: toInstant(now),
      updatedAt: toInstant(now),
    };
    await this.#unitOfWork.transaction(async (stores) => {
      await checkRule(stores, rule);
      const { organizationId, source } = rule;
      if ((await stores.mappingRules.count(organizationId, source)) >= LIMITS.mappingRulesPerConnection)
        throw invalid(
          fieldOf(source),
          `a connection may have ${LIMITS.mappingRulesPerConnection} mapping rules`,
        );
      await stores.mappingRules.insert(context, rule);
      await requestRun(stores, context, rule);
    });
    await this.#begin(rule);
    return rule;
  }

  /** @throws DomainError mapping_rule.not_found, mapping_rule.invalid, resource.version_mismatch */
  async update(
    context: RequestContext,
    id: string,
    change: MappingRuleChange,
    expectedVersion?: number,
  ): Promise<MappingRule> {
    const updated = await this.#unitOfWork.transaction(async (stores) => {
      const before = await requireRule(stores, context.organizationId, id);
      if (expectedVersion !== undefined && expectedVersion !== before.version)
        throw new DomainError('resource.version_mismatch');
      const wanted = { ...before, ...change };
      if (describe(wanted) === describe(before)) return before;
      await checkRule(stores, wanted);
      const after = {
        ...wanted,
        version: before.version + 1,
        updatedAt: toInstant(this.#clock.now()),
      };
      await stores.mappingRules.update(context, before, after);
      await requestRun(stores, context, after);
      return after;
    });
    await this.#begin(updated);
    return updated;
  }

  /** @throws DomainError mapping_rule.not_found, resource.version_mismatch */
  async delete(context: RequestContext, id: string, expectedVersion?: number): Promise<void> {
    const deleted = await this.#unitOfWork.transaction(async (stores) => {
      const rule = await requireRule(stores, context.organizationId, id);
      if (expectedVersion !== undefined && expectedVersion !== rule.version)
        throw new DomainError('resource.version_mismatch');
      await stores.mappingRules.delete(context, rule);
      await requestRun(stores, context, rule);
      return rule;
    });
    await this.#begin(deleted);
  }

  async #begin({ organizationId, source }: MappingRule): Promise<void> {
    if (source.kind !== 'connection') return;
    this.#verifier.forget();
    await this.#runs.begin(organizationId, source.id);
  }
}

/** Who is in pushed groups gets what the rules say now without signing in. */
async function requestRun(stores: Stores, context: RequestContext, { source }: MappingRule): Promise<void> {
  if (source.kind === 'connection') await stores.groupMapping.requestRun(context, source.id);
}

const fieldOf = ({ kind }: MappingSource): string =>
  kind === 'connection' ? 'connectionId' : 'ssoConnectionId';

async function requireRule(stores: Stores, organizationId: string, id: string): Promise<MappingRule> {
  const rule = await stores.mappingRules.find(organizationId, id);
  if (!rule) throw new DomainError('mapping_rule.not_found');
  return rule;
}

const describe = ({ groupName, match, organizationRole, team }: MappingRule): string =>
  JSON.stringify([
    groupName,
    match,
    organizationRole ?? null,
    team ? [team.teamId ?? null, team.role, team.customRoleId ?? null] : null,
  ]);

/** Holds what the rule names until the transaction ends, so that it is there when the rule is. */
async function checkRule(stores: Stores, rule: MappingRule): Promise<void> {
  const { groupName, match, organizationRole, team } = rule;
  if (groupName.trim() === '' || groupName.length > LIMITS.groupNameLength)
    throw invalid('groupName', `1 to ${LIMITS.groupNameLength} characters`);
  if (match === 'pattern' && !groupName.includes('*'))
    throw invalid('groupName', 'a pattern has a *, which stands for any text');
  if (organizationRole === undefined && team === undefined)
    throw invalid('organizationRole', 'a rule gives an organizationRole, a team, or both');
  await checkSource(stores, rule);
  if (team) await checkTeam(stores, rule.organizationId, team);
}

async function checkSource(stores: Stores, rule: MappingRule): Promise<void> {
  const { organizationId, organizationRole, source } = rule;
  if (source.kind === 'sso_connection') {
    if (!(await stores.signOn.holdConnection(organizationId, source.id)))
      throw invalid(fieldOf(source), 'there is no such SSO connection');
    return;
  }
  const connection = await stores.connections.find(organizationId, source.id);
  if (!connection) throw invalid(fieldOf(source), 'there is no such connection');
  if (organizationRole === 'admin' && !connection.settings.mayGrantAdmin)
    throw invalid('organizationRole', 'the connection may not grant admin');
}

async function checkTeam(
  stores: Stores,
  organizationId: string,
  team: NonNullable<MappingRule['team']>,
): Promise<void> {
  const scope = { organizationId, connectionId: undefined, baseUrl: '' };
  if (team.teamId !== undefined && (await stores.teams.findMany(scope, [team.teamId])).length === 0)
    throw invalid('team.id', 'there is no such team');
  if ((team.role === 'custom') !== (team.customRoleId !== undefined))
    throw invalid('team.customRoleId', 'goes with the role custom, and only with it');
  if (team.customRoleId !== undefined && !(await stores.roles.lock(scope, team.customRoleId)))
    throw invalid('team.customRoleId', 'there is no such role');
}

const invalid = (field: string, problem: string): DomainError =>
  new DomainError('mapping_rule.invalid', { detail: `${field}: ${problem}.`, field });
