export { connectPglite } from './connect-pglite.js';
export type { DatabaseConnection } from './database-connection.js';
export { connectPostgres } from './postgres/connect-postgres.js';
export type { Database } from './database.js';
export { acquireDataDirLock, type DataDirInUse } from './data-dir-lock.js';
export { listMigrations, migrateDown, migrateToLatest } from './migrate.js';
export { StatisticsKeeper } from './statistics-keeper.js';
export { createUnitOfWork } from './unit-of-work.js';
