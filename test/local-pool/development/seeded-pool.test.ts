import {
  DeleteUserPoolClientCommand,
  GetUserCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { seedLocalPool } from '../../../src/local-pool/index.js';
import { claimsOf, type Place, refusal, startTestPool, type TestPool } from '../test-pool.js';
import { ask, type JsonAnswer } from './json.js';

let pool: TestPool;
let place: Place;

beforeAll(async () => {
  pool = await startTestPool();
  place = await seedLocalPool(pool.sql, 4000);
});
afterAll(() => pool.close());

describe('GET /local-pool', () => {
  test('tells what to sign in with', async () => {
    const { status, headers, body } = await ask(pool.localPool, 'GET', '/local-pool');
    expect(status).toBe(200);
    expect(headers.get('content-type')).toMatch(/^application\/json/);
    expect(body).toEqual({
      installation: expect.stringMatching(/^[0-9a-f-]{36}$/),
      poolId: place.poolId,
      clientId: place.clientId,
      otherClientId: expect.stringMatching(/^[a-z0-9]{26}$/),
      machineClient: {
        clientId: expect.stringMatching(/^[a-z0-9]{26}$/),
        clientSecret: expect.stringMatching(/^\w{30,}$/),
        scopes: ['lifeguard/read', 'lifeguard/write'],
      },
      password: 'Lifeguard1!',
      people: expect.arrayContaining([
        { username: 'ada', email: 'ada@example.com', group: 'admin' },
        { username: 'sam', email: 'sam@example.com', group: 'support' },
        { username: 'uma', email: 'uma@example.com' },
        { username: 'dan', email: 'dan@example.com', state: 'disabled' },
        { username: 'fay', email: 'fay@example.com', state: 'temporary' },
        { username: 'twin-first', email: 'twin@example.com', state: 'unconfirmed' },
      ]),
    });
    expect(new Set([body.clientId, body.otherClientId, body.machineClient.clientId]).size).toBe(3);
  });

  test('the machine client gets a token with what it tells', async () => {
    const { machineClient } = (await ask(pool.localPool, 'GET', '/local-pool')).body;
    const response = await fetch(`${pool.localPool.endpoint}/oauth2/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: machineClient.clientId,
        client_secret: machineClient.clientSecret,
        scope: 'lifeguard/read',
      }),
    });
    const { access_token } = z.object({ access_token: z.string() }).parse(await response.json());
    expect(claimsOf(access_token)).toMatchObject({
      sub: machineClient.clientId,
      scope: 'lifeguard/read',
      token_use: 'access',
    });
  });
});

test('a machine client that was deleted keeps nothing else from being told', async () => {
  const other = await startTestPool();
  try {
    const { machineClientId, ...seeded } = await seedLocalPool(other.sql, 4000);
    await other.cognito.send(
      new DeleteUserPoolClientCommand({ UserPoolId: seeded.poolId, ClientId: machineClientId }),
    );
    const { status, body } = await ask(other.localPool, 'GET', '/local-pool');
    expect([status, body]).toMatchObject([200, seeded]);
    expect(body).not.toHaveProperty('machineClient');
  } finally {
    await other.close();
  }
});

describe('POST /local-pool/tokens', () => {
  const tokens = (body: unknown): Promise<JsonAnswer> =>
    ask(pool.localPool, 'POST', '/local-pool/tokens', body);
  const now = () => Math.floor(Date.now() / 1000);
  const getUser = (AccessToken: string) => pool.cognito.send(new GetUserCommand({ AccessToken }));

  test('gives tokens of a sign-in of now', async () => {
    const { status, body } = await tokens({ username: 'uma' });
    expect(status).toBe(200);
    expect(Object.keys(body).sort()).toEqual(['AccessToken', 'ExpiresIn', 'IdToken', 'TokenType']);
    expect(body).toMatchObject({ ExpiresIn: 3600, TokenType: 'Bearer' });
    expect(claimsOf(body.AccessToken)).toMatchObject({
      username: 'uma',
      client_id: place.clientId,
      token_use: 'access',
    });
    expect(claimsOf(body.IdToken)).toMatchObject({ token_use: 'id', email: 'uma@example.com' });
    expect((await getUser(body.AccessToken)).Username).toBe('uma');
  });

  test('gives tokens of a sign-in of a while ago, which are as old in all respects', async () => {
    const before = now();
    const { body } = await tokens({ username: 'uma', issuedAgo: 7200 });
    const { auth_time, iat, exp } = claimsOf(body.AccessToken);
    expect(auth_time).toBe(iat);
    expect(Number(exp) - Number(iat)).toBe(3600);
    expect(Number(iat)).toBeGreaterThanOrEqual(before - 7200);
    expect(Number(iat)).toBeLessThanOrEqual(now() - 7200);
    expect(claimsOf(body.IdToken)).toMatchObject({ auth_time, iat, exp });
    expect((await refusal(getUser(body.AccessToken))).message).toBe('Access Token has expired');
  });

  test('gives one that is old and good yet, of a sign-in that can be ended', async () => {
    const { body } = await tokens({ username: 'sam', issuedAgo: 1800 });
    expect(claimsOf(body.AccessToken)['cognito:groups']).toEqual(['support']);
    expect((await getUser(body.AccessToken)).Username).toBe('sam');
    const signIns = await pool.sql.query<{ auth_time: string }>(
      'select auth_time::text from local_pool.sign_in where event_id::text = $1',
      [claimsOf(body.AccessToken).event_id],
    );
    expect(signIns).toEqual([{ auth_time: String(claimsOf(body.AccessToken).auth_time) }]);
  });

  test('gives tokens of another client', async () => {
    const { otherClientId } = (await ask(pool.localPool, 'GET', '/local-pool')).body;
    const { body } = await tokens({ username: 'ada@example.com', clientId: otherClientId });
    expect(claimsOf(body.AccessToken)).toMatchObject({ client_id: otherClientId, username: 'ada' });
  });

  test.each([
    ['nobody', { username: 'nobody' }, 'User does not exist.'],
    ['who is disabled', { username: 'dan' }, 'User is disabled.'],
    ['who has a temporary password', { username: 'fay' }, 'FORCE_CHANGE_PASSWORD. Give another.'],
    ['who never confirmed', { username: 'twin-first' }, 'UNCONFIRMED. Give another.'],
    ['of an unknown client', { username: 'uma', clientId: 'x' }, 'client x does not exist'],
    ['without a name', {}, 'username has to be a text. Give one, such as ada.'],
    ['with too much', { username: 'uma', age: 1 }, 'The body has the unknown age. Leave it out.'],
    ['of the future', { username: 'uma', issuedAgo: -1 }, 'issuedAgo has to be a whole number of'],
    ['of a fraction', { username: 'uma', issuedAgo: 0.5 }, 'issuedAgo has to be a whole number of'],
    ['that nothing can hold', { username: '\0' }, 'username has to be'],
  ])('has none for a person %s', async (_who, body, message) => {
    const refused = await tokens(body);
    expect(refused.status).toBe(400);
    expect(refused.body.message).toContain(message);
  });
});
