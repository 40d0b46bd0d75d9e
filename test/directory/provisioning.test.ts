import {
  AdminCreateUserCommand,
  AdminSetUserPasswordCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Identity, viewerChangesOf } from '../../src/directory/index.js';
import { startApi, type TestApi } from '../support/api.js';

let api: TestApi;

beforeAll(async () => {
  api = await startApi({ environment: { ROLE_SCOPES: 'SUPPORT:api/read' } });
});
afterAll(() => api.close());

/** A person whom the directory has not seen yet, signed in. */
async function newcomer(Username: string): Promise<string> {
  const ofUser = { UserPoolId: api.poolId, Username };
  const password = { Password: 'Lifeguard1!', Permanent: true };
  await api.cognito.send(new AdminCreateUserCommand({ ...ofUser, MessageAction: 'SUPPRESS' }));
  await api.cognito.send(new AdminSetUserPasswordCommand({ ...ofUser, ...password }));
  return api.signIn(Username);
}

const me = '{ me { id identities { subject } } }';

describe('a person', () => {
  test('is given a user at the first valid request, once, however many race', async () => {
    const client = api.withToken(await newcomer('newcomer'));
    const answers = await Promise.all(Array.from({ length: 100 }, () => client.execute(me)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    const ids = new Set(answers.map(({ data }) => data.me.id));
    expect(ids.size).toBe(1);
    const em = api.server.app.orm.em.fork();
    expect(await em.count(Identity, { username: 'newcomer' })).toBe(1);
    const [users] = await em.execute<{ count: string }[]>(
      'select count(*) from app_user where id not in (select user_id from identity)',
    );
    expect(Number(users?.count)).toBe(0);
  });

  test('who was deleted is not brought back by a live token', async () => {
    const client = api.withToken(await newcomer('goner'));
    await client.execute(me);
    const em = api.server.app.orm.em.fork();
    await em.nativeUpdate(Identity, { username: 'goner' }, { deletedAt: new Date() });
    await viewerChangesOf(api.server.app).read();
    const { status, errors } = await client.execute(me);
    expect(status).toBe(401);
    expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED', reason: 'deleted' } }]);
    expect(await em.count(Identity, { username: 'goner' })).toBe(1);
  });

  test('costs no statement once they are known, nor does "me"', async () => {
    const client = api.withToken(await newcomer('regular'));
    await client.execute('{ me { id } }');
    const { sql, pool } = await api.count(() => client.execute('{ me { id createdAt } }'));
    expect({ sql, pool }).toEqual({ sql: [], pool: {} });
  });
});

describe('a machine client', () => {
  test('is a viewer without a user, with roles from its scopes alone', async () => {
    const client = await api.asClient({ scopes: ['api/read', 'api/write'] });
    const { sql } = await api.count(async () => {
      const { data, errors } = await client.execute(
        '{ viewer { kind user { id } roles scopes groups clientId } }',
      );
      expect(errors).toBeUndefined();
      expect(data.viewer).toEqual({
        kind: 'CLIENT',
        user: null,
        roles: ['SUPPORT'],
        scopes: ['api/read', 'api/write'],
        groups: [],
        clientId: api.machineClientId,
      });
    });
    expect(sql).toEqual([]);
    expect((await client.execute('{ users(first: 1) { nodes { id } } }')).status).toBe(200);
  });

  test('has no self', async () => {
    const client = await api.asClient({ scopes: ['api/read'] });
    const { status, errors } = await client.execute('{ me { id } }');
    expect(status).toBe(403);
    expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  });

  test('with other scopes has no role', async () => {
    const client = await api.asClient({ scopes: ['api/other'] });
    expect((await client.execute('{ users { nodes { id } } }')).status).toBe(403);
  });
});
