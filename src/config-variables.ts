import type { z } from 'zod';
import {
  clientIds,
  keyValuePairs,
  oneOf,
  origins,
  poolId,
  pools,
  profileAttributes,
  rolePairs,
  roles,
  sentryDsn,
  share,
  text,
  url,
  webhookSecret,
  wholeNumber,
  words,
} from './config-schemas.js';

/** One environment variable: what `.env.example`, the README's table and the start check are made of. */
export interface Variable<Value> {
  readonly group: string;
  readonly meaning: string;
  /** The value that counts when the variable is absent, as one would write it; absent: none. */
  readonly default?: string;
  readonly example: string;
  /** Turns the text into a value; its messages complete the sentence "VARIABLE ...". */
  readonly schema: z.ZodType<Value, string>;
}

const limit = (meaning: string, fallback: number) => ({
  group: 'Limits',
  meaning,
  default: String(fallback),
  example: String(fallback),
  schema: wholeNumber(1, 100_000_000),
});

export const variables = {
  NODE_ENV: {
    group: 'The process',
    meaning:
      '`production` insists on a database and a pool; `development` lifts production limits for a configured pool.',
    example: 'production',
    schema: oneOf('production', 'development', 'test'),
  },
  HOST: {
    group: 'The process',
    meaning: 'The address to listen on; with the local pool a loopback address.',
    default: '127.0.0.1',
    example: '0.0.0.0',
    schema: text,
  },
  PORT: {
    group: 'The process',
    meaning: 'The port to listen on.',
    default: '4000',
    example: '4000',
    schema: wholeNumber(0, 65_535),
  },
  METRICS_PORT: {
    group: 'The process',
    meaning:
      'The port of `HOST` for Prometheus, which reads `/metrics` there; absent: none. Keep it from strangers.',
    example: '9090',
    schema: wholeNumber(0, 65_535),
  },
  WEB_CONCURRENCY: {
    group: 'The process',
    meaning:
      'Processes that answer at `PORT`, one a core; above 1 only with `DATABASE_URL`. See `docs/scale.md`.',
    default: '1',
    example: '2',
    schema: wholeNumber(1, 64),
  },
  LOG_LEVEL: {
    group: 'The process',
    meaning: 'The least severe level that is logged.',
    default: 'info',
    example: 'debug',
    schema: oneOf('fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'),
  },
  DATA_DIR: {
    group: 'The process',
    meaning: 'Where the embedded database lives.',
    default: '.lifeguard',
    example: '/var/lib/lifeguard',
    schema: text,
  },
  TRUST_PROXY: {
    group: 'The process',
    meaning: 'Proxies whose `X-Forwarded-For` counts: addresses or ranges, commas between.',
    example: '10.0.0.0/8',
    schema: words.refine(
      (list) => list.every((range) => /^[0-9a-fA-F.:]+(?:\/\d{1,3})?$/.test(range)),
      'must list addresses or ranges',
    ),
  },
  CORS_ORIGINS: {
    group: 'The process',
    meaning: 'Origins whose pages may call the API, commas between.',
    example: 'https://app.example.com',
    schema: origins,
  },
  SANDBOX: {
    group: 'The process',
    meaning:
      'What a browser sees at `/graphql`, without production limits: `graphiql`, `apollo` (a link to Apollo Sandbox, whose pages may then call the API) or `off`.',
    default: 'graphiql',
    example: 'off',
    schema: oneOf('graphiql', 'apollo', 'off'),
  },
  TRUSTED_DOCUMENTS: {
    group: 'The process',
    meaning:
      'Manifests of the only operations that are answered under production limits, files with commas between; absent: any are. See `docs/trusted-documents.md`.',
    example: 'persisted-documents.json',
    schema: words,
  },
  INTROSPECTION: {
    group: 'The process',
    meaning:
      'The roles that may ask for the schema under production limits, commas between; absent: nobody.',
    example: 'ADMIN',
    schema: roles,
  },
  DATABASE_URL: {
    group: 'Database',
    meaning: 'A PostgreSQL database; absent: an embedded one in `DATA_DIR`.',
    example: 'postgresql://lifeguard@127.0.0.1:5432/lifeguard',
    schema: url('postgresql:', 'postgres:'),
  },
  COGNITO_USER_POOL_ID: {
    group: 'User pools',
    meaning: 'The user pool whose access tokens count; absent: the embedded local pool.',
    example: 'eu-west-1_Ab12Cd34E',
    schema: poolId,
  },
  COGNITO_CLIENT_IDS: {
    group: 'User pools',
    meaning: 'The app clients of that pool whose tokens count, commas between.',
    example: '5ab3k1l8m9n0p2q4r6s7t8u9v0',
    schema: clientIds,
  },
  COGNITO_POOLS: {
    group: 'User pools',
    meaning: 'Several pools instead, each with its app clients.',
    example: 'eu-west-1_Ab12Cd34E=5ab3k1l8m9,6bc4l2m9n0;us-east-1_Zy98Xw76V=7cd5m3n0o1',
    schema: pools,
  },
  COGNITO_ENDPOINT: {
    group: 'User pools',
    meaning:
      "Another implementation of Cognito's API; tokens are then issued by `<endpoint>/<pool id>`.",
    example: 'http://127.0.0.1:9229',
    schema: url('https:', 'http:').transform((value) => value.replace(/\/+$/, '')),
  },
  PROFILE_MAX_AGE: {
    group: 'User pools',
    meaning:
      'Seconds for which attributes and groups of the mirror count as fresh; older ones are shown, marked stale, and read anew behind the answer.',
    default: '300',
    example: '60',
    schema: wholeNumber(1, 86_400),
  },
  PROFILE_READ_BUDGET: {
    group: 'User pools',
    meaning:
      'Milliseconds that a request waits for what the mirror lacks; what comes later is kept for the next one.',
    default: '1000',
    example: '500',
    schema: wholeNumber(0, 30_000),
  },
  POOL_QUOTA_PERCENT: {
    group: 'User pools',
    meaning:
      "How much of the account's request quotas the servers of one database use together; the rest is for sign-ins and others of the account.",
    default: '80',
    example: '50',
    schema: wholeNumber(1, 100),
  },
  SYNC_QUOTA_PERCENT: {
    group: 'User pools',
    meaning: 'How much of the quotas the sweeper, which walks through the pools, uses at most.',
    default: '20',
    example: '5',
    schema: wholeNumber(1, 100),
  },
  SYNC_INTERVAL: {
    group: 'User pools',
    meaning:
      'Seconds from the end of one walk through a pool to the begin of the next; 0: only when `lifeguard sync` asks for one.',
    default: '3600',
    example: '900',
    schema: wholeNumber(0, 31_536_000),
  },
  WEBHOOK_SECRET: {
    group: 'User pools',
    meaning:
      'The secret by which Lambda triggers and EventBridge sign what they tell of changes at `POST /hooks/pool`, 24 bytes at least; absent: nobody may. See `docs/hooks.md`.',
    example: 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD',
    schema: webhookSecret,
  },
  LOCAL_POOL_PORT: {
    group: 'User pools',
    meaning: 'The loopback port of the local pool.',
    default: '4001',
    example: '4001',
    schema: wholeNumber(0, 65_535),
  },
  USER_PROVISIONING: {
    group: 'People and roles',
    meaning:
      'What a valid token of an unknown subject gets: `create` a user, or `deny` with FORBIDDEN.',
    default: 'create',
    example: 'deny',
    schema: oneOf('create', 'deny'),
  },
  ROLE_GROUPS: {
    group: 'People and roles',
    meaning:
      'Roles from pool groups; `<pool id>/group` where there are several pools; `MEMBER:*` is every signed-in person.',
    default: 'ADMIN:admin,SUPPORT:support',
    example: 'ADMIN:admin,SUPPORT:support,MEMBER:*',
    schema: rolePairs,
  },
  ROLE_SCOPES: {
    group: 'People and roles',
    meaning: 'Roles from scopes, for machine clients only.',
    example: 'SUPPORT:api/read',
    schema: rolePairs,
  },
  ENTITLEMENTS: {
    group: 'People and roles',
    meaning:
      'Which groups of a token count: `live`, those that the pool still confirms; `token`, all of them until it expires, for pools where a trigger puts groups into tokens.',
    default: 'live',
    example: 'token',
    schema: oneOf('live', 'token'),
  },
  ACCOUNT_DELETION_GRACE: {
    group: 'People and roles',
    meaning:
      'Seconds from `deleteMyAccount` to the deletion, in which it can be taken back; 0: at once. See `docs/privacy.md`.',
    default: '1209600',
    example: '2592000',
    schema: wholeNumber(0, 31_536_000),
  },
  PUBLIC_ATTRIBUTES: {
    group: 'People and roles',
    meaning: 'The profile attributes that other people see.',
    default: 'name,given_name,family_name,nickname,preferred_username,picture,locale',
    example: 'name,picture',
    schema: profileAttributes,
  },
  SLOW_QUERY_MS: {
    group: 'Observability',
    meaning:
      'Milliseconds from which a statement is logged, without its values, with the operation it is for; 0: never.',
    default: '500',
    example: '100',
    schema: wholeNumber(0, 600_000),
  },
  OTEL_EXPORTER_OTLP_ENDPOINT: {
    group: 'Observability',
    meaning:
      'The OpenTelemetry collector that traces are sent to, by OTLP over HTTP (`/v1/traces` is added); absent: no traces.',
    example: 'http://127.0.0.1:4318',
    schema: url('https:', 'http:'),
  },
  OTEL_EXPORTER_OTLP_HEADERS: {
    group: 'Observability',
    meaning: 'Headers for the collector, such as a key.',
    example: 'x-api-key=abc123',
    schema: keyValuePairs,
  },
  OTEL_SERVICE_NAME: {
    group: 'Observability',
    meaning: 'The name of this service in traces.',
    default: 'lifeguard',
    example: 'lifeguard-eu',
    schema: text,
  },
  OTEL_TRACES_SAMPLER_ARG: {
    group: 'Observability',
    meaning:
      'The share of traces that is kept, 0 to 1; a caller with a `traceparent` decides for itself.',
    default: '1',
    example: '0.1',
    schema: share,
  },
  SENTRY_DSN: {
    group: 'Observability',
    meaning:
      'Where unexpected errors are reported to, without personal data; absent: to the log alone.',
    example: 'https://0123456789abcdef@o1.ingest.sentry.io/2',
    schema: sentryDsn,
  },
  REDIS_URL: {
    group: 'Limits',
    meaning:
      'The Redis in which all servers count rate limits together; absent, or out of reach: each for itself.',
    example: 'rediss://lifeguard:password@redis.internal:6379',
    schema: url('rediss:', 'redis:'),
  },
  LIMIT_DEPTH: limit('Levels of nested fields in an operation.', 10),
  LIMIT_ALIASES: limit('Aliases in an operation.', 15),
  LIMIT_ROOT_FIELDS: limit('Root fields in an operation.', 20),
  LIMIT_TOKENS: limit('Lexical tokens in a document.', 1000),
  LIMIT_COST: limit('Cost of an operation: its fields, multiplied by the sizes of lists.', 5000),
  LIMIT_PAGE: limit('Entries of a page.', 100),
  LIMIT_BODY_BYTES: limit('Bytes of a request body.', 100_000),
  LIMIT_HEADER_BYTES: limit('Bytes of the request headers.', 16_384),
  LIMIT_VALIDATION_ERRORS: limit('Validation errors reported at once.', 5),
  LIMIT_FAILED_TOKENS: limit(
    'Tokens that fail, and as many signatures of hooks, a minute and IP address.',
    60,
  ),
  LIMIT_REQUESTS: limit('Requests, a minute and viewer.', 6000),
  LIMIT_REQUEST_SECONDS: limit('Seconds until a whole request must have arrived.', 30),
  LIMIT_CONNECTION_SECONDS: limit('Seconds that a silent connection is kept.', 60),
} satisfies Record<string, Variable<unknown>>;

export type VariableName = keyof typeof variables;
