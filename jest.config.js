import { fileURLToPath } from 'node:url';

/**
 * Tests run on the compiled output; `*.unit.test`, `*.browser.test` and `*.postgresql.test` run once, those of them that
 * need a database on PostgreSQL: it makes no difference to them which it is, or they take long. All others run on each database.
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
const onPostgres = { ...shared, globals: { TEST_DATABASE: 'postgresql' } };
const EVERY_TEST = '<rootDir>/**/*.test.js';

export default {
  // One more than the cores of a small machine: many tests wait rather than compute. With four it took longer, as they wait for each other.
  maxWorkers: 3,
  // Files that load their own modules leave them behind: a new worker is cheaper than sweeping them up.
  workerIdleMemoryLimit: '1GB',
  testTimeout: 60_000,
  testSequencer: built('support/longest-first.js'),
  globalSetup: './dist/test/support/global-setup.js',
  globalTeardown: './dist/test/support/global-teardown.js',
  projects: [
    { ...onPostgres, displayName: 'unit', testMatch: ['<rootDir>/**/*.unit.test.js'] },
    {
      ...shared,
      displayName: 'pglite',
      testMatch: [EVERY_TEST],
      testPathIgnorePatterns: ['\\.(unit|browser|postgresql)\\.test\\.js$'],
      globals: { TEST_DATABASE: 'pglite' },
      globalSetup: built('support/global-pglite-setup.js'),
      globalTeardown: built('support/global-pglite-teardown.js'),
    },
    {
      ...onPostgres,
      displayName: 'postgresql',
      testMatch: [EVERY_TEST],
      testPathIgnorePatterns: ['\\.(unit|browser)\\.test\\.js$'],
    },
    {
      ...onPostgres,
      displayName: 'browser',
      testMatch: ['<rootDir>/**/*.browser.test.js'],
      globalSetup: built('support/global-browser-setup.js'),
      globalTeardown: built('support/global-browser-teardown.js'),
    },
  ],
};
