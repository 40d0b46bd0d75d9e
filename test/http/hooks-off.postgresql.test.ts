import { AdminCreateUserCommand } from '@aws-sdk/client-cognito-identity-provider';
import { afterEach, expect, test } from '@jest/globals';
import { startApi, type TestApi } from '../support/api.js';
import { eventually, hook, WEBHOOK_SECRET } from '../support/hooks.js';

let api: TestApi;
afterEach(() => api.close());

test('without a secret there is no hook', async () => {
  api = await startApi();
  const { status, body } = await hook(api, []);
  expect(status).toBe(404);
  expect(body.errors[0].extensions.code).toBe('NOT_FOUND');
});

test('where nobody is taken in, a hint of an unknown account is followed no further', async () => {
  api = await startApi({ environment: { WEBHOOK_SECRET, USER_PROVISIONING: 'deny' } });
  const user = { UserPoolId: api.poolId, Username: 'new.one' };
  await api.cognito.send(new AdminCreateUserCommand({ ...user, MessageAction: 'SUPPRESS' }));
  const execute = (sql: string) => api.server.app.orm.em.fork().execute(sql);
  const { pool } = await api.count(async () => {
    const { body } = await hook(api, {
      triggerSource: 'PostConfirmation_ConfirmSignUp',
      userPoolId: api.poolId,
      userName: 'new.one',
    });
    expect(body.accepted).toBe(1);
    await eventually(
      async () => (await execute("select 1 from job where kind = 'refresh-account'")).length === 0,
    );
  });
  expect(pool.AdminGetUser).toBeUndefined();
  expect(await execute("select 1 from identity where username = 'new.one'")).toEqual([]);
});
