import { fileURLToPath } from 'node:url';

/**
 * Tests run on the compiled output; `*.unit.test` need no database and run once, `*.browser.test`
 * and `*.postgresql.test` run once on PostgreSQL, since it makes no difference to them which database it is and they take
 * long, all others on each database.
 */
const built = (file) => fileURLToPath(new URL(`./dist/test/${file}`, import.meta.url));
const shared = {
  rootDir: 'dist/test',
  // Together they load the server and its packages once in a worker, not once in a file.
  testEnvironment: built('support/environment.js'),
  runtime: built('support/native-modules-runtime.js'),
  // Every file imports them, and the global object outlives it.
  injectGlobals: false,
  transform: {},
};
const onDatabase = (name) => ({
  ...shared,
  displayName: name,
  testMatch: ['<rootDir>/**/*.test.js'],
  testPathIgnorePatterns: [
    `\\.(unit|browser${name === 'pglite' ? '|postgresql' : ''})\\.test\\.js$`,
  ],
  globals: { TEST_DATABASE: name },
});

export default {
  // One more than the cores of a small machine: many tests wait rather than compute.
  maxWorkers: 3,
  // Files that load their own modules leave them behind: a new worker is cheaper than sweeping them up.
  workerIdleMemoryLimit: '1GB',
  testTimeout: 60_000,
  globalSetup: './dist/test/support/global-setup.js',
  globalTeardown: './dist/test/support/global-teardown.js',
  projects: [
    { ...shared, displayName: 'unit', testMatch: ['<rootDir>/**/*.unit.test.js'] },
    onDatabase('pglite'),
    onDatabase('postgresql'),
    {
      ...shared,
      displayName: 'browser',
      testMatch: ['<rootDir>/**/*.browser.test.js'],
      globals: { TEST_DATABASE: 'postgresql' },
      globalSetup: built('support/global-browser-setup.js'),
      globalTeardown: built('support/global-browser-teardown.js'),
    },
  ],
};
