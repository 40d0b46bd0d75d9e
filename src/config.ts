import { isIP } from 'node:net';
import type { z } from 'zod';
import type { Role } from './auth/role.js';
import type { ProfileAttribute } from './config-schemas.js';
import { type Variable, type VariableName, variables } from './config-variables.js';
import { StartError } from './start-error.js';

export interface Limits {
  readonly depth: number;
  readonly aliases: number;
  readonly rootFields: number;
  readonly tokens: number;
  readonly cost: number;
  readonly pageSize: number;
  readonly bodyBytes: number;
  readonly headerBytes: number;
  readonly validationErrors: number;
  /** By IP address. */
  readonly failedTokensPerMinute: number;
  /** By viewer. */
  readonly requestsPerMinute: number;
  /** Seconds. */
  readonly requestTimeout: number;
  /** Seconds. */
  readonly connectionTimeout: number;
}

export interface PoolConfig {
  readonly id: string;
  readonly clientIds: readonly string[];
}

/** A role that follows from membership of a pool group; without a pool: of that group in any pool. */
export interface GroupRole {
  readonly role: Role;
  readonly poolId: string | undefined;
  /** `*` is every signed-in person. */
  readonly group: string;
}

/** Where traces go, by OTLP over HTTP. */
export interface TracingConfig {
  /** Without `/v1/traces`. */
  readonly endpoint: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly serviceName: string;
  /** Of the traces that begin here, the share that is kept; 0 to 1. */
  readonly sampled: number;
}

/** Where unexpected errors are reported to. */
export interface ErrorReportsConfig {
  readonly dsn: string;
  /** `production` under production limits. */
  readonly environment: 'production' | 'development';
}

export interface Config {
  /** No introspection, sandbox, suggestions or explanations for strangers. */
  readonly productionLimits: boolean;
  readonly host: string;
  readonly port: number;
  /** Absent: no metrics. */
  readonly metricsPort: number | undefined;
  /** Processes that answer; above 1 only on PostgreSQL. */
  readonly workers: number;
  readonly logLevel: string;
  readonly dataDir: string;
  readonly trustProxy: readonly string[];
  readonly corsOrigins: readonly string[];
  /** Who may ask for the schema under production limits. */
  readonly introspection: readonly Role[];
  /** Manifests of the only operations that production limits allow; empty: any is. */
  readonly trustedDocuments: readonly string[];
  /** `off` under production limits. */
  readonly sandbox: 'graphiql' | 'apollo' | 'off';
  /** Absent: the embedded database in `dataDir`. */
  readonly databaseUrl: string | undefined;
  /** Empty: the local pool. */
  readonly pools: readonly PoolConfig[];
  readonly cognitoEndpoint: string | undefined;
  /** Absent: no hooks. */
  readonly webhookSecret: Buffer | undefined;
  readonly localPoolPort: number;
  readonly userProvisioning: 'create' | 'deny';
  /** Milliseconds. */
  readonly profileMaxAge: number;
  /** Milliseconds. */
  readonly profileReadBudget: number;
  /** Shares of the pool's quotas, 0 to 1: of all calls, and of those that nobody waits for. */
  readonly quotaShare: { readonly interactive: number; readonly bulk: number };
  /** Milliseconds between walks through a pool; undefined: none but those that are asked for. */
  readonly syncInterval: number | undefined;
  readonly roleGroups: readonly GroupRole[];
  readonly roleScopes: readonly { readonly role: Role; readonly scope: string }[];
  readonly entitlements: 'live' | 'token';
  /** Milliseconds from the wish of a person to the deletion of their account. */
  readonly accountDeletionGrace: number;
  readonly publicAttributes: ReadonlySet<ProfileAttribute>;
  readonly limits: Limits;
  /** Absent: rate limits are counted by each server for itself. */
  readonly redisUrl: string | undefined;
  /** Milliseconds from which a statement is slow; undefined: none is. */
  readonly slowQuery: number | undefined;
  /** Absent: no traces. */
  readonly tracing: TracingConfig | undefined;
  /** Absent: errors are logged alone. */
  readonly errorReports: ErrorReportsConfig | undefined;
}

