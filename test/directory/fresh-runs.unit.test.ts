import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { FreshRuns } from '../../src/directory/fresh-runs.js';

describe('runs', () => {
  test('of one key are at most two for all who ask while the first is under way', async () => {
    const runs = new FreshRuns<number>();
    const gates: (() => void)[] = [];
    let begun = 0;
    const work = () => {
      const run = ++begun;
      return new Promise<number>((resolve) => gates.push(() => resolve(run)));
    };
    const asked = Array.from({ length: 10 }, () => runs.run('a', work));
    gates[0]?.();
    expect(await asked[0]).toBe(1);
    await new Promise(setImmediate);
    gates[1]?.();
    expect(await Promise.all(asked)).toEqual([1, 2, 2, 2, 2, 2, 2, 2, 2, 2]);
  });

  test('of another key do not wait', async () => {
    const runs = new FreshRuns<string>();
    void runs.run('a', () => new Promise(() => undefined));
    expect(await runs.run('b', async () => 'done')).toBe('done');
  });

  test('that fail do so for those who asked before they began, and no later ones', async () => {
    const runs = new FreshRuns<string>();
    const failed = runs.run('a', () => Promise.reject(new Error('no')));
    const next = runs.run('a', async () => 'yes');
    await expect(failed).rejects.toThrow('no');
    expect(await next).toBe('yes');
  });
});

test('whoever asks gets a run that began afterwards, in any interleaving', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), fc.integer({ min: 1, max: 12 }), async (scheduler, count) => {
      const runs = new FreshRuns<number>();
      let clock = 0;
      let most = 0;
      let now = 0;
      const work = async () => {
        const begun = ++clock;
        most = Math.max(most, ++now);
        await scheduler.schedule(Promise.resolve());
        now--;
        return begun;
      };
      const asks = Array.from({ length: count }, () =>
        scheduler.schedule(Promise.resolve()).then(async () => {
          const askedAt = ++clock;
          return (await runs.run('a', work)) > askedAt;
        }),
      );
      await scheduler.waitFor(Promise.all(asks));
      expect(await Promise.all(asks)).toEqual(asks.map(() => true));
      expect(most).toBe(1);
    }),
  );
});
