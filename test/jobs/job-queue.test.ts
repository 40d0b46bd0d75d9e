import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Claims } from '../../src/jobs/claims.js';
import { startApi, type TestApi } from '../support/api.js';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

// Nobody runs this kind, so that the jobs stay as they are.
const KIND = 'unheard-of';
const queue = () => api.server.app.jobs;
const kept = () =>
  api.server.app.orm.em
    .fork()
    .execute('select key, payload, attempts, claim from job where kind = ? order by key', [KIND]);

test('takes several jobs of one key in one list, and keeps the last', async () => {
  await queue().add([
    { kind: KIND, key: 'a', payload: 1 },
    { kind: KIND, key: 'b', payload: 2 },
    { kind: KIND, key: 'a', payload: 3 },
  ]);
  expect(await kept()).toMatchObject([
    { key: 'a', payload: 3 },
    { key: 'b', payload: 2 },
  ]);
});

test('keeps a job that was asked for again while it ran', async () => {
  const claims = new Claims(api.server.app.orm);
  const [first, second] = await claims.take([KIND], 2);
  if (first === undefined || second === undefined) throw new Error('There are no two jobs.');
  await queue().add([{ kind: KIND, key: first.key, payload: 'again' }]);
  await claims.complete(first);
  await claims.complete(second);
  expect(await kept()).toEqual([{ key: first.key, payload: 'again', attempts: 0, claim: null }]);
});

test('adds nothing where there is nothing to add', async () => {
  const { sql } = await api.count(() => queue().add([]));
  expect(sql).toEqual([]);
});

test('frees what a process had that died', async () => {
  const claims = new Claims(api.server.app.orm);
  await queue().add([{ kind: KIND, key: 'held' }]);
  await claims.take([KIND], 10);
  expect(await claims.take([KIND], 10)).toEqual([]);
  await queue().freeAll();
  expect((await claims.take([KIND], 10)).map(({ key }) => key)).toContain('held');
});