export interface ConfigFault {
  readonly variable: VariableName;
  /** Completes the sentence that begins with the variable. */
  readonly problem: string;
  /** A value that would do here, where the variable's own example would not. */
  readonly example?: string;
}

/** Thrown at start with every fault of the environment, each with an example of a value that would do. */
export class ConfigError extends StartError {
  constructor(readonly faults: readonly ConfigFault[]) {
    const lines = faults.map(
      ({ variable, problem, example = variables[variable].example }) =>
        `  ${variable} ${problem}. Example: ${variable}=${example}`,
    );
    super(`The environment does not fit:\n${lines.join('\n')}`);
  }
}

type Environment = Readonly<Record<string, string | undefined>>;
type Values = {
  [Name in VariableName]:
    | z.output<(typeof variables)[Name]['schema']>
    | ((typeof variables)[Name] extends { default: string } ? never : undefined);
};

/**
 * The configuration that an environment asks for.
 * @throws ConfigError with all faults at once.
 */
export function readConfig(environment: Environment): Config {
  const { values, faults } = parse(environment);
  const faulty = new Set(faults.map(({ variable }) => variable));
  const contradictions = contradictionsOf(values, environment, faulty);
  if (faults.length + contradictions.length > 0)
    throw new ConfigError([...faults, ...contradictions]);
  return configOf(values, environment);
}

function parse(environment: Environment): { values: Values; faults: ConfigFault[] } {
  const faults: ConfigFault[] = [];
  const entries = Object.entries(variables).map(([name, variable]: [string, Variable<unknown>]) => {
    const given = environment[name]?.trim();
    const raw = given === undefined || given === '' ? variable.default : given;
    if (raw === undefined) return [name, undefined];
    const result = variable.schema.safeParse(raw);
    if (result.success) return [name, result.data];
    const fallback = variable.default;
    // The entry's name is a key of the table it comes from.
    faults.push({
      variable: name as VariableName,
      problem: result.error.issues[0]?.message ?? 'is not valid',
    });
    return [name, fallback === undefined ? undefined : variable.schema.parse(fallback)];
  });
  // Every value was made by the schema of its own variable.
  return { values: Object.fromEntries(entries) as Values, faults };
}

