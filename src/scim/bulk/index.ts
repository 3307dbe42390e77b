export { createBulkOperation } from './create-bulk-operation.js';
