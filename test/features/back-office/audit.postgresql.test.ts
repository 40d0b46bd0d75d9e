import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { Client } from '../../support/api.js';
import { type Office, startOffice } from './office.js';

jest.setTimeout(60_000);

let office: Office;
beforeAll(async () => {
  office = await startOffice();
});
afterAll(() => office.api.close());

const NODES = 'nodes { action outcome reason changes { name } createdAt }';
const logged = async (filter: object) => {
  const { data, errors } = await office.ada.execute(
    `query ($filter: AuditLogFilter) { auditLog(first: 50, filter: $filter) { ${NODES} } }`,
    { filter },
  );
  expect(errors).toBeUndefined();
  return data.auditLog.nodes;
};

test('auditLog is filtered by actor, target, action, outcome and time, and combines them', async () => {
  const [uma, grace, ada] = await Promise.all(['uma', 'grace.chen', 'ada'].map(office.idOf));
  await office.act('enableUser', { id: uma });
  await office.act('disableUser', { id: grace });
  expect(await logged({ actorId: uma })).toEqual([]);
  expect(await logged({ actorId: ada })).toHaveLength(4);
  expect(await logged({ targetId: grace, outcome: 'DONE' })).toMatchObject([
    { action: 'disableUser', outcome: 'DONE' },
  ]);
  expect(await logged({ action: 'enableUser' })).toHaveLength(2);
  const [{ createdAt }] = await logged({ targetId: grace });
  expect(await logged({ before: createdAt, targetId: grace })).toHaveLength(1);
  expect(await logged({ after: createdAt, targetId: grace })).toHaveLength(1);
});

test('what is personal about a user can be erased, and goes with them; the trail stays whole', async () => {
  const id = await office.idOf('liam.chen');
  const attributes = [{ name: 'nickname', value: 'Lee' }];
  await office.act('updateUserAttributes', { id, attributes, reason: 'he asked for it' });
  const [, before] = await logged({ targetId: id });
  expect(before).toMatchObject({ reason: 'he asked for it', changes: [{ name: 'nickname' }] });
  await office.act('deleteUser', { id, reason: 'he asked for that too' }, 'deletedId');
  expect(await logged({ targetId: id })).toMatchObject([
    { action: 'deleteUser', outcome: 'DONE' },
    { action: 'deleteUser', outcome: 'INTENT', reason: 'he asked for that too' },
    { action: 'updateUserAttributes', outcome: 'DONE' },
    { action: 'updateUserAttributes', outcome: 'INTENT', reason: null, changes: null },
  ]);
  const em = office.api.server.app.orm.em.fork();
  for (const table of [
    'command',
    'audit_event',
    'audit_detail',
    'identity',
    'pool_profile',
    'app_user',
  ]) {
    const rows = JSON.stringify(await em.execute(`select * from ${table}`));
    expect(rows).not.toContain('liam.chen');
    expect(rows).not.toContain('Lee');
  }
});

describe('the network of the actor', () => {
  const networks = async (client: Client, filter: object) => {
    const { data } = await client.execute(
      'query ($filter: AuditLogFilter) { auditLog(first: 50, filter: $filter) { nodes { outcome network reason } } }',
      { filter },
    );
    return data.auditLog.nodes;
  };
  const NETWORK = '127.0.0.0/24';

  test('is kept shortened on intents and refusals, and shown to ADMIN alone', async () => {
    const [ada, fay] = await Promise.all(['ada', 'fay'].map(office.idOf));
    const sam = await office.api.as('sam@example.com');
    await office.act('enableUser', { id: fay });
    await office.act('disableUser', { id: ada });
    await office.act('disableUser', { id: fay }, 'user { id }', sam);
    expect(await networks(office.ada, { targetId: fay })).toMatchObject([
      { outcome: 'REFUSED', network: NETWORK, reason: null },
      { outcome: 'DONE', network: null },
      { outcome: 'INTENT', network: NETWORK },
    ]);
    expect(await networks(office.ada, { targetId: ada })).toMatchObject([
      { outcome: 'REFUSED', network: NETWORK },
    ]);
    for (const { network } of await networks(sam, { targetId: fay })) expect(network).toBeNull();
    const em = office.api.server.app.orm.em.fork();
    const details = JSON.stringify(await em.execute('select * from audit_detail'));
    expect(details).not.toContain('127.0.0.1');
  });

  test('goes with the actor, while what they said of others stays', async () => {
    await office.makeAdmin('mei.chen');
    const mei = await office.api.as('mei.chen@example.com');
    const [fay, id] = await Promise.all(['fay', 'mei.chen'].map(office.idOf));
    await office.act('enableUser', { id: fay, reason: 'as mei says' }, undefined, mei);
    expect((await networks(office.ada, { actorId: id }))[1]).toMatchObject({ network: NETWORK });
    const deleted = await office.act('deleteUser', { id }, 'deletedId');
    expect(deleted.errors).toBeUndefined();
    expect(await networks(office.ada, { actorId: id })).toMatchObject([
      { outcome: 'DONE' },
      { outcome: 'INTENT', network: null, reason: 'as mei says' },
    ]);
  });
});

test('the trail cannot be emptied either', async () => {
  const em = office.api.server.app.orm.em.fork();
  await expect(em.execute('truncate audit_event cascade')).rejects.toThrow('insert-only');
});
