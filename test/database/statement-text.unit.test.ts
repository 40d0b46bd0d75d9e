import { expect, test } from '@jest/globals';
import { statementText } from '../../src/database/statement-text.js';

test.each([
  ["select 'Ada''s', 12, 1.5 from t1 where a2 = ?", 'select ?, ?, ? from t1 where a2 = ?'],
  ['select "p0"."id" from "t0" as "p0" limit 21', 'select "p0"."id" from "t0" as "p0" limit ?'],
  ['select $1, $2::text', 'select $1, $2::text'],
  [String.raw`select E'Ada\'s, hers', e'\\', 'x'`, 'select ?, ?, ?'],
  ["where like'a' and type'b'", 'where like? and type?'],
  ["select 'Ada, who has no end", 'select ?'],
  ['select $a$ Ada, who $b$ has none', 'select ?'],
  ['do $body$ begin perform 1; end $body$', 'do ?'],
  ['a\n   in (?, ?, ?)', 'a in (?)'],
  ['values (?, ?), (?, ?)', 'values (?)'],
])('%s is shown as %s', (sql, shown) => {
  expect(statementText(sql)).toBe(shown);
});

test('of a literal that a cut goes through nothing is shown', () => {
  const before = `select '${'x'.repeat(10_000)}' || '`;
  expect(statementText(`${before}${'Ada '.repeat(10_000)}'`)).toBe('select ? || ?');
});

test('a long statement is cut', () => {
  expect(statementText(`select ${'a, '.repeat(50_000)}`).length).toBe(2_000);
});
