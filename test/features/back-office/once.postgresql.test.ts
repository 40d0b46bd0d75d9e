import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { Command } from '../../../src/features/back-office/command.entity.js';
import type { Answer, Client } from '../../support/api.js';
import { eventually } from '../../support/hooks.js';
import { type Office, startOffice } from './office.js';

jest.setTimeout(120_000);

let office: Office;
beforeAll(async () => {
  office = await startOffice();
});
afterAll(() => office.api.close());

describe('an idempotency key', () => {
  test('sent again does nothing, and gets the first answer', async () => {
    const id = await office.idOf('uma');
    const input = { id, idempotencyKey: 'key-of-uma-1' };
    const first = await office.act('disableUser', input);
    const { pool } = await office.api.count(async () => {
      const second = await office.act('disableUser', input);
      expect(second.data).toEqual(first.data);
    });
    expect(pool).toEqual({});
    expect(await office.trailOf(id)).toEqual(['disableUser INTENT', 'disableUser DONE']);
  });

  test('of a refusal of the pool gets that again', async () => {
    const id = await office.idOf('uma');
    const input = { id, group: 'nowhere', idempotencyKey: 'key-of-uma-2' };
    const first = await office.act('addUserToGroup', input);
    const second = await office.act('addUserToGroup', input);
    const [{ requestId: _first, ...told } = {}] = [first.errors?.[0]?.extensions];
    expect(told).toMatchObject({ code: 'NOT_FOUND', reason: 'pool_group' });
    expect(second.errors?.[0]?.extensions).toMatchObject(told);
    expect(second.errors?.[0]?.message).toBe(first.errors?.[0]?.message);
  });

  test('with another input is a conflict, with another action or viewer another key', async () => {
    const id = await office.idOf('sam');
    const idempotencyKey = 'key-of-sam-1';
    const first = await office.act('enableUser', { id, idempotencyKey });
    expect(first.errors).toBeUndefined();
    for (const other of [{ reason: 'another' }, { id: await office.idOf('uma') }]) {
      const { errors } = await office.act('enableUser', { id, idempotencyKey, ...other });
      expect(errors).toMatchObject([
        { extensions: { code: 'CONFLICT', reason: 'idempotency_key' } },
      ]);
    }
    const otherAction = await office.act('disableUser', { id, idempotencyKey });
    expect(otherAction.errors).toBeUndefined();
    await office.makeAdmin('grace.chen');
    const grace = await office.api.as('grace.chen@example.com');
    const otherViewer = await office.act('enableUser', { id, idempotencyKey }, undefined, grace);
    expect(otherViewer.errors).toBeUndefined();
    expect(otherViewer.data.enableUser.actionId).not.toBe(first.data.enableUser.actionId);
  });

  test('gets the first answer of deleteUser too, whose user is gone by then', async () => {
    const input = { id: await office.idOf('fay'), idempotencyKey: 'key-of-fay-1' };
    const first = await office.act('deleteUser', input, 'actionId deletedId');
    expect(first.errors).toBeUndefined();
    const second = await office.act('deleteUser', input, 'actionId deletedId');
    expect(second.data).toEqual(first.data);
    const anew = await office.act('deleteUser', { id: input.id }, 'actionId');
    expect(anew.errors).toMatchObject([{ extensions: { code: 'NOT_FOUND', reason: 'user' } }]);
  });

  test('is forgotten after a day', async () => {
    const id = await office.idOf('sam');
    const input = { id, idempotencyKey: 'key-of-sam-2' };
    const first = await office.act('enableUser', input);
    const em = office.api.server.app.orm.em.fork();
    await em.execute("update command set created_at = now() - interval '25 hours'");
    const second = await office.act('enableUser', input);
    expect(second.errors).toBeUndefined();
    expect(second.data.enableUser.actionId).not.toBe(first.data.enableUser.actionId);
  });
});

