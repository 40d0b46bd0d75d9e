import { describe, expect, test } from '@jest/globals';
import { PostgreSqlPlatform } from '@mikro-orm/postgresql';
import fc from 'fast-check';
import { readTimesQuickly } from '../../src/database/quick-times.js';

const theirs = new PostgreSqlPlatform();
const ours = new PostgreSqlPlatform();
readTimesQuickly(ours);

/** As PostgreSQL does: without the zeros at the end of a fraction, and without a fraction of zeros alone. */
function written(time: Date, microseconds: number): string {
  const [date, clock = ''] = time.toISOString().split('T');
  const fraction = `${clock.slice(9, 12)}${String(microseconds).padStart(3, '0')}`;
  return `${date} ${clock.slice(0, 8)}.${fraction}`.replace(/\.?0+$/, '');
}

describe('A time of PostgreSQL', () => {
  test('is read as MikroORM reads it, whatever its zone', () => {
    const time = fc.date({
      min: new Date('0001-01-01'),
      max: new Date('9999-12-31'),
      noInvalidDate: true,
    });
    const zone = fc.constantFrom('+00', '+01', '-08', '+05:30', '-00:44:30', '');
    fc.assert(
      fc.property(time, fc.nat(999), zone, (moment, microseconds, offset) => {
        const text = `${written(moment, microseconds)}${offset}`;
        expect(ours.parseDate(text)).toEqual(theirs.parseDate(text));
      }),
      { numRuns: 2_000 },
    );
  });

  test.each([
    '2026-11-27 19:04:48+00',
    '2026-11-27 19:04:48.1+00',
    '2026-11-27 19:04:48.120345+00',
    '0044-03-15 12:00:00+00 BC',
    '12026-01-01 00:00:00+00',
    'infinity',
    '2026-11-27',
    '2026-11-27T19:04:48.123Z',
    1_795_000_000_000,
  ])('is read as MikroORM reads it: %s', (text) => {
    expect(ours.parseDate(text)).toEqual(theirs.parseDate(text));
  });
});
