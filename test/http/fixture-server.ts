import 'reflect-metadata';
import type { AddressInfo } from 'node:net';
import type { FastifyInstance, LightMyRequestResponse } from 'fastify';
import type { GraphQLError } from 'graphql';
import type { AccessToken } from '../../src/auth/access-token.js';
import type { Viewer } from '../../src/auth/viewer.js';
import type { Limits } from '../../src/config.js';
import { UnauthenticatedError } from '../../src/errors.js';
import { createApolloServer } from '../../src/graphql/apollo-server.js';
import { createFormatError } from '../../src/graphql/format-error.js';
import {
  readTrustedDocuments,
  type TrustedDocuments,
} from '../../src/graphql/trusted-documents.js';
import { type Credentials, createAuthenticate } from '../../src/http/authenticate.js';
import { createHealth } from '../../src/http/health.js';
import type { HooksOptions } from '../../src/http/hooks.js';
import type { RateCounters } from '../../src/http/own-counters.js';
import { createRateLimits } from '../../src/http/rate-limits.js';
import type { SandboxOptions } from '../../src/http/sandbox.js';
import { createHttpServer } from '../../src/http/server.js';
import { createLog } from '../../src/log/index.js';
import { fixtureSchema, NestedRefusal } from './fixture-schema.js';

export const LIMITS: Limits = {
  depth: 10,
  aliases: 15,
  rootFields: 20,
  tokens: 1000,
  cost: 5000,
  pageSize: 100,
  bodyBytes: 100_000,
  headerBytes: 16_384,
  validationErrors: 5,
  failedTokensPerMinute: 60,
  requestsPerMinute: 6000,
  requestTimeout: 30,
  connectionTimeout: 60,
};

export interface FixtureOptions {
  readonly limits?: Partial<Limits>;
  readonly productionLimits?: boolean;
  readonly loopbackOnly?: boolean;
  readonly corsOrigins?: readonly string[];
  readonly trustProxy?: readonly string[];
  readonly database?: () => Promise<unknown>;
  readonly migrationsApplied?: () => boolean;
  readonly context?: () => void;
  readonly sandbox?: Partial<SandboxOptions>;
  readonly documents?: TrustedDocuments;
  readonly hooks?: HooksOptions;
  /** Those of the process by default. */
  readonly counters?: RateCounters;
}

interface FixtureContext {
  readonly requestId: string;
  readonly viewer: Viewer;
}

export interface FixtureServer {
  readonly app: FastifyInstance;
  /** Every line of the log, parsed. */
  readonly logged: () => Record<string, unknown>[];
  readonly logText: () => string;
  /** Listens on a free port of 127.0.0.1 and says which. */
  readonly listen: () => Promise<number>;
  readonly drain: () => void;
}

export const CLAIMS: AccessToken = {
  kind: 'person',
  poolId: 'eu-west-1_Ab12Cd34E',
  subject: 'subject',
  clientId: 'client',
  username: 'ada',
  groups: [],
  scopes: [],
  originJti: undefined,
  issuedAt: 0,
  authTime: 0,
  expiresAt: 0,
};

/** The server around a small schema: `Bearer good` is a person, `Bearer machine` a client, all else fails. */
export async function fixtureServer(options: FixtureOptions = {}): Promise<FixtureServer> {
  const limits = { ...LIMITS, ...options.limits };
  const productionLimits = options.productionLimits ?? false;
  const lines: string[] = [];
  const log = createLog({ level: 'debug', destination: { write: (line) => lines.push(line) } });
  const schema = fixtureSchema();
  const formatError = createFormatError({ schema, productionLimits, log });
  const apollo = createApolloServer<FixtureContext>({
    schema,
    limits,
    productionLimits,
    documents: options.documents,
    log,
    formatError,
    isNestedRefusal: (error: GraphQLError) => error.originalError instanceof NestedRefusal,
  });
  await apollo.start();
  const rateLimits = createRateLimits(limits, options.counters);
  const health = createHealth({
    database: options.database ?? (async () => undefined),
    migrationsApplied: options.migrationsApplied ?? (() => true),
    jwks: () => 'not loaded',
    log,
  });
  const app = await createHttpServer<FixtureContext>({
    limits,
    productionLimits,
    loopbackOnly: options.loopbackOnly ?? true,
    corsOrigins: options.corsOrigins ?? [],
    trustProxy: options.trustProxy ?? [],
    log,
    apollo,
    documents: options.documents,
    formatError,
    rateLimits,
    authenticate: createAuthenticate({
      bearerToken,
      verifier: fixtureVerifier(),
      viewerOf: async (token) => viewerOf(token),
      rateLimits,
    }),
    context: (input) => {
      options.context?.();
      return input;
    },
    health,
    hooks: options.hooks,
    version: '0.0.0',
    sandbox: { kind: 'off', localPool: undefined, pools: [], ...options.sandbox },
  });
  app.addHook('onClose', async () => apollo.stop());
  return {
    app,
    logged: () => lines.map((line) => JSON.parse(line)),
    logText: () => lines.join(''),
    listen: async () => {
      await app.listen({ host: '127.0.0.1', port: 0 });
      // It listens on TCP, so the address is no path.
      return (app.server.address() as AddressInfo).port;
    },
    drain: () => health.drain(),
  };
}

function bearerToken({ rawHeaders }: Pick<Credentials, 'rawHeaders'>): string | undefined {
  const index = rawHeaders.findIndex((name) => name.toLowerCase() === 'authorization');
  return index < 0 ? undefined : rawHeaders[index + 1]?.replace('Bearer ', '');
}

/** Knows two tokens; remembers them once they were verified. */
function fixtureVerifier() {
  const remembered = new Map<string, AccessToken>();
  return {
    remembered: (token: string) => remembered.get(token),
    verify: async (token: string) => {
      if (token !== 'good' && token !== 'machine')
        throw new UnauthenticatedError('The access token is not valid.', { reason: 'invalid' });
      const claims = { ...CLAIMS, kind: token === 'good' ? 'person' : 'client' } as const;
      remembered.set(token, claims);
      return claims;
    },
  };
}

function viewerOf(token: AccessToken): Viewer {
  const rights = { token, roles: new Set<never>(), scopes: new Set<string>() };
  if (token.kind === 'client') return { kind: 'client', ...rights };
  const userId = '0192f0c1-0000-7000-8000-000000000000';
  return { kind: 'person', userId, tokenStale: false, ...rights };
}

/** A POST of a GraphQL operation. */
export function post(
  { app }: FixtureServer,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<LightMyRequestResponse> {
  return app.inject({
    method: 'POST',
    url: '/graphql',
    headers: { 'content-type': 'application/json', ...headers },
    payload: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

/** The operations in these manifests, for the fixture's schema. */
export async function fixtureDocuments(files: readonly string[]): Promise<TrustedDocuments> {
  const documents = await readTrustedDocuments(files, { schema: fixtureSchema(), limits: LIMITS });
  if (documents === undefined) throw new Error('There are no manifests.');
  return documents;
}
