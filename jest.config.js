// Five projects by what a test needs: nothing (unit, conformance), a Temporal server (workflow), the built program (e2e,
// hostile).
const project = (displayName, extra = {}) => ({
  displayName,
  testMatch: [`<rootDir>/test/${displayName}/**/*.test.ts`],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } },
    ],
  },
  testEnvironment: 'node',
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
    project('workflow', withServer),
    project('e2e', withServer),
    project('hostile', withServer),
  ],
};
