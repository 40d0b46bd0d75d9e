/** Imports point one way; each layer may import the ones above it in this list, and itself. */
const layers = [
  [
    'config',
    '^src/(log/|(config|config-schemas|config-variables|errors|grace|in-time|root|start-error|version)\\.ts$)',
  ],
  ['telemetry', '^src/telemetry/'],
  ['auth', '^src/auth/'],
  ['user-pool', '^src/user-pool/'],
  ['database', '^src/database/'],
  ['jobs', '^src/jobs/'],
  ['request', '^src/request/'],
  ['directory', '^src/directory/'],
  ['graphql', '^src/graphql/'],
  ['features', '^src/features/'],
  ['features.ts', '^src/features\\.ts$'],
  ['http', '^src/http/'],
  ['app.ts', '^src/(app|observation|open-local-pool|pools)\\.ts$'],
  ['entry', '^src/((main|serve|loaded|begin-server|listen|welcome)\\.ts$|workers/|cli/)'],
];

/** The team's roles: a name that everything may know. */
const ROLE = '^src/auth/role\\.ts$';

/** Layers that stand side by side: what they need of each other is injected. */
const strangers = [
  ['auth', '^src/(user-pool|database)/'],
  ['user-pool', '^src/(auth|database)/'],
  ['database', '^src/(auth|user-pool)/'],
];

const patternOf = (name) => layers.find(([layer]) => layer === name)[1];

module.exports = {
  forbidden: [
    ...layers.slice(0, -1).map(([name, pattern], index) => ({
      name: `${name}-imports-upwards`,
      severity: 'error',
      from: { path: pattern },
      to: { path: layers.slice(index + 1).map(([, later]) => later), pathNot: [pattern, ROLE] },
    })),
    ...strangers.map(([name, others]) => ({
      name: `${name}-stands-alone`,
      severity: 'error',
      from: { path: patternOf(name) },
      to: { path: others, pathNot: ROLE },
    })),
    {
      name: 'local-pool-stands-apart',
      comment: 'It is reached over HTTP alone, as Cognito is.',
      severity: 'error',
      from: { path: '^src/local-pool/' },
      to: { path: '^src/', pathNot: '^src/local-pool/' },
    },
    {
      name: 'local-pool-is-composed-once',
      severity: 'error',
      from: {
        path: '^src/',
        pathNot: '^src/(local-pool/|(app|open-local-pool|pools)\\.ts$|cli/token\\.ts$)',
      },
      to: { path: '^src/local-pool/' },
    },
    {
      name: 'pages-stand-apart',
      comment: 'They are another program, which speaks to the server over HTTP alone.',
      severity: 'error',
      from: { path: '^(web|examples)/' },
      to: { path: '^(src|test)/' },
    },
    {
      name: 'peers-stand-apart',
      comment: 'They are programs of their own, with packages that only bench/ has.',
      severity: 'error',
      from: { path: '^bench/(peers|load)/' },
      to: { path: '^(src|test)/' },
    },
    {
      name: 'server-without-pages',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(web|examples)/' },
    },
    {
      name: 'feature-by-its-index-or-entity',
      severity: 'error',
      from: { path: '^src/features/([^/]+)/' },
      to: {
        path: '^src/features/([^/]+)/',
        pathNot: ['^src/features/$1/', '/index\\.ts$', '\\.entity\\.ts$'],
      },
    },
    {
      name: 'server-without-tests',
      severity: 'error',
      from: { path: '^(src/|mikro-orm\\.config\\.ts$)' },
      to: { path: '^test/' },
    },
    {
      name: 'no-circle',
      comment: 'Entities may refer to each other; everything else has an order.',
      severity: 'error',
      from: { path: '^src/', pathNot: '\\.entity\\.ts$' },
      to: { circular: true, viaOnly: { pathNot: '\\.entity\\.ts$' } },
    },
    {
      name: 'resolvable',
      severity: 'error',
      // What is generated there imports a package that has types alone; the peers' packages need not be installed.
      from: { pathNot: '^(examples/spa/src/graphql|bench/(peers|load))/' },
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    parser: 'swc',
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
    tsConfig: { fileName: 'tsconfig.json' },
  },
};
