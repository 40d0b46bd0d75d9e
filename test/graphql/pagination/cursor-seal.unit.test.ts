import { randomBytes } from 'node:crypto';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { BadUserInputError } from '../../../src/errors.js';
import { CursorSeal } from '../../../src/graphql/pagination/cursor-seal.js';

const seal = new CursorSeal(randomBytes(32));

test('what was sealed opens again where it belongs, on any server with the same key', () => {
  const key = randomBytes(32);
  fc.assert(
    fc.property(fc.string(), fc.string(), (position, list) => {
      fc.pre(position !== '' && position === Buffer.from(position).toString());
      const cursor = new CursorSeal(key).seal(position, list);
      expect(new CursorSeal(key).open(cursor, list)).toBe(position);
    }),
  );
});

test('a cursor of another list, order or filter does not open', () => {
  fc.assert(
    fc.property(fc.string(), fc.string({ minLength: 1 }), (list, difference) => {
      const cursor = seal.seal('["a"]', list);
      expect(() => seal.open(cursor, list + difference)).toThrow(BadUserInputError);
    }),
  );
});

test('a cursor that was made up does not open', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.base64String()), (cursor) => {
      expect(() => seal.open(cursor, 'list')).toThrow('The cursor is not one of this list.');
    }),
  );
});

test('a cursor with one letter changed does not open', () => {
  const cursor = seal.seal('["2026-01-01","0192f0c1"]', 'list');
  for (let at = 0; at < cursor.length; at++) {
    const other = cursor[at] === 'A' ? 'B' : 'A';
    const altered = cursor.slice(0, at) + other + cursor.slice(at + 1);
    expect(() => seal.open(altered, 'list')).toThrow(BadUserInputError);
  }
});

test('a cursor of another server key does not open', () => {
  const cursor = new CursorSeal(randomBytes(32)).seal('["a"]', 'list');
  expect(() => seal.open(cursor, 'list')).toThrow(BadUserInputError);
});
