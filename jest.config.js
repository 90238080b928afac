// By what a test needs: nothing (unit, conformance), minutes of computing (proof), a Temporal server (workflow), the built program (e2e, hostile), a browser (ui),
// Go and Python (vmware),
// and PostgreSQL with a server that is built first (cluster), which `npm run e2e:cluster` alone runs.
const project = (displayName, extra = {}) => ({
  displayName,
  testMatch: [`<rootDir>/test/${displayName}/**/*.test.ts`],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } },
    ],
  },
  // A dynamic import names the built file; here the source is loaded.
  moduleNameMapper: { '^(\\.{1,2}/.+)\\.js$': '$1' },
  testEnvironment: 'node',
  // Jest's own two, after that of the packages' sources.
  testEnvironmentOptions: { customExportConditions: ['source', 'node', 'node-addons'] },
  setupFilesAfterEnv: ['<rootDir>/test/patience.ts'],
  ...extra,
});

const withServer = {
  globalSetup: '<rootDir>/test/start-temporal-server.ts',
  globalTeardown: '<rootDir>/test/stop-temporal-server.ts',
};

module.exports = {
  projects: [
    project('unit'),
    project('conformance'),
    project('proof'),
    project('workflow', withServer),
    project('e2e', withServer),
    // Brings a server of its own, with its UI.
    project('ui'),
    project('cluster'),
    project('hostile', withServer),
    project('vmware', { globalSetup: '<rootDir>/test/vmware/install-clients.ts' }),
  ],
};
