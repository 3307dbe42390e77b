import type { Kysely, Selectable } from 'kysely';
import type { Clock } from '../../kernel/clock.js';
import { foldCase } from '../../kernel/fold.js';
import type { IdWindow, Page } from '../../directory/query.js';
import type { RequestContext } from '../../directory/request-context.js';
import type { SsoConnection } from '../../directory/sign-on/sso-connection.js';
import type {
  SsoConnectionStore,
  StoredSsoConnection,
} from '../../directory/sign-on/sso-connection-store.js';
import { appendAuditEvent } from '../audit-repository.js';
import type { Database } from '../database.js';
import type { SsoConnectionTable } from '../tables/sso-tables.js';
import { defineRead, defineStatement, run } from '../statement.js';

const FIND_BY_DOMAIN = defineRead(
  'sso_connection_find_by_domain',
  `select c.* from sso_domains d join sso_connections c on c.org_id = d.org_id and c.id = d.sso_connection_id
    where d.domain = $1 and d.verified_at is not null and c.is_enabled`,
);

const LIST_OFFERED = defineStatement(
  'sso_connection_list_offered',
  `select * from sso_connections where origin = 'environment' and is_enabled order by id`,
);
import { readIdPage } from '../id-page.js';

type SsoConnectionRow = Omit<Selectable<SsoConnectionTable>, 'name_key'>;

/** What is in the row was checked when it was written. */
const toConnection = (row: SsoConnectionRow): SsoConnection =>
  ({
    id: row.id,
    organizationId: row.org_id,
    name: row.name,
    isEnabled: row.is_enabled,
    origin: row.origin,
    kind: row.kind,
    settings: row.settings,
    defaultRole: row.default_role,
    provisions: row.provisions,
    pairedConnectionId: row.paired_connection_id ?? undefined,
    secretNames: row.secret_names,
    version: row.version,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }) as SsoConnection;

const toStored = (row: SsoConnectionRow | undefined): StoredSsoConnection | undefined =>
  row && { connection: toConnection(row), sealedSecrets: row.secrets ?? undefined };

/** The columns that an update may change. */
const toColumns = ({ connection, sealedSecrets }: StoredSsoConnection) => ({
  name: connection.name,
  name_key: foldCase(connection.name),
  is_enabled: connection.isEnabled,
  settings: JSON.stringify(connection.settings),
  secrets: sealedSecrets ?? null,
  secret_names: [...connection.secretNames],
  default_role: connection.defaultRole,
  provisions: connection.provisions,
  paired_connection_id: connection.pairedConnectionId ?? null,
  version: connection.version,
  updated_at: connection.updatedAt,
});

/** What the audit shows of a connection: everything but secrets. */
function describe(connection: SsoConnection): string {
  const { kind, name, isEnabled, settings, secretNames, defaultRole, provisions, pairedConnectionId } =
    connection;
  return JSON.stringify({
    kind,
    name,
    isEnabled,
    settings,
    secretNames,
    defaultRole,
    provisions,
    pairedConnectionId,
  });
}

/** SsoConnections in SQL. */
export class SsoConnectionRepository implements SsoConnectionStore {
  readonly #db: Kysely<Database>;
  readonly #clock: Clock;

  constructor(db: Kysely<Database>, clock: Clock) {
    this.#db = db;
    this.#clock = clock;
  }

  async list(organizationId: string): Promise<readonly SsoConnection[]> {
    const rows = await this.#db
      .selectFrom('sso_connections')
      .selectAll()
      .where('org_id', '=', organizationId)
      .orderBy('id')
      .execute();
    return rows.map(toConnection);
  }

  page(organizationId: string, window: IdWindow): Promise<Page<SsoConnection>> {
    const selected = this.#db.selectFrom('sso_connections').selectAll().where('org_id', '=', organizationId);
    return readIdPage(selected, window, toConnection);
  }

  async find(organizationId: string, id: string): Promise<StoredSsoConnection | undefined> {
    const row = await this.#db
      .selectFrom('sso_connections')
      .selectAll()
      .where('org_id', '=', organizationId)
      .where('id', '=', id)
      .$if(this.#db.isTransaction, (query) => query.forNoKeyUpdate())
      .executeTakeFirst();
    return toStored(row);
  }

  /** The connection; inside a transaction it cannot change until its end, and others may hold it as well. */
  async hold(organizationId: string, id: string): Promise<SsoConnection | undefined> {
    const row = await this.#db
      .selectFrom('sso_connections')
      .selectAll()
      .where('org_id', '=', organizationId)
      .where('id', '=', id)
      .$if(this.#db.isTransaction, (query) => query.forShare())
      .executeTakeFirst();
    return row && toConnection(row);
  }

  async findAnywhere(id: string): Promise<StoredSsoConnection | undefined> {
    const row = await this.#db
      .selectFrom('sso_connections')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirst();
    return toStored(row);
  }

  async findByName(organizationId: string, name: string): Promise<StoredSsoConnection | undefined> {
    const row = await this.#db
      .selectFrom('sso_connections')
      .selectAll()
      .where('org_id', '=', organizationId)
      .where('name_key', '=', foldCase(name))
      .$if(this.#db.isTransaction, (query) => query.forNoKeyUpdate())
      .executeTakeFirst();
    return toStored(row);
  }

  async findByDomain(domain: string): Promise<SsoConnection | undefined> {
    const [row] = await run<SsoConnectionRow>(this.#db, FIND_BY_DOMAIN, [domain]);
    return row && toConnection(row);
  }

  async listOffered(): Promise<readonly SsoConnection[]> {
    const rows = await run<SsoConnectionRow>(this.#db, LIST_OFFERED, []);
    return rows.map(toConnection);
  }

  async insert(context: RequestContext, stored: StoredSsoConnection): Promise<void> {
    const { connection } = stored;
    await this.#db
      .insertInto('sso_connections')
      .values({
        org_id: context.organizationId,
        id: connection.id,
        kind: connection.kind,
        origin: connection.origin,
        created_at: connection.createdAt,
        ...toColumns(stored),
      })
      .execute();
    await appendAuditEvent(this.#db, this.#clock, context, {
      action: 'sso_connection:create',
      targetType: 'SsoConnection',
      targetId: connection.id,
      after: describe(connection),
    });
  }

  async update(context: RequestContext, before: SsoConnection, stored: StoredSsoConnection): Promise<void> {
    await this.#db
      .updateTable('sso_connections')
      .set(toColumns(stored))
      .where('org_id', '=', context.organizationId)
      .where('id', '=', before.id)
      .execute();
    await appendAuditEvent(this.#db, this.#clock, context, {
      action: 'sso_connection:update',
      targetType: 'SsoConnection',
      targetId: before.id,
      before: describe(before),
      after: describe(stored.connection),
    });
  }

  async delete(context: RequestContext, connection: SsoConnection): Promise<void> {
    const { organizationId } = context;
    await this.#db
      .updateTable('team_members')
      .set({ sso_connection_id: null })
      .where('org_id', '=', organizationId)
      .where('sso_connection_id', '=', connection.id)
      .execute();
    await this.#db
      .deleteFrom('sessions')
      .where('org_id', '=', organizationId)
      .where('sso_connection_id', '=', connection.id)
      .execute();
    await this.#db
      .deleteFrom('sso_connections')
      .where('org_id', '=', organizationId)
      .where('id', '=', connection.id)
      .execute();
    await appendAuditEvent(this.#db, this.#clock, context, {
      action: 'sso_connection:delete',
      targetType: 'SsoConnection',
      targetId: connection.id,
      before: describe(connection),
    });
  }
}
