/** Tests run on the compiled output; `*.unit.test` need no database and run once, all others on each database. */
const shared = {
  rootDir: 'dist/test',
  testEnvironment: 'node',
  transform: {},
};
const onDatabase = (name) => ({
  ...shared,
  displayName: name,
  testMatch: ['<rootDir>/**/*.test.js'],
  testPathIgnorePatterns: ['\\.unit\\.test\\.js$'],
  globals: { TEST_DATABASE: name },
});

export default {
  maxWorkers: 2,
  testTimeout: 30_000,
  globalSetup: './dist/test/support/global-setup.js',
  globalTeardown: './dist/test/support/global-teardown.js',
  projects: [
    { ...shared, displayName: 'unit', testMatch: ['<rootDir>/**/*.unit.test.js'] },
    onDatabase('pglite'),
    onDatabase('postgresql'),
  ],
};
