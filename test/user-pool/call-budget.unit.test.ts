import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from '@jest/globals';
import { CallBudget } from '../../src/user-pool/call-budget.js';
import type { CallSlotLedger } from '../../src/user-pool/call-slots.js';
import { QUOTAS, type Urgency } from '../../src/user-pool/quotas.js';

/** As the one in the database, for servers of one process. */
class MemorySlots implements CallSlotLedger {
  readonly #next = new Map<string, number>();
  /** How many slots each take was for. */
  readonly takes: number[] = [];

  async take(row: string, count: number, perSecond: number) {
    this.takes.push(count);
    const interval = 1000 / perSecond;
    const first = Math.max(performance.now(), this.#next.get(row) ?? 0);
    this.#next.set(row, first + count * interval);
    return { wait: first - performance.now(), interval };
  }

  async pause(row: string, milliseconds: number) {
    const until = performance.now() + milliseconds;
    this.#next.set(row, Math.max(until, this.#next.get(row) ?? 0));
  }
}

class TooMany extends Error {}

const budgets: CallBudget[] = [];
afterEach(() => {
  for (const budget of budgets.splice(0)) budget.close();
});

function newBudget(
  slots: CallSlotLedger = new MemorySlots(),
  share = { interactive: 1, bulk: 0.2 },
) {
  const budget = new CallBudget({
    region: 'us-east-1',
    slots,
    share,
    isThrottled: (error) => error instanceof TooMany,
  });
  budgets.push(budget);
  return budget;
}

/** The most calls that any second saw. */
function busiestSecond(moments: readonly number[]): number {
  const sorted = [...moments].sort((a, b) => a - b);
  return Math.max(
    ...sorted.map((start) => sorted.filter((at) => at >= start && at < start + 1000).length),
  );
}

const times = (count: number, call: () => Promise<unknown>) =>
  Promise.all(Array.from({ length: count }, call));

test('calls of one moment take their slots together', async () => {
  const slots = new MemorySlots();
  const budget = newBudget(slots);
  await times(40, () => budget.run('UserRead', 'interactive', async () => undefined));
  // A machine that falls behind takes the rest of them anew.
  expect(slots.takes[0]).toBe(40);
});

test('two servers together stay below the quota, whatever they want', async () => {
  const slots = new MemorySlots();
  const moments: number[] = [];
  const share = { interactive: 0.8, bulk: 0.2 };
  const calls = [newBudget(slots, share), newBudget(slots, share)].map((budget) =>
    times(45, () =>
      budget.run('UserList', 'interactive', async () => moments.push(performance.now())),
    ),
  );
  await Promise.all(calls);
  expect(moments).toHaveLength(90);
  expect(busiestSecond(moments)).toBeLessThanOrEqual(QUOTAS.UserList);
});

test('bulk work has a fifth of it, and leaves the rest to who waits', async () => {
  const budget = newBudget();
  const moments: Record<Urgency, number[]> = { interactive: [], bulk: [] };
  const note = (urgency: Urgency) => async () => void moments[urgency].push(performance.now());
  const bulk = times(8, () => budget.run('UserList', 'bulk', note('bulk')));
  await sleep(300);
  const asked = performance.now();
  await times(10, () => budget.run('UserList', 'interactive', note('interactive')));
  expect(performance.now() - asked).toBeLessThan(1_000);
  expect(moments.bulk.length).toBeLessThan(8);
  await bulk;
  expect(busiestSecond(moments.bulk)).toBeLessThanOrEqual(QUOTAS.UserList / 5 + 1);
});

describe('a throttled call', () => {
  test('is sent again after a rest of its category, and then answered', async () => {
    const budget = newBudget();
    const moments: number[] = [];
    const answer = await budget.run('UserRead', 'interactive', async () => {
      moments.push(performance.now());
      if (moments.length < 3) throw new TooMany();
      return 'here';
    });
    expect(answer).toBe('here');
    const [first = 0, second = 0, third = 0] = moments;
    expect(second - first).toBeGreaterThanOrEqual(120);
    expect(third - second).toBeGreaterThanOrEqual(240);
    expect(budget.counts().find(({ category }) => category === 'UserRead')).toMatchObject({
      sent: 3,
      throttled: 2,
      waiting: 0,
      underWay: 0,
    });
  });

  test('makes the others of its category wait, and no other category', async () => {
    const budget = newBudget();
    let isFirst = true;
    const throttled = budget.run('UserRead', 'interactive', async () => {
      if (isFirst) {
        isFirst = false;
        throw new TooMany();
      }
    });
    await sleep(0);
    expect(budget.isResting).toBe(true);
    const answered: string[] = [];
    const note = (category: 'UserRead' | 'UserUpdate') =>
      budget.run(category, 'interactive', async () => void answered.push(category));
    await Promise.all([note('UserRead'), note('UserUpdate')]);
    expect(answered).toEqual(['UserUpdate', 'UserRead']);
    await throttled;
  });

  test('halves the rate of bulk work of its category, which good answers bring back', async () => {
    const budget = newBudget();
    const rateOf = (name: string) =>
      budget.counts().find(({ category }) => category === name)?.bulkPerSecond;
    const full = QUOTAS.UserRead / 5;
    expect(rateOf('UserRead')).toBe(full);
    let isFirst = true;
    await budget.run('UserRead', 'interactive', async () => {
      if (!isFirst) return;
      isFirst = false;
      throw new TooMany();
    });
    expect(rateOf('UserRead')).toBe(full / 2);
    expect(rateOf('UserList')).toBe(QUOTAS.UserList / 5);
    await times(10, () => budget.run('UserRead', 'bulk', async () => undefined));
    expect(rateOf('UserRead')).toBeCloseTo(full * 0.6);
  });

  test('lets bulk work go slowly, and nobody who waits wait behind it', async () => {
    const budget = newBudget(new MemorySlots(), { interactive: 1, bulk: 0.001 });
    const bulk = times(2, () => budget.run('UserRead', 'bulk', async () => undefined));
    bulk.catch(() => undefined);
    await sleep(50);
    const answers = times(20, () => budget.run('UserRead', 'interactive', async () => 'here'));
    expect(await answers).toHaveLength(20);
    expect(budget.counts().find(({ category }) => category === 'UserRead')?.waiting).toBe(1);
    budget.close();
    await expect(bulk).rejects.toMatchObject({ name: 'BudgetClosedError' });
  });

  test('fails in the end', async () => {
    const budget = newBudget();
    let sent = 0;
    const call = budget.run('UserRead', 'interactive', async () => {
      sent++;
      throw new TooMany();
    });
    await expect(call).rejects.toBeInstanceOf(TooMany);
    expect(sent).toBe(5);
  });
});

test('what fails otherwise fails at once, and is sent once', async () => {
  const budget = newBudget();
  let sent = 0;
  const call = budget.run('UserRead', 'interactive', async () => {
    sent++;
    throw new RangeError('no');
  });
  await expect(call).rejects.toBeInstanceOf(RangeError);
  expect(sent).toBe(1);
});

test('without slots nothing is sent, and the next call asks again', async () => {
  const slots = new MemorySlots();
  const take = slots.take.bind(slots);
  slots.take = async () => {
    throw new Error('The database is down.');
  };
  const budget = newBudget(slots);
  let sent = 0;
  const send = async () => {
    sent++;
  };
  await expect(budget.run('UserRead', 'interactive', send)).rejects.toThrow('The database is down');
  expect(sent).toBe(0);
  slots.take = take;
  await budget.run('UserRead', 'interactive', send);
  expect(sent).toBe(1);
});

test('closing refuses what waits', async () => {
  const budget = newBudget();
  const calls = times(100, () => budget.run('UserList', 'bulk', async () => undefined));
  await sleep(50);
  budget.close();
  await expect(calls).rejects.toMatchObject({ name: 'BudgetClosedError' });
  await expect(budget.run('UserList', 'bulk', async () => undefined)).rejects.toMatchObject({
    name: 'BudgetClosedError',
  });
});
