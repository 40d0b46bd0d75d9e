import { afterEach, expect, test } from '@jest/globals';
import { look, on, Processes } from '../support/process.js';
import { poolClient } from './pool-client.js';

const processes = new Processes();
afterEach(() => processes.clear());

test('USER_PROVISIONING=deny refuses an unknown subject, and the sweep makes no users', async () => {
  const database = await processes.prepared();
  const server = await processes.start({ ...(await on(database)), USER_PROVISIONING: 'deny' });
  await server.says('the pool was walked through');
  const pool = await poolClient(server.poolEndpoint);
  const token = await pool.signIn('ada@example.com');
  pool.close();
  const refused = await server.ask('{ me { id } viewer { roles } }', token);
  expect(refused.status).toBe(403);
  expect(refused.data).toBeUndefined();
  expect(refused.errors).toMatchObject([
    { extensions: { code: 'FORBIDDEN', reason: 'unknown_user' } },
  ]);
  expect((await server.ask('{ server { name } }')).status).toBe(200);
  await server.end();
  const rows = 'select id from app_user union all select id from identity';
  expect(await look(database, rows)).toEqual([]);
});
