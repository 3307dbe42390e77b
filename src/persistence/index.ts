export { connectPglite, connectPostgres, type DatabaseConnection } from './connect.js';
export type { Database } from './database.js';
export { acquireDataDirLock } from './data-dir-lock.js';
export { listMigrations, migrateDown, migrateToLatest } from './migrate.js';
export { createUnitOfWork } from './unit-of-work.js';
