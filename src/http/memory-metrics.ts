import { type Aggregator, Counter, Gauge, type Registry } from '@prometheus-io/client';
import type { PoolJwksStatus } from '../auth/access-token-verifier.js';
import { mirrorOf, profileMemoryOf, viewerMemoryOf } from '../directory/index.js';
import type { App } from '../request/app.js';

/** What verifies tokens tells of itself. */
export interface TokenSource {
  readonly lookups: Readonly<Record<'hit' | 'miss', number>>;
  jwks(): readonly PoolJwksStatus[];
}

/** Begins to measure what is remembered: tokens, viewers, signing keys, the mirror. */
export function addMemoryMetrics(app: App, tokens: TokenSource, registry: Registry): void {
  addLookups(app, tokens, registry);
  addMirrorLookups(app, registry);
  addJwks(tokens, registry);
}

/** Counted where it happens, and read when it is asked for: a request pays for one addition. */
function addLookups(app: App, tokens: TokenSource, registry: Registry): void {
  new Counter({
    name: 'lifeguard_cache_lookups_total',
    help: 'How often a verified token, a viewer, or a profile, was looked for among those that are remembered, and what came of it.',
    labelNames: ['cache', 'result'],
    registers: [registry],
    collect() {
      this.reset();
      for (const [cache, lookups] of [
        ['tokens', tokens.lookups],
        ['viewers', viewerMemoryOf(app).lookups],
        ['profiles', profileMemoryOf(app).lookups],
      ] as const)
        for (const [result, count] of Object.entries(lookups)) this.inc({ cache, result }, count);
    },
  });
}

function addMirrorLookups(app: App, registry: Registry): void {
  new Counter({
    name: 'lifeguard_mirror_lookups_total',
    help: 'Accounts whose attributes (profiles) or groups were read through the mirror, by what it had of them.',
    labelNames: ['part', 'state'],
    registers: [registry],
    collect() {
      this.reset();
      for (const [part, lookups] of Object.entries(mirrorOf(app).lookups))
        for (const [state, count] of Object.entries(lookups)) this.inc({ part, state }, count);
    },
  });
}

function addJwks(tokens: TokenSource, registry: Registry): void {
  const gauge = (
    name: string,
    help: string,
    aggregator: Aggregator,
    value: (status: PoolJwksStatus) => number,
  ) =>
    new Gauge({
      name,
      help,
      aggregator,
      labelNames: ['pool'],
      registers: [registry],
      collect() {
        for (const status of tokens.jwks()) this.set({ pool: status.poolId }, value(status));
      },
    });
  gauge(
    'lifeguard_jwks_keys',
    'Signing keys of a pool that are at hand.',
    'min',
    ({ keys }) => keys,
  );
  gauge(
    'lifeguard_jwks_age_seconds',
    'How long ago the signing keys of a pool were loaded; +Inf: never. They are loaded every ten minutes.',
    'max',
    ({ loadedAt }) =>
      loadedAt === undefined ? Number.POSITIVE_INFINITY : (Date.now() - loadedAt.getTime()) / 1000,
  );
}
