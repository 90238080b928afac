// Four projects by what a test needs: nothing (unit, conformance), a Temporal server (workflow), the built program (e2e).
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
  ...extra,
});

module.exports = {
  projects: [project('unit'), project('conformance'), project('workflow'), project('e2e')],
};
