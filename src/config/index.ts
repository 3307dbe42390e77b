export { describeConfig } from './describe.js';
export { loadConfig, type Config, type ConfigProblem, type Environment } from './load.js';
export { readOrCreateSecretKey } from './secret-key.js';
