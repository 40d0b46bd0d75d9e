import { expect, test } from '@jest/globals';
import { OperationNames } from '../../src/http/operation-names.js';

test('operations go by their names, so many and no more', () => {
  const names = new OperationNames();
  const of = (name: string | undefined, ofStranger = false) => names.of({ name, ofStranger });
  expect(of(undefined)).toBe('anonymous');
  const seen = new Set(Array.from({ length: 1_000 }, (_, index) => of(`Operation${index}`)));
  expect(seen.size).toBe(201);
  expect(of('Operation0')).toBe('Operation0');
  expect(of('Operation999')).toBe('other');
});

test('strangers cannot take all the names', () => {
  const names = new OperationNames();
  for (let index = 0; index < 1_000; index++) names.of({ name: `Made${index}`, ofStranger: true });
  expect(names.of({ name: 'Made999', ofStranger: true })).toBe('other');
  expect(names.of({ name: 'Genuine', ofStranger: false })).toBe('Genuine');
  expect(names.of({ name: 'Genuine', ofStranger: true })).toBe('Genuine');
});
