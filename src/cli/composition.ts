import type { App, Services } from '../app.js';
import type { Config } from '../config/index.js';
import type { Result } from '../kernel/result.js';
import type { Logger } from '../observability/index.js';
import type { DataDirInUse } from '../persistence/index.js';
import type { DatabaseConnection } from '../persistence/index.js';

/** A connection and, with the embedded database, the lock on DATA_DIR. */
export interface OpenDatabase {
  readonly connection: DatabaseConnection;
  /** Closes the connection, then gives DATA_DIR free. */
  release(): Promise<void>;
}

/** The release this process runs. */
export interface Installation {
  readonly version: string;
  /** Absolute path of the directory with package.json, openapi.yaml and docs/. */
  readonly directory: string;
}

/** How the program is put together; each command takes the parts it needs. */
export interface Composition {
  /** @returns the reason when another process holds DATA_DIR */
  openDatabase(config: Config, logger: Logger): Promise<Result<OpenDatabase, DataDirInUse>>;
  createServices(database: DatabaseConnection, config: Config): Services;
  createApp(
    config: Config,
    parts: {
      readonly database: DatabaseConnection;
      readonly services: Services;
      readonly logger: Logger;
      readonly installation: Installation;
    },
  ): App;
}