describe('commands that have ended', () => {
  test('are forgotten after 30 days, but for those by which something to come is decided', async () => {
    const em = office.api.server.app.orm.em.fork();
    const commandOf = async (name: string, input: object) => {
      const { data, errors } = await office.act(name, input);
      expect(errors).toBeUndefined();
      return data[name].actionId as string; // an ID
    };
    const [grace, mei, nadia] = await Promise.all(
      ['grace.dubois', 'mei.dubois', 'nadia.dubois'].map(office.idOf),
    );
    const old = await commandOf('enableUser', { id: grace });
    const young = await commandOf('enableUser', { id: mei });
    const until = new Date(Date.now() + 90 * 86_400_000).toISOString();
    const disabling = await commandOf('disableUser', { id: nadia, until });
    const later = await commandOf('enableUser', { id: nadia });
    const end = (days: number, ids: string[]) =>
      em.execute(
        "update command set ended_at = now() - ? * interval '1 day' where id in (select value::uuid from jsonb_array_elements_text(?::jsonb))",
        [days, JSON.stringify(ids)],
      );
    await end(31, [old, disabling, later]);
    await end(29, [young]);
    // Once a day: here the day is over.
    await em.execute("update job set run_at = now() where kind = 'forget-commands'");
    const isKept = async (id: string) => (await em.fork().count(Command, { id })) === 1;
    expect(await eventually(async () => !(await isKept(old)))).toBe(true);
    for (const id of [young, disabling, later]) expect(await isKept(id)).toBe(true);
    const { data } = await office.ada.execute(
      'query ($id: ID!) { auditLog(filter: { actionId: $id }) { nodes { outcome } } }',
      { id: old },
    );
    expect(data.auditLog.nodes).toHaveLength(2);
  });
});

const reasonOf = (errors: Answer['errors']) => errors?.[0]?.extensions?.reason;

const AGAIN: unknown[] = ['under_way', 'in_progress', 'database'];

/** On a machine that is too busy to be done in time, asks again under the same key as clients are told to. */
async function insist(name: string, input: object): Promise<Answer> {
  const answer = await office.act(name, input, 'actionId');
  const reason = reasonOf(answer.errors);
  return AGAIN.includes(reason) ? insist(name, input) : answer;
}

test('200 mutations of one user at once, with mixed keys, have one effect a key and a trail that is whole and in order', async () => {
  const id = await office.idOf('liam.chen');
  const keys = Array.from({ length: 20 }, (_none, index) => `one-of-twenty-${index}`);
  const answers = await Promise.all(
    Array.from({ length: 200 }, async (_none, index) => {
      const idempotencyKey = keys[index % keys.length] ?? '';
      const name = index % 2 === 0 ? 'disableUser' : 'enableUser';
      const { data, errors } = await insist(name, { id, idempotencyKey });
      return { idempotencyKey, actionId: data?.[name]?.actionId, reason: reasonOf(errors) };
    }),
  );
  const firsts = new Map(answers.map((answer) => [answer.idempotencyKey, answer]));
  for (const answer of answers) expect(answer).toEqual(firsts.get(answer.idempotencyKey));
  const done = [...firsts.values()].filter(({ actionId }) => actionId !== undefined);
  expect(new Set(done.map(({ actionId }) => actionId)).size).toBe(done.length);
  // A machine so busy that the pool does not answer in time may let a later one settle it first.
  for (const { actionId, reason } of firsts.values())
    if (actionId === undefined) expect(['superseded', 'user_pool']).toContain(reason);

  const em = office.api.server.app.orm.em.fork();
  expect(await em.count(Command, { targetId: id })).toBe(keys.length);
  expect(await em.count(Command, { targetId: id, state: 'DONE' })).toBe(done.length);
  const events = await em.execute<{ action_id: string; outcome: string }[]>(
    'select action_id, outcome from audit_event where target_id = ? order by created_at, id',
    [id],
  );
  expect(events).toHaveLength(2 * keys.length);
  const trails = Map.groupBy(events, ({ action_id }) => action_id);
  expect(trails.size).toBe(keys.length);
  for (const [actionId, trail] of trails) {
    const outcome = done.some((one) => one.actionId === actionId) ? 'DONE' : 'FAILED';
    expect(trail.map((event) => event.outcome)).toEqual(['INTENT', outcome]);
  }
  // Whichever came last at the pool, the mirror says the same.
  const agree = async () =>
    (await office.mirrorOf(id))?.enabled === (await office.atPool('liam.chen')).enabled;
  expect(await eventually(agree)).toBe(true);
  expect(await em.execute("select id from job where kind = 'command'")).toEqual([]);
});

test('of two administrators who disable each other at once one stays', async () => {
  // Those of before are no administrators any more.
  const ada = await office.idOf('ada');
  const grace = await office.idOf('grace.chen');
  const client: Client = await office.api.as('grace.chen@example.com');
  const [byAda, byGrace] = await Promise.all([
    office.act('disableUser', { id: grace }),
    office.act('disableUser', { id: ada }, undefined, client),
  ]);
  const refused = [byAda, byGrace].filter(({ errors }) => errors !== undefined);
  expect(refused).toHaveLength(1);
  const enabled = [
    (await office.atPool('ada')).enabled,
    (await office.atPool('grace.chen')).enabled,
  ];
  expect(enabled.filter(Boolean)).toHaveLength(1);
});