/** Faults that only show between variables; one that is faulty in itself is not named again. */
function contradictionsOf(
  values: Values,
  environment: Environment,
  faulty: ReadonlySet<VariableName>,
): ConfigFault[] {
  const faults: ConfigFault[] = [];
  const refuse = (variable: VariableName, problem: string, example?: string) => {
    if (faulty.has(variable)) return;
    faults.push({ variable, problem, ...(example !== undefined && { example }) });
  };
  const pools = poolsOf(values);
  const production = values.NODE_ENV === 'production';
  const localPool =
    pools.length === 0 && !faulty.has('COGNITO_USER_POOL_ID') && !faulty.has('COGNITO_POOLS');

  if (values.COGNITO_POOLS && (values.COGNITO_USER_POOL_ID || values.COGNITO_CLIENT_IDS))
    refuse(
      'COGNITO_POOLS',
      'replaces COGNITO_USER_POOL_ID and COGNITO_CLIENT_IDS: set it, or the two',
    );
  else if (values.COGNITO_USER_POOL_ID && !values.COGNITO_CLIENT_IDS)
    refuse('COGNITO_CLIENT_IDS', 'is needed with COGNITO_USER_POOL_ID');
  else if (values.COGNITO_CLIENT_IDS && !values.COGNITO_USER_POOL_ID)
    refuse('COGNITO_USER_POOL_ID', 'is needed with COGNITO_CLIENT_IDS');
  if (values.COGNITO_ENDPOINT && localPool)
    refuse('COGNITO_USER_POOL_ID', 'is needed with COGNITO_ENDPOINT');
  if (production && !values.DATABASE_URL)
    refuse('DATABASE_URL', 'is needed with NODE_ENV=production');
  if (production && localPool) refuse('COGNITO_USER_POOL_ID', 'is needed with NODE_ENV=production');
  if (production && values.COGNITO_ENDPOINT && !isSafeEndpoint(values.COGNITO_ENDPOINT))
    refuse(
      'COGNITO_ENDPOINT',
      'must begin with https:// with NODE_ENV=production',
      'https://cognito.example.com',
    );
  if (!production && localPool) {
    if (!isLoopbackHost(values.HOST))
      refuse(
        'HOST',
        'must be a loopback address while no pool is configured (local pool)',
        variables.HOST.default,
      );
    if (values.DATABASE_URL && !isLoopbackHost(new URL(values.DATABASE_URL).hostname))
      refuse('DATABASE_URL', 'must be on loopback while no pool is configured (local pool)');
    if (values.PORT !== 0 && values.PORT === values.LOCAL_POOL_PORT)
      refuse('LOCAL_POOL_PORT', 'must differ from PORT', portBeside(values.PORT));
    if (values.METRICS_PORT && values.METRICS_PORT === values.LOCAL_POOL_PORT)
      refuse('METRICS_PORT', 'must differ from LOCAL_POOL_PORT', portBeside(values.METRICS_PORT));
  }
  // Whoever reads the documentation could sign.
  if (!localPool && environment.WEBHOOK_SECRET?.trim() === variables.WEBHOOK_SECRET.example)
    refuse(
      'WEBHOOK_SECRET',
      'must be of your own making, unlike the example',
      'whsec_$(openssl rand -base64 32)',
    );
  if (values.METRICS_PORT && values.METRICS_PORT === values.PORT)
    refuse('METRICS_PORT', 'must differ from PORT', portBeside(values.PORT));
  if (values.WEB_CONCURRENCY > 1 && !values.DATABASE_URL && !faulty.has('DATABASE_URL'))
    refuse(
      'WEB_CONCURRENCY',
      'must be 1 with the embedded database: set DATABASE_URL for more',
      variables.WEB_CONCURRENCY.default,
    );
  if (values.WEB_CONCURRENCY > 1 && localPool && values.LOCAL_POOL_PORT === 0)
    refuse('LOCAL_POOL_PORT', 'must be one that all processes know, with WEB_CONCURRENCY above 1');
  for (const { group, poolId } of groupRoles(values, environment)) {
    if (poolId !== undefined && !pools.some(({ id }) => id === poolId))
      refuse('ROLE_GROUPS', `names the pool ${poolId}, which is not configured`);
    if (poolId === undefined && group !== '*' && pools.length > 1)
      refuse('ROLE_GROUPS', `must say of which pool the group ${group} is: <pool id>/${group}`);
  }
  return faults;
}

