import { describe, expect, test } from '@jest/globals';
import { AdaptiveRate } from '../../src/user-pool/adaptive-rate.js';

const times = (count: number, act: () => void) => {
  for (let index = 0; index < count; index++) act();
};

describe('the rate of bulk work', () => {
  test('is half after a throttled answer, and full again after fifty good ones', () => {
    const rate = new AdaptiveRate(6);
    rate.throttled(1, 1);
    expect(rate.perSecond).toBe(3);
    times(25, () => rate.answered());
    expect(rate.perSecond).toBeCloseTo(4.5);
    times(25, () => rate.answered());
    expect(rate.perSecond).toBeCloseTo(6);
  });

  test('is halved once by a burst, whatever of it is throttled', () => {
    const rate = new AdaptiveRate(6);
    // Twenty calls were under way when the first answer came.
    for (let call = 1; call <= 20; call++) rate.throttled(call, 20);
    expect(rate.perSecond).toBe(3);
    rate.throttled(21, 21);
    expect(rate.perSecond).toBe(1.5);
  });

  test('is never more than its share', () => {
    const rate = new AdaptiveRate(6);
    times(1_000, () => rate.answered());
    expect(rate.perSecond).toBe(6);
  });

  test('never stops', () => {
    const rate = new AdaptiveRate(64);
    for (let call = 1; call <= 100; call++) rate.throttled(call, call);
    expect(rate.perSecond).toBe(1);
  });
});
