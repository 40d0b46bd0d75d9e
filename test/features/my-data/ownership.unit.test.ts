import { expect, test } from '@jest/globals';
import { holdingsOf, type Table } from '../../../src/features/my-data/index.js';

const table = (name: string, links: Readonly<Record<string, string>> = {}): Table => ({
  name,
  columns: [
    { name: 'id', type: 'uuid' },
    ...Object.keys(links).map((own) => ({ name: own, type: 'uuid' })),
  ],
  key: ['id'],
  links: Object.entries(links).map(([own, to]) => ({ table: to, pairs: [{ own, theirs: 'id' }] })),
});

const people = table('app_user');

function conditionOf(name: string, tables: readonly Table[]): string | undefined {
  const { held } = holdingsOf([people, ...tables], []);
  return held.find((one) => one.name === name)?.belongs('r');
}

test('every foreign key to a user makes a row theirs', () => {
  const text = table('text', { author_id: 'app_user', editor_id: 'app_user' });
  expect(conditionOf('text', [text])).toBe(`(r."author_id" = me.id or r."editor_id" = me.id)`);
});

test('a row without an owner of its own belongs with what it refers to, over several steps', () => {
  const tables = [
    table('ordered', { buyer_id: 'app_user' }),
    table('line', { ordered_id: 'ordered' }),
    table('tax', { line_id: 'line' }),
  ];
  expect(conditionOf('tax', tables)).toBe(
    '(exists (select from "line" as r_of where r_of."id" = r."line_id" and ' +
      '(exists (select from "ordered" as r_of_of where r_of_of."id" = r_of."ordered_id" and ' +
      '(r_of_of."buyer_id" = me.id)))))',
  );
});

test("what others wrote on a person's row is theirs, not the person's", () => {
  const tables = [
    table('post', { author_id: 'app_user' }),
    table('comment', { post_id: 'post', author_id: 'app_user' }),
  ];
  expect(conditionOf('comment', tables)).toBe('(r."author_id" = me.id)');
});

test('circles of foreign keys come to an end, and lead to nobody by themselves', () => {
  const circle = [table('hen', { egg_id: 'egg' }), table('egg', { hen_id: 'hen' })];
  const tree = table('category', { parent_id: 'category' });
  expect(holdingsOf([people, ...circle, tree], []).unknown).toEqual([
    'app_user',
    'hen',
    'egg',
    'category',
  ]);
  const owned = [table('hen', { egg_id: 'egg', farmer_id: 'app_user' }), circle[1] ?? people];
  expect(conditionOf('egg', owned)).toContain('"farmer_id" = me.id');
});
