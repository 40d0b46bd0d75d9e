import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decimalIn, InputError, numberIn, textIn } from '../../src/graphql/checked-input.js';

describe('a decimal number', () => {
  const money = { precision: 6, scale: 2 };

  test.each([
    ['7', '7.00'],
    ['7.5', '7.50'],
    ['-0.05', '-0.05'],
    ['-0', '0.00'],
    ['0012.30', '12.30'],
    ['9999.99', '9999.99'],
  ])('%s is kept as the database has it', (given, kept) => {
    expect(decimalIn('total', given, money)).toBe(kept);
  });

  test.each(['', '.5', '5.', '1,5', '1e3', '+1', ' 1', '10000', '0.001', 'NaN', '١'])(
    '"%s" is refused by its name',
    (given) => {
      expect(() => decimalIn('total', given, money)).toThrow(
        'The input `total` must be a decimal number with at most 4 digits before the point and 2 after it.',
      );
    },
  );

  test('of any value is the same value, and stays as it is', () => {
    fc.assert(
      fc.property(fc.integer({ min: -999_999, max: 999_999 }), (cents) => {
        const kept = decimalIn('total', String(cents / 100), money);
        expect(Math.round(Number(kept) * 100)).toBe(cents + 0);
        expect(decimalIn('total', kept, money)).toBe(kept);
      }),
    );
  });
});

test('a text has its length in characters, without the space around it', () => {
  expect(textIn('note', '  sun 🏖️ ', { most: 10 })).toBe('sun 🏖️');
  for (const given of ['', '  ', 'x'.repeat(11), 'a\0b'])
    expect(() => textIn('note', given, { most: 10 })).toThrow(InputError);
});

test('a number is in its range', () => {
  const range = { least: 1, most: 3 };
  expect([1, 3].map((given) => numberIn('count', given, range))).toEqual([1, 3]);
  for (const given of [0, 4])
    expect(() => numberIn('count', given, range)).toThrow('The input `count` must be from 1 to 3.');
});
