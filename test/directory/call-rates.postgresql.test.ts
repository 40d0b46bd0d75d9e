import { monitorEventLoopDelay } from 'node:perf_hooks';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Server } from '../../src/app.js';
import { accountsOfIds } from '../../src/directory/account-rows.js';
import { Identity, mirrorOf } from '../../src/directory/index.js';
import { quotaCategoryOf } from '../../src/local-pool/development/quota-categories.js';
import { QUOTAS, type QuotaCategory } from '../../src/user-pool/quotas.js';
import { type PoolBehindProxy, poolBehindProxy } from '../support/pool-behind-proxy.js';
import { busiestSecond } from '../support/pool-proxy.js';
import { sweepNow, sweepOf } from '../support/sweep.js';

let pool: PoolBehindProxy;
let servers: Server[];

/** Of the quotas; a busy machine sends a little late, and then more at once. */
const SHARE = 0.6;

beforeAll(async () => {
  pool = await poolBehindProxy();
  const environment = { POOL_QUOTA_PERCENT: String(SHARE * 100) };
  servers = await Promise.all(Array.from({ length: 3 }, () => pool.start({ environment })));
  await Promise.all(servers.map(({ swept }) => swept()));
});
afterAll(() => pool.close());

/** Milliseconds for which everybody wants everything. */
const DURATION = 5_000;

/** Reads everybody's attributes and groups as requests do that find nothing in the mirror. */
async function readCold(server: Server): Promise<void> {
  const em = server.app.orm.em.fork();
  const ids = (await em.find(Identity, {})).map(({ id }) => id);
  const mirror = mirrorOf(server.app);
  const rows = await accountsOfIds(em, ids);
  const accounts = await mirror.accountsOf(rows.map((row) => ({ ...row, mirror: undefined })));
  await mirror.groupsOf(accounts.map((account) => ({ ...account, mirror: undefined })));
  await mirror.settle();
}

test('no second sees more calls than a quota, with several servers that read and a sweep', async () => {
  const [first] = servers;
  if (first === undefined) throw new Error('There is no server.');
  const seen = pool.proxy.calls.length;
  const delays = monitorEventLoopDelay({ resolution: 5 });
  delays.enable();
  const end = Date.now() + DURATION;
  const sweeping = (async () => {
    while (Date.now() < end) await sweepNow(first, pool.host.poolId);
  })();
  const reading = servers.map(async (server) => {
    while (Date.now() < end) await readCold(server);
  });
  await Promise.all([sweeping, ...reading]);
  delays.disable();

  const calls = pool.proxy.calls.slice(seen);
  const moments = Map.groupBy(calls, ({ operation }) => quotaCategoryOf(operation) ?? operation);
  const busiest = (category: QuotaCategory) =>
    busiestSecond((moments.get(category) ?? []).map(({ at }) => at));
  /** Calls a second over the whole time, in which a busy machine cannot bunch them. */
  const pace = (category: QuotaCategory) => {
    const of = moments.get(category) ?? [];
    const [began = 0, ended = 0] = [of[0]?.at, of.at(-1)?.at];
    return (of.length - 1) / Math.max(1, (ended - began) / 1_000);
  };
  // Servers and proxy share a process: a call waits for it at its timer, at its socket and at the proxy.
  const late = (3 * delays.max) / 1e9;
  const most = (category: QuotaCategory) =>
    Math.max(QUOTAS[category], QUOTAS[category] * SHARE * (1.1 + late));
  for (const category of ['UserRead', 'UserResourceRead', 'UserList'] as const) {
    expect(busiest(category)).toBeGreaterThan(0);
    expect(busiest(category)).toBeLessThanOrEqual(most(category));
    // The first of five seconds may see what is a tenth of a second late.
    expect(pace(category)).toBeLessThanOrEqual(QUOTAS[category] * SHARE * 1.05 + 1);
  }
  // Lists are the sweeper's alone here, whose share is a fifth; a slot may be used a tenth of a second late.
  expect(busiest('UserList')).toBeLessThanOrEqual((QUOTAS.UserList / 5) * (1 + late) + 2);
  expect(await sweepOf(first, pool.host.poolId)).toMatchObject({ completedVanished: 0 });
});