function configOf(values: Values, environment: Environment): Config {
  const pools = poolsOf(values);
  const productionLimits =
    values.NODE_ENV === 'production' || (pools.length > 0 && values.NODE_ENV !== 'development');
  return {
    productionLimits,
    host: values.HOST,
    port: values.PORT,
    metricsPort: values.METRICS_PORT,
    workers: values.WEB_CONCURRENCY,
    logLevel: values.LOG_LEVEL,
    dataDir: values.DATA_DIR,
    trustProxy: values.TRUST_PROXY ?? [],
    corsOrigins: values.CORS_ORIGINS ?? [],
    sandbox: productionLimits ? 'off' : values.SANDBOX,
    introspection: values.INTROSPECTION ?? [],
    trustedDocuments: values.TRUSTED_DOCUMENTS ?? [],
    databaseUrl: values.DATABASE_URL,
    pools,
    cognitoEndpoint: values.COGNITO_ENDPOINT,
    webhookSecret: values.WEBHOOK_SECRET,
    localPoolPort: values.LOCAL_POOL_PORT,
    userProvisioning: values.USER_PROVISIONING,
    profileMaxAge: values.PROFILE_MAX_AGE * 1000,
    profileReadBudget: values.PROFILE_READ_BUDGET,
    quotaShare: {
      interactive: values.POOL_QUOTA_PERCENT / 100,
      bulk: Math.min(values.SYNC_QUOTA_PERCENT, values.POOL_QUOTA_PERCENT) / 100,
    },
    syncInterval: values.SYNC_INTERVAL === 0 ? undefined : values.SYNC_INTERVAL * 1000,
    roleGroups: groupRoles(values, environment),
    roleScopes: (values.ROLE_SCOPES ?? []).map(({ role, name }) => ({ role, scope: name })),
    entitlements: values.ENTITLEMENTS,
    accountDeletionGrace: values.ACCOUNT_DELETION_GRACE * 1000,
    publicAttributes: new Set(values.PUBLIC_ATTRIBUTES),
    limits: {
      depth: values.LIMIT_DEPTH,
      aliases: values.LIMIT_ALIASES,
      rootFields: values.LIMIT_ROOT_FIELDS,
      tokens: values.LIMIT_TOKENS,
      cost: values.LIMIT_COST,
      pageSize: values.LIMIT_PAGE,
      bodyBytes: values.LIMIT_BODY_BYTES,
      headerBytes: values.LIMIT_HEADER_BYTES,
      validationErrors: values.LIMIT_VALIDATION_ERRORS,
      failedTokensPerMinute: values.LIMIT_FAILED_TOKENS,
      requestsPerMinute: values.LIMIT_REQUESTS,
      requestTimeout: values.LIMIT_REQUEST_SECONDS,
      connectionTimeout: values.LIMIT_CONNECTION_SECONDS,
    },
    redisUrl: values.REDIS_URL,
    slowQuery: values.SLOW_QUERY_MS === 0 ? undefined : values.SLOW_QUERY_MS,
    tracing: values.OTEL_EXPORTER_OTLP_ENDPOINT
      ? {
          endpoint: values.OTEL_EXPORTER_OTLP_ENDPOINT,
          headers: values.OTEL_EXPORTER_OTLP_HEADERS ?? {},
          serviceName: values.OTEL_SERVICE_NAME,
          sampled: values.OTEL_TRACES_SAMPLER_ARG,
        }
      : undefined,
    errorReports: values.SENTRY_DSN
      ? {
          dsn: values.SENTRY_DSN,
          environment: productionLimits ? 'production' : 'development',
        }
      : undefined,
  };
}

/** A port that differs from this one. */
function portBeside(port: number): string {
  return String(port < 65_535 ? port + 1 : port - 1);
}

function poolsOf(values: Values): readonly PoolConfig[] {
  if (values.COGNITO_POOLS) return values.COGNITO_POOLS;
  if (!values.COGNITO_USER_POOL_ID) return [];
  return [{ id: values.COGNITO_USER_POOL_ID, clientIds: values.COGNITO_CLIENT_IDS ?? [] }];
}

/** The default names groups without a pool, so it holds only where there is one pool. */
function groupRoles(values: Values, environment: Environment): GroupRole[] {
  if (!environment.ROLE_GROUPS && poolsOf(values).length > 1) return [];
  return values.ROLE_GROUPS.map(({ role, name }) => {
    const slash = /^[a-z0-9-]+_[0-9A-Za-z]+\//.exec(name)?.[0];
    if (slash === undefined) return { role, poolId: undefined, group: name };
    return { role, poolId: slash.slice(0, -1), group: name.slice(slash.length) };
  });
}

/** `localhost`, 127.0.0.0/8 and ::1 (RFC 6890, section 2.2.2); an empty host is a local socket. */
function isLoopbackHost(host: string): boolean {
  const address = host.replace(/^\[|\]$/g, '');
  return (
    address === '' ||
    address === 'localhost' ||
    address === '::1' ||
    (isIP(address) === 4 && address.startsWith('127.'))
  );
}

function isSafeEndpoint(endpoint: string): boolean {
  const { protocol, hostname } = new URL(endpoint);
  return protocol === 'https:' || isLoopbackHost(hostname);
}
