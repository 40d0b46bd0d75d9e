import 'reflect-metadata';
import type { FastifyInstance } from 'fastify';
import type { GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';
import { OnDenied } from './auth/authorized.js';
import { bearerToken } from './auth/bearer.js';
import { Role, STAFF } from './auth/role.js';
import type { Viewer } from './auth/viewer.js';
import type { Config } from './config.js';
import { Connections } from './database/connections.js';
import { databaseLocation } from './database/location.js';
import { isMigrated } from './database/migrate.js';
import { openDatabase } from './database/open.js';
import type { OrmSettings } from './database/orm-options.js';
import { serverKey } from './database/server-key.js';
import {
  followViewerChanges,
  forgetSessionsJob,
  forgetSessionsKind,
  groupCheckOf,
  mirrorOf,
  PROFILE_FIELDS,
  refreshAccountKind,
  sightingsOf,
  sweeperOf,
  takeHints,
  viewersOf,
} from './directory/index.js';
import { refusedAttempts } from './features/audit-log/index.js';
import { entitiesOf, features as everyFeature } from './features.js';
import { createApolloServer } from './graphql/apollo-server.js';
import {
  authorizationHooks,
  isNestedRefusal,
  rowRulesOf,
  ruledDatabase,
} from './graphql/authorization/index.js';
import { buildSchema } from './graphql/build-schema.js';
import { createFormatError } from './graphql/format-error.js';
import { ownRevocationsHooks } from './graphql/own-revocations.js';
import { readTrustedDocuments, type TrustedDocuments } from './graphql/trusted-documents.js';
import { warningsHooks } from './graphql/warnings.js';
import { createAuthenticate } from './http/authenticate.js';
import { createHealth } from './http/health.js';
import { createMetrics } from './http/metrics-server.js';
import type { RateCounters } from './http/own-counters.js';
import { createRateCounters } from './http/rate-counters.js';
import { createRateLimits } from './http/rate-limits.js';
import { createRequestMetrics } from './http/request-metrics.js';
import { createHttpServer } from './http/server.js';
import { JobQueue, JobWorker } from './jobs/index.js';
import type { LocalPool } from './local-pool/index.js';
import { createObservation, type Observation } from './observation.js';
import { connectPools, type Pools } from './pools.js';
import type { App } from './request/app.js';
import { type Context, RequestContext } from './request/context.js';
import type { Feature } from './request/feature.js';
import { metricsOf } from './request/metrics.js';
import { SERVER_VERSION } from './version.js';

export interface ServerOptions {
  readonly config: Config;
  readonly log: Logger;
  /** Takes the codes that the local pool would send; the log by default, which hides addresses. */
  readonly deliver?: (message: string) => void;
  /** For tests: another database than the configured one, or one whose statements are counted. */
  readonly database?: Partial<OrmSettings>;
  /** Whether it does jobs from the start (the default) or once `work` is called. */
  readonly works?: 'always' | 'on demand';
  /** For tests: what the server offers instead of everything in `src/features.ts`. */
  readonly features?: readonly Feature[];
}

export interface Server {
  /** Not listening yet. */
  readonly http: FastifyInstance;
  /** Not listening yet either; undefined without `METRICS_PORT`. */
  readonly metrics: FastifyInstance | undefined;
  readonly app: App;
  /** Undefined where pools are configured, and where another server of this database runs it. */
  readonly localPool: LocalPool | undefined;
  /** Settles when each pool has been walked through once, by whichever server, or the server closes. */
  swept(): Promise<void>;
  /** Begins to do jobs, where it does not from the start, and sees to those that repeat, unless told not to. */
  work(options?: { readonly repeats?: boolean }): void;
  /** Tells of an error that nobody caught, where errors are reported. */
  report(error: unknown): void;
  /** Answers what is under way, then ends everything that was begun. */
  close(): Promise<void>;
}

/**
 * Builds a whole server and listens nowhere but for the local pool.
 * @throws FolderLockedError where another process holds the embedded database.
 */
export async function createServer({
  config,
  log,
  deliver,
  database,
  works = 'always',
  features = everyFeature,
}: ServerOptions): Promise<Server> {
  const closers: (() => unknown)[] = [];
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    const observation = await createObservation(config, log);
    closers.push(() => observation.close());
    let isOpen = false;
    const location = database?.location ?? databaseLocation(config);
    const entities = entitiesOf(features);
    const schema = apiSchema(config, features);
    const connections = new Connections();
    const documents = await readTrustedDocuments(config.trustedDocuments, {
      schema,
      limits: config.limits,
    });
    const {
      orm,
      migrated,
      close: closeDatabase,
    } = await openDatabase({
      entities,
      rules: ruledDatabase(rowRulesOf(schema), entities),
      ...database,
      location,
      connections,
      onStatement: (statement) => {
        database?.onStatement?.(statement);
        // Making the database and bringing it up to date takes its time.
        if (isOpen) observation.onStatement(statement);
      },
    });
    isOpen = true;
    closers.push(closeDatabase);
    if (migrated.searchIndex === 'impossible')
      log.warn('the database does not offer pg_trgm: searches work, more slowly than with it');
    const pools = await connectPools({
      config,
      orm,
      log,
      deliver,
      observeCall: observation.observeCall,
    });
    closers.push(pools.close);
    const app: App = {
      config,
      log,
      orm,
      userPools: pools.userPools,
      callBudgets: pools.callBudgets,
      jobs: new JobQueue(orm),
      cursorKey: await serverKey(orm, 'cursor'),
    };
    // An embedded database is this process's alone: whoever had jobs of it is dead.
    if ('folder' in location) await app.jobs.freeAll();
    closers.push(() => mirrorOf(app).settle());
    closers.push(() => groupCheckOf(app).settle());
    closers.push(() => sightingsOf(app).close());
    closers.push(await followViewerChanges(app, location, () => connections.cut()));
    const closing = new AbortController();
    const sweeper = sweeperOf(app);
    let filled: Promise<void> | undefined;
    const swept = () => {
      filled ??= sweeper.filled(closing.signal);
      return filled;
    };
    closers.push(() => {
      closing.abort();
      return filled;
    });
    const featureKinds = features.flatMap(({ jobs }) => jobs?.(app) ?? []);
    const worker = new JobWorker({
      orm,
      queue: app.jobs,
      kinds: [...sweeper.jobs, refreshAccountKind(app), forgetSessionsKind(app), ...featureKinds],
      log,
      onFailed: observation.onJobFailed,
    });
    closers.push(() => worker.stop());
    const repeated = async () => [
      ...(await sweeper.due()),
      forgetSessionsJob,
      ...featureKinds.flatMap(({ kind, every: delay }) =>
        delay === undefined ? [] : { kind, key: '', delay },
      ),
    ];
    const work: Server['work'] = ({ repeats = true } = {}) =>
      worker.start(repeats ? repeated : undefined);
    if (works === 'always') work();
    const metrics = createMetrics(app, pools.verifier);
    if (metrics !== undefined) {
      observation.measureFor(metricsOf(app));
      closers.push(() => metrics.close());
    }
    const counters = await createRateCounters(app);
    closers.push(() => counters.close());
    const http = await createHttp(app, pools, { observation, schema, documents, counters });
    closers.push(() => http.close());
    const report = (error: unknown) => observation.reports?.report(error);
    return { http, metrics, app, localPool: pools.localPool, swept, work, report, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The whole graph, with the rules that follow from the configuration. */
export function apiSchema(
  { publicAttributes, productionLimits }: Config,
  features: readonly Feature[] = everyFeature,
): GraphQLSchema {
  const [first, ...others] = features.flatMap(({ resolvers }) => resolvers);
  if (first === undefined) throw new Error('There is no feature.');
  const privateNames = publicAttributes.has('name') ? [] : NAMED_INPUTS;
  const privateFields = Object.entries(PROFILE_FIELDS)
    .filter(([attribute]) => ![...publicAttributes].some((name) => name === attribute))
    .map(([, field]) => [`Profile.${field}`, PRIVATE_PROFILE] as const);
  return buildSchema({
    resolvers: [first, ...others],
    rules: Object.fromEntries([...privateFields, ...privateNames]),
    explain: explainTo(productionLimits),
  });
}

/** By these a name could be guessed bit by bit. */
const NAMED_INPUTS = ['UserFilter.name', 'UserOrderField.NAME'].map(
  (coordinate) => [coordinate, { roles: STAFF }] as const,
);

const PRIVATE_PROFILE = { roles: STAFF, owner: true, onDenied: OnDenied.NULL };

/** A refusal is explained in development, and to those who may see everything anyway. */
function explainTo(productionLimits: boolean) {
  return (viewer: Viewer) =>
    !productionLimits || (viewer.kind !== 'anonymous' && viewer.roles.has(Role.ADMIN));
}

interface HttpParts {
  readonly schema: GraphQLSchema;
  readonly documents: TrustedDocuments | undefined;
  readonly observation: Observation;
  readonly counters: RateCounters;
}

async function createHttp(
  app: App,
  pools: Pools,
  { schema, documents, counters, observation: { tracer, onMasked } }: HttpParts,
): Promise<FastifyInstance> {
  const { config, log, orm } = app;
  const { limits, productionLimits } = config;
  const { verifier } = pools;
  const formatError = createFormatError({ schema, productionLimits, log, onMasked });
  const rateLimits = createRateLimits(limits, counters);
  const apollo = createApolloServer<Context>({
    schema,
    limits,
    productionLimits,
    introspection: config.introspection,
    documents,
    log,
    formatError,
    isNestedRefusal,
    tracer,
    hooks: [
      authorizationHooks({ explain: explainTo(productionLimits) }),
      warningsHooks,
      refusedAttempts,
      ownRevocationsHooks,
    ],
  });
  await apollo.start();
  const viewers = viewersOf(app);
  const http = await createHttpServer<Context>({
    limits,
    productionLimits,
    trustProxy: config.trustProxy,
    corsOrigins: config.corsOrigins,
    loopbackOnly: config.pools.length === 0,
    log,
    apollo,
    formatError,
    rateLimits,
    documents,
    authenticate: createAuthenticate({
      bearerToken,
      verifier,
      rateLimits,
      viewerOf: (token, from) => viewers.viewerOf(token, from),
    }),
    context: (known) =>
      new RequestContext({ ...known, app }, (viewer) => viewers.entityManagerOf(viewer)),
    health: createHealth({
      database: () => orm.em.fork().execute('select 1'),
      migrationsApplied: () => isMigrated(orm),
      jwks: () => (verifier.jwks().every(({ keys }) => keys > 0) ? 'loaded' : 'not loaded'),
      log,
    }),
    version: SERVER_VERSION,
    tracer,
    onAnswered: config.metricsPort === undefined ? undefined : createRequestMetrics(metricsOf(app)),
    sandbox: { kind: config.sandbox, ...pools.signIn },
    hooks: config.webhookSecret && {
      secret: config.webhookSecret,
      take: (message) => takeHints(app, message),
    },
  });
  http.addHook('onClose', () => apollo.stop());
  return http;
}
