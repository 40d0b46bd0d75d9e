import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { OperationFault } from '../../src/local-pool/development/fault-settings.js';
import { type Client, startApi, type TestApi } from '../support/api.js';
import { askForSweep, sweepAfter, sweepOf } from '../support/sweep.js';

let api: TestApi;
let ada: Client;

beforeAll(async () => {
  api = await startApi();
  ada = await api.as('ada@example.com');
  await ada.execute('{ me { id } }');
});
afterEach(() => api.localPool.faults.clear());
afterAll(() => api.close());

/** Milliseconds for an answer, whatever the pool does; a busy machine takes its time. */
const PATIENCE = 4_500;

/** Waits until a walk has read a page of users, and has more to read. */
async function inTheMiddle(): Promise<void> {
  for (const end = Date.now() + 30_000; Date.now() < end; await sleep(10)) {
    const sweep = await sweepOf(api.server, api.poolId);
    if (sweep?.phase === 'USERS' && sweep.pages > 0) return;
  }
  throw new Error('No walk was met.');
}

const faults: readonly [string, OperationFault][] = [
  ['throttles', { match: '*', fault: 'throttling' }],
  ['fails', { match: '*', fault: 'error' }],
  ['is slow', { match: '*', fault: 'latency', milliseconds: 700 }],
  ['hangs', { match: '*', fault: 'hang' }],
  ['is down', { match: '*', fault: 'reset' }],
];

describe('while the pool, in the middle of a walk,', () => {
  test.each(faults)(
    '%s, queries are answered, and the walk goes on after that, and loses nobody',
    async (_what, fault) => {
      const before = await sweepOf(api.server, api.poolId);
      await askForSweep(api.server, api.poolId);
      await inTheMiddle();
      api.localPool.faults.set({ operations: [fault] });
      for (let asked = 0; asked < 3; asked++) {
        await sleep(300);
        const began = performance.now();
        const { status, data } = await ada.execute(
          '{ users(first: 60) { nodes { profile { name } } } poolDrift { walk { phase users } } }',
        );
        expect(performance.now() - began).toBeLessThan(PATIENCE);
        expect(status).toBe(200);
        expect(data.users.nodes).toHaveLength(60);
        expect(data.poolDrift).toHaveLength(1);
      }
      api.localPool.faults.clear();
      const after = await sweepAfter(api.server, api.poolId, before?.completedAt ?? null);
      expect(after).toMatchObject({
        completedUsers: before?.completedUsers,
        completedVanished: 0,
      });
      const unread = await api.server.app.orm.em
        .fork()
        .execute('select id from pool_profile where attributes_read_at < ? or groups_read_at < ?', [
          after.completedStartedAt,
          after.completedStartedAt,
        ]);
      expect(unread).toEqual([]);
    },
    90_000,
  );
});
