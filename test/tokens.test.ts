import {
  CreateUserPoolClientCommand,
  InitiateAuthCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startApi, type TestApi } from './support/api.js';
import { poolToken } from './support/pool-token.js';
import { TokenForge } from './support/token-forge.js';

let api: TestApi;

beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

async function tokensOf(ClientId: string) {
  const { AuthenticationResult } = await api.cognito.send(
    new InitiateAuthCommand({
      AuthFlow: 'USER_PASSWORD_AUTH',
      ClientId,
      AuthParameters: { USERNAME: 'uma@example.com', PASSWORD: 'Lifeguard1!' },
    }),
  );
  return {
    access: AuthenticationResult?.AccessToken ?? '',
    id: AuthenticationResult?.IdToken ?? '',
  };
}

async function flipped(): Promise<string> {
  const { access } = await tokensOf(api.clientId);
  const at = access.lastIndexOf('.') + 20;
  return access.slice(0, at) + (access[at] === 'A' ? 'B' : 'A') + access.slice(at + 1);
}

async function ofAnotherClient(): Promise<string> {
  const { UserPoolClient } = await api.cognito.send(
    new CreateUserPoolClientCommand({
      UserPoolId: api.poolId,
      ClientName: 'another',
      ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH'],
    }),
  );
  return (await tokensOf(UserPoolClient?.ClientId ?? '')).access;
}

function ofAnotherKey(): string {
  const issuer = `${api.localPool.endpoint}/${api.poolId}`;
  return new TokenForge({ issuer, clientId: api.clientId }).accessToken();
}

const now = () => Math.floor(Date.now() / 1000);

describe.each([
  ['an id token', async () => (await tokensOf(api.clientId)).id, 'id_token'],
  ['an expired token', () => poolToken(api, { iat: now() - 60, exp: now() - 1 }), 'expired'],
  ['a token with a bit flipped', flipped, 'invalid'],
  ['a token of another key', async () => ofAnotherKey(), 'invalid'],
  ['a token of another client', ofAnotherClient, 'invalid'],
  ['something else', async () => 'abc', 'invalid'],
])('%s', (_token, make, reason) => {
  // Whatever the query: a token that fails does not make an anonymous viewer.
  test.each(['{ server { name } }', '{ me { id } }'])('is refused for %s', async (query) => {
    const { status, headers, data, errors } = await api.withToken(await make()).execute(query);
    expect(status).toBe(401);
    expect(headers['www-authenticate']).toContain('error="invalid_token"');
    expect(data).toBeUndefined();
    expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED', reason } }]);
  });
});

test('the genuine ones are accepted', async () => {
  const { access } = await tokensOf(api.clientId);
  expect((await api.withToken(access).execute('{ me { id } }')).status).toBe(200);
  expect((await api.anonymous.execute('{ server { name } }')).status).toBe(200);
});
