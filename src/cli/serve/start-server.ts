import type { RequestListener } from 'node:http';
import type { Config } from '../../config/index.js';
import { listen, type RunningServer } from '../../http/index.js';
import { createMetricsListener, type Logger } from '../../observability/index.js';
import { migrateToLatest, type DatabaseConnection } from '../../persistence/index.js';
import type { App, Services } from '../../app.js';
import type { RestoreAccess } from '../../directory/local-sign-in/restore-admin-service.js';
import type { Composition, Installation } from '../composition.js';
import { CommandFailure } from '../failure.js';
import { startControlServer, type ControlServer } from '../local-control/control-server.js';
import type { Output } from '../terminal.js';
import { applyEnvironmentSso } from './environment-sso.js';
import { renderBanner } from './banner.js';
import { createCommandRunner } from './run-received-command.js';

export interface ServerParts {
  readonly config: Config;
  readonly logger: Logger;
  readonly connection: DatabaseConnection;
  readonly composition: Composition;
  readonly installation: Installation;
  readonly terminal: Output;
}

/**
 * Migrates, bootstraps, listens, and says where.
 * @returns how to end it: requests in flight are answered first
 * @throws CommandFailure when an address cannot be bound
 */
export async function startServer(parts: ServerParts): Promise<{ close(): Promise<void> }> {
  const { config, logger, connection, composition, installation, terminal } = parts;
  const migrations = await migrateToLatest(connection.db);
  const services = composition.createServices(connection, config);
  const app = composition.createApp(config, { database: connection, services, logger, installation });
  const servers: RunningServer[] = [];
  let control: ControlServer | undefined;
  const close = async (): Promise<void> => {
    app.startClosing();
    await Promise.all([...servers.map((server) => server.close()), control?.close(), app.stopWork()]);
  };
  try {
    const { admin, scimToken } = config.bootstrap;
    const organization = await services.setup.bootstrap({
      adminEmail: admin?.email,
      adminPassword: admin?.password,
      scimToken,
    });
    await applyEnvironmentSso(services, config.sso, organization.id);
    const restore = await settleRestoreAdmin(services, config, logger);
    servers.push(await listenOrExplain(app.handler, config.http, 'PORT'));
    const metrics = listenForMetrics(app, config);
    if (metrics !== undefined) servers.push(await metrics);
    if (connection.kind === 'pglite') control = await startControl(parts, services);
    app.startWork();
    const setupLink = await services.setup.issueSetupLink();
    terminal.out(renderBanner({ config, version: installation.version, setupLink, restore }));
    return { close };
  } catch (error) {
    await close();
    throw error;
  } finally {
    // Not before the banner: what a person is to read comes first.
    if (migrations.length > 0) logger.info({ migrations }, 'migrated');
  }
}

/** Break-glass access, for as long as the operator wants it. */
async function settleRestoreAdmin(
  { restoreAdmin }: Services,
  { signIn }: Config,
  logger: Logger,
): Promise<RestoreAccess | undefined> {
  if (signIn.isRestoring) return restoreAdmin.enable();
  if (!(await restoreAdmin.disable()))
    logger.warn('the restore admin stays active, without a password: there is no other active admin');
  return undefined;
}

function listenForMetrics(
  { metrics }: App,
  { metricsPort, http }: Config,
): Promise<RunningServer> | undefined {
  if (metricsPort === undefined) return undefined;
  return listenOrExplain(
    createMetricsListener(metrics),
    { host: http.host, port: metricsPort },
    'METRICS_PORT',
  );
}

async function listenOrExplain(
  handler: RequestListener,
  address: Parameters<typeof listen>[1],
  variable: string,
): Promise<RunningServer> {
  try {
    return await listen(handler, address);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const reason = code === 'EADDRINUSE' ? 'it is in use; stop what listens there' : message;
    throw new CommandFailure(
      `Cannot listen on ${address.host}:${address.port}: ${reason}, or set ${variable} to another port.`,
    );
  }
}

/** A server without it works; only commands of a second process do not. */
async function startControl(parts: ServerParts, services: Services): Promise<ControlServer | undefined> {
  const { config, connection, logger } = parts;
  const runCommand = createCommandRunner({ config, connection, services });
  const control = await startControlServer(config.dataDir, runCommand);
  if (control.ok) return control.value;
  logger.warn(
    { reason: control.error },
    'commands in a second terminal will not work while this server runs',
  );
  return undefined;
}
