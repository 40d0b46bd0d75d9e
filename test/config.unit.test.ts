import { describe, expect, test } from '@jest/globals';
import { Role } from '../src/auth/role.js';
import { ConfigError, readConfig } from '../src/config.js';

const POOL = 'eu-west-1_Ab12Cd34E';
const OTHER_POOL = 'us-east-1_Zy98Xw76V';
const pool = { COGNITO_USER_POOL_ID: POOL, COGNITO_CLIENT_IDS: 'one,two' };
const pools = { COGNITO_POOLS: `${POOL}=one,two;${OTHER_POOL}=three` };
const database = { DATABASE_URL: 'postgresql://lifeguard@db.example.com/lifeguard' };

function faultsOf(environment: Record<string, string>): ConfigError {
  try {
    readConfig(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('The environment was accepted.');
}

describe('without any variable', () => {
  test('the embedded database and the local pool are used, on loopback, without production limits', () => {
    expect(readConfig({})).toMatchObject({
      host: '127.0.0.1',
      port: 4000,
      localPoolPort: 4001,
      databaseUrl: undefined,
      pools: [],
      productionLimits: false,
      userProvisioning: 'create',
      roleGroups: [
        { role: Role.ADMIN, poolId: undefined, group: 'admin' },
        { role: Role.SUPPORT, poolId: undefined, group: 'support' },
      ],
      limits: { depth: 10, aliases: 15, rootFields: 20, tokens: 1000, pageSize: 100 },
    });
  });

  test('an empty variable counts as absent', () => {
    expect(readConfig({ PORT: ' ', DATABASE_URL: '' })).toEqual(readConfig({}));
  });
});

describe('observability', () => {
  test('is off, but for slow statements', () => {
    expect(readConfig({})).toMatchObject({
      metricsPort: undefined,
      tracing: undefined,
      errorReports: undefined,
      slowQuery: 500,
    });
    expect(readConfig({ SLOW_QUERY_MS: '0' }).slowQuery).toBeUndefined();
  });

  test('takes the standard variables of OpenTelemetry, and a DSN of Sentry', () => {
    const { tracing, errorReports } = readConfig({
      ...pool,
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318',
      OTEL_EXPORTER_OTLP_HEADERS: 'x-key=a%3Db,x-team=api',
      OTEL_TRACES_SAMPLER_ARG: '0.25',
      SENTRY_DSN: 'https://abc@o1.ingest.sentry.io/2',
    });
    expect(tracing).toEqual({
      endpoint: 'http://collector:4318',
      headers: { 'x-key': 'a=b', 'x-team': 'api' },
      serviceName: 'lifeguard',
      sampled: 0.25,
    });
    expect(errorReports).toEqual({
      dsn: 'https://abc@o1.ingest.sentry.io/2',
      environment: 'production',
    });
  });

  test.each([
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'collector:4318'],
    ['OTEL_EXPORTER_OTLP_HEADERS', 'x-key'],
    ['OTEL_EXPORTER_OTLP_HEADERS', 'x-key=%E0%A4%A'],
    ['OTEL_TRACES_SAMPLER_ARG', '1.5'],
    ['SENTRY_DSN', 'https://sentry.io/2'],
    ['SENTRY_DSN', 'https://abc@sentry.io/'],
    ['SLOW_QUERY_MS', '-1'],
  ])('refuses %s=%s', (variable, value) => {
    expect(faultsOf({ [variable]: value }).faults).toEqual([
      { variable, problem: expect.any(String) },
    ]);
  });
});

describe('pools', () => {
  test('one pool is named by two variables', () => {
    expect(readConfig(pool).pools).toEqual([{ id: POOL, clientIds: ['one', 'two'] }]);
  });

  test('several pools keep their own clients', () => {
    expect(readConfig(pools).pools).toEqual([
      { id: POOL, clientIds: ['one', 'two'] },
      { id: OTHER_POOL, clientIds: ['three'] },
    ]);
  });

  test('a configured pool turns production limits on, unless in development', () => {
    expect(readConfig(pool).productionLimits).toBe(true);
    expect(readConfig({ ...pool, NODE_ENV: 'development' }).productionLimits).toBe(false);
    expect(readConfig({ ...pool, SANDBOX: 'graphiql' }).sandbox).toBe('off');
    expect(readConfig({ ...pool, NODE_ENV: 'development' }).sandbox).toBe('graphiql');
  });

  test('groups of several pools are told apart, and no group counts by default', () => {
    expect(readConfig(pools).roleGroups).toEqual([]);
    const { roleGroups } = readConfig({
      ...pools,
      ROLE_GROUPS: `ADMIN:${POOL}/staff/admin,MEMBER:*`,
    });
    expect(roleGroups).toEqual([
      { role: Role.ADMIN, poolId: POOL, group: 'staff/admin' },
      { role: Role.MEMBER, poolId: undefined, group: '*' },
    ]);
  });
});

test('every fault is told at once, with what is wrong and an example', () => {
  const error = faultsOf({
    PORT: 'http',
    LOG_LEVEL: 'loud',
    USER_PROVISIONING: 'maybe',
    LIMIT_DEPTH: '0',
    NODE_ENV: 'production',
  });
  expect(error.faults.map(({ variable }) => variable)).toEqual([
    'PORT',
    'LOG_LEVEL',
    'USER_PROVISIONING',
    'LIMIT_DEPTH',
    'DATABASE_URL',
    'COGNITO_USER_POOL_ID',
  ]);
  expect(error.message).toContain(
    'PORT must be a whole number from 0 to 65535. Example: PORT=4000',
  );
  expect(error.message).toContain('DATABASE_URL is needed with NODE_ENV=production. Example:');
});

test.each(['-1', '70000', 'abc', '80.5', '9999999999'])(
  'a port of %s is told the whole rule',
  (PORT) => {
    expect(faultsOf({ PORT }).message).toBe(
      'The environment does not fit:\n  PORT must be a whole number from 0 to 65535. Example: PORT=4000',
    );
  },
);

test.each([
  ['a port that is none', { PORT: '65536' }, ['PORT']],
  ['a database that is no PostgreSQL', { DATABASE_URL: 'mysql://127.0.0.1/x' }, ['DATABASE_URL']],
  [
    'a pool id of another shape',
    { ...pool, COGNITO_USER_POOL_ID: 'pool' },
    ['COGNITO_USER_POOL_ID'],
  ],
  ['a pool without clients', { COGNITO_USER_POOL_ID: POOL }, ['COGNITO_CLIENT_IDS']],
  ['clients without a pool', { COGNITO_CLIENT_IDS: 'one' }, ['COGNITO_USER_POOL_ID']],
  ['one pool and several', { ...pool, ...pools }, ['COGNITO_POOLS']],
  ['half of one pool and several', { ...pools, COGNITO_CLIENT_IDS: 'one' }, ['COGNITO_POOLS']],
  ['a pool named twice', { COGNITO_POOLS: `${POOL}=a;${POOL}=b` }, ['COGNITO_POOLS']],
  ['a list of pools without clients', { COGNITO_POOLS: `${POOL}=` }, ['COGNITO_POOLS']],
  [
    'an endpoint without a pool',
    { COGNITO_ENDPOINT: 'https://pool.example.com' },
    ['COGNITO_USER_POOL_ID'],
  ],
  ['a local pool on an open address', { HOST: '0.0.0.0' }, ['HOST']],
  ['a local pool on a distant database', database, ['DATABASE_URL']],
  ['one port for both', { PORT: '4001' }, ['LOCAL_POOL_PORT']],
  ['the port of the local pool for metrics', { METRICS_PORT: '4001' }, ['METRICS_PORT']],
  ['an origin with a path', { CORS_ORIGINS: 'https://app.example.com/' }, ['CORS_ORIGINS']],
  ['an unknown role', { ROLE_GROUPS: 'OWNER:admin' }, ['ROLE_GROUPS']],
  ['a role without a group', { ROLE_GROUPS: 'ADMIN:' }, ['ROLE_GROUPS']],
  [
    'a group of a pool that is not trusted',
    { ...pool, ROLE_GROUPS: `ADMIN:${OTHER_POOL}/admin` },
    ['ROLE_GROUPS'],
  ],
  [
    'a group without its pool among several',
    { ...pools, ROLE_GROUPS: 'ADMIN:admin' },
    ['ROLE_GROUPS'],
  ],
  [
    'an attribute that is private for good',
    { PUBLIC_ATTRIBUTES: 'name,email' },
    ['PUBLIC_ATTRIBUTES'],
  ],
  ['a proxy that is no address', { TRUST_PROXY: 'everyone' }, ['TRUST_PROXY']],
  ['production without a pool', { ...database, NODE_ENV: 'production' }, ['COGNITO_USER_POOL_ID']],
  ['several processes on the embedded database', { WEB_CONCURRENCY: '2' }, ['WEB_CONCURRENCY']],
  [
    'several processes with a local pool at any port',
    { DATABASE_URL: 'postgresql://127.0.0.1/x', WEB_CONCURRENCY: '2', LOCAL_POOL_PORT: '0' },
    ['LOCAL_POOL_PORT'],
  ],
  ['production without a database', { ...pool, NODE_ENV: 'production' }, ['DATABASE_URL']],
  [
    'production with an endpoint in the clear',
    { ...pool, ...database, NODE_ENV: 'production', COGNITO_ENDPOINT: 'http://pool.example.com' },
    ['COGNITO_ENDPOINT'],
  ],
])('refuses %s', (_fault, environment, variables) => {
  expect(faultsOf(environment).faults.map(({ variable }) => variable)).toEqual(variables);
});

test.each([
  [{ HOST: '0.0.0.0' }, 'HOST=127.0.0.1'],
  [{ PORT: '4001' }, 'LOCAL_POOL_PORT=4002'],
  [{ PORT: '65535', METRICS_PORT: '65535' }, 'METRICS_PORT=65534'],
  [{ WEB_CONCURRENCY: '2' }, 'WEB_CONCURRENCY=1'],
  [
    { ...pool, ...database, NODE_ENV: 'production', COGNITO_ENDPOINT: 'http://pool.example.com' },
    'COGNITO_ENDPOINT=https://cognito.example.com',
  ],
])('the example for %j would do: %s', (environment, example) => {
  expect(faultsOf(environment).message).toContain(`Example: ${example}`);
});

test.each(['localhost', '127.0.0.1', '127.8.8.8', '[::1]'])('%s is loopback', (host) => {
  expect(() => readConfig({ DATABASE_URL: `postgresql://${host}:5432/x` })).not.toThrow();
});

test('production with a database and a pool is accepted', () => {
  expect(readConfig({ ...pool, ...database, NODE_ENV: 'production' }).productionLimits).toBe(true);
});

describe('the secret of webhooks', () => {
  test('is the bytes after whsec_', () => {
    const { webhookSecret } = readConfig({
      WEBHOOK_SECRET: 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD',
    });
    expect(webhookSecret?.toString('base64')).toBe('C2FVsBQIhrscChlQIMV+b5sSYspob7oD');
    expect(readConfig({}).webhookSecret).toBeUndefined();
  });

  test.each([
    ['without its prefix', 'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'must be whsec_ and then base64'],
    ['that is no base64', 'whsec_not base64 at all, is it, really', 'must be whsec_'],
    ['that is too short', 'whsec_c2hvcnQ=', 'must be of 24 to 64 bytes'],
    ['that is too long', `whsec_${'A'.repeat(88)}`, 'must be of 24 to 64 bytes'],
  ])('%s is refused, and not told', (_what, WEBHOOK_SECRET, problem) => {
    const { message } = faultsOf({ WEBHOOK_SECRET });
    expect(message).toContain(`WEBHOOK_SECRET ${problem}`);
    expect(message).not.toContain(WEBHOOK_SECRET);
  });
});

test('the published example is no secret for a pool that is configured', () => {
  const WEBHOOK_SECRET = 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD';
  expect(faultsOf({ ...pool, WEBHOOK_SECRET }).message).toContain('must be of your own making');
});

test('metrics have a port of their own, and none by default', () => {
  expect(readConfig({}).metricsPort).toBeUndefined();
  expect(readConfig({ METRICS_PORT: '9090' }).metricsPort).toBe(9090);
  expect(faultsOf({ METRICS_PORT: '4000' }).message).toContain(
    'METRICS_PORT must differ from PORT',
  );
});
