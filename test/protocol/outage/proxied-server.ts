import { afterAll, beforeAll } from '@jest/globals';
import pg from 'pg';
import { connectPostgres } from '../../../src/persistence/index.js';
import { administer, createDatabase, type TestDatabase } from '../../support/database.js';
import { startServer, type TestOrganization, type TestServer } from '../../support/server.js';
import { TcpProxy } from '../../support/tcp-proxy.js';

/** A server whose only way to its database is a cable that the test holds. */
export interface ProxiedServer {
  readonly server: TestServer;
  readonly organization: TestOrganization;
  readonly proxy: TcpProxy;
  /** Runs statements beside the cable, in one session. */
  readonly direct: pg.Client;
  /** Ends every connection of the server, as a restart of the database does. */
  terminateConnections(): Promise<void>;
  /** A database that takes no writes, as a standby, for connections made from now on. */
  setReadOnly(isReadOnly: boolean): Promise<void>;
}

/** Starts it before the tests of the calling block and closes it after them. The result reads it. */
export function useProxiedServer(): () => ProxiedServer {
  let running: ProxiedServer | undefined;
  let database: TestDatabase | undefined;

  beforeAll(async () => {
    database = await createDatabase(1);
    const address = new URL(database.url ?? '');
    const name = address.pathname.slice(1);
    const proxy = await TcpProxy.start(address.hostname, Number(address.port));
    const direct = new pg.Client({ connectionString: address.href, application_name: 'beside the cable' });
    await direct.connect();
    address.port = String(proxy.port);
    const url = address.href;
    const connection = connectPostgres({ url, poolSize: 4, onIdleError: () => undefined });
    const server = await startServer({ database: { connection, url, close: () => connection.close() } });
    running = {
      server,
      proxy,
      direct,
      organization: await server.organization(),
      terminateConnections: async () => {
        await direct.query(
          `select pg_terminate_backend(pid) from pg_stat_activity
            where application_name = 'rollcall' and datname = current_database()`,
        );
      },
      setReadOnly: (isReadOnly) =>
        administer(`alter database ${name} set default_transaction_read_only = ${isReadOnly ? 'on' : 'off'}`),
    };
  });

  afterAll(async () => {
    if (running) {
      await running.proxy.restore();
      await running.direct.end();
      await running.server.close();
      await running.server.database.close();
      await running.proxy.cut();
    }
    await database?.close();
  });

  return () => {
    if (!running) throw new Error('the server has not started');
    return running;
  };
}
