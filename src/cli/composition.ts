import type { App, Installation, Services } from '../app.js';
import type { Config } from '../config/index.js';
import type { Result } from '../kernel/result.js';
import type { Logger } from '../observability/index.js';
import type { OpenDatabase } from '../open-database.js';
import type { DatabaseConnection, DataDirInUse } from '../persistence/index.js';

export type { Installation } from '../app.js';

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
