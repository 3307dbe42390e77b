// Native ESM: NODE_OPTIONS=--experimental-vm-modules is set by the npm scripts.
const shared = {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: { target: 'es2023', parser: { syntax: 'typescript' } },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
};
const project = (name, extra = {}) => ({
  ...shared,
  displayName: name,
  testMatch: [`<rootDir>/test/${name}/**/*.test.ts`],
  ...extra,
});
const withDatabase = {
  globalSetup: '<rootDir>/test/support/global-setup.mjs',
  globalTeardown: '<rootDir>/test/support/global-teardown.mjs',
};

export default {
  testTimeout: 60_000,
  projects: [
    project('unit'),
    project('property'),
    project('persistence', withDatabase),
    project('protocol', withDatabase),
    project('conformance', withDatabase),
    project('concurrency', withDatabase),
    project('migrations', withDatabase),
    project('process', withDatabase),
    project('browser', withDatabase),
  ],
};
