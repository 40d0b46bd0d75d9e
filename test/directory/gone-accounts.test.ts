import { AdminDeleteUserCommand } from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Identity, mirrorOf } from '../../src/directory/index.js';
import { keepUsers } from '../../src/directory/sweep-users.js';
import { type Client, startApi, type TestApi } from '../support/api.js';

let api: TestApi;
let ada: Client;

beforeAll(async () => {
  api = await startApi();
  ada = await api.as('ada@example.com');
  await ada.execute('{ me { id } }');
});
afterAll(() => api.close());

const em = () => api.server.app.orm.em.fork();
const accountOf = (username: string) => em().findOneOrFail(Identity, { username });
const kept = (id: string) =>
  em().execute('select attributes from pool_profile where identity_id = ?', [id]);

test('a page of the pool that was read before a user was deleted brings nothing of them back', async () => {
  const { id, user, poolId } = await accountOf('liam.chen');
  const [pool] = [...api.server.app.userPools.values()];
  const page = await pool?.user('liam.chen');
  const input = { id: user.id, reason: 'as they wish' };
  const { errors } = await ada.execute(
    'mutation ($input: DeleteUserInput!) { deleteUser(input: $input) { deletedId } }',
    { input },
  );
  expect(errors).toBeUndefined();
  expect(await kept(id)).toEqual([]);
  const walk = { poolId, groupsReadAt: new Date() };
  await em().transactional((transaction) =>
    keepUsers(transaction, api.server.app, walk, page === undefined ? [] : [page], new Date()),
  );
  expect(await kept(id)).toEqual([]);
});

test('the attributes of an account that is gone from its pool are gone with it', async () => {
  const { id, user } = await accountOf('grace.chen');
  expect(await kept(id)).toHaveLength(1);
  await api.cognito.send(
    new AdminDeleteUserCommand({ UserPoolId: api.poolId, Username: 'grace.chen' }),
  );
  await em().execute(
    "update pool_profile set attributes_read_at = attributes_read_at - interval '1 hour' where identity_id = ?",
    [id],
  );
  await ada.execute('query ($id: ID!) { user(id: $id) { account { email } } }', { id: user.id });
  await mirrorOf(api.server.app).settle();
  expect((await em().findOneOrFail(Identity, { id })).deletedAt).toBeInstanceOf(Date);
  expect(await kept(id)).toEqual([]);
});
