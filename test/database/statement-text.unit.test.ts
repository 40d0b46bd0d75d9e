import { expect, test } from '@jest/globals';
import { statementText } from '../../src/database/statement-text.js';

test.each([
  ["select 'Ada''s', 12, 1.5 from t1 where a2 = ?", 'select ?, ?, ? from t1 where a2 = ?'],
  ['select "p0"."id" from "t0" as "p0" limit 21', 'select "p0"."id" from "t0" as "p0" limit ?'],
  ['select $1, $2::text', 'select $1, $2::text'],
  ['do $body$ begin perform 1; end $body$', 'do ?'],
  ['a\n   in (?, ?, ?)', 'a in (?)'],
  ['values (?, ?), (?, ?)', 'values (?)'],
])('%s is shown as %s', (sql, shown) => {
  expect(statementText(sql)).toBe(shown);
});

test('a long statement is cut', () => {
  expect(statementText(`select ${'a, '.repeat(50_000)}`).length).toBe(2_000);
});
