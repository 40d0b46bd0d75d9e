import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { claimsOf } from '../test-pool.js';
import {
  addResourceServer,
  basic,
  CALLBACK,
  type Confidential,
  type SignInPage,
  startSignInPage,
  WITH_PAGE,
} from './sign-in-page.js';

let page: SignInPage;
let confidential: Confidential;
let machine: Confidential;
beforeAll(async () => {
  page = await startSignInPage();
  await addResourceServer(page, 'lifeguard');
  await addResourceServer(page, 'other');
  confidential = await page.confidential(WITH_PAGE);
  machine = await page.confidential({
    AllowedOAuthFlowsUserPoolClient: true,
    AllowedOAuthFlows: ['client_credentials'],
    AllowedOAuthScopes: ['lifeguard/read', 'lifeguard/write'],
  });
});
afterAll(() => page.pool.close());

describe('a client authenticates', () => {
  type Given = readonly [form: Readonly<Record<string, string>>, authorization?: string];
  const credentials = (form: Readonly<Record<string, string>>, authorization?: string) =>
    page.token({ grant_type: 'client_credentials', ...form }, authorization);

  test('by Basic, or in the form', async () => {
    const { clientId, secret } = machine;
    expect((await credentials({}, basic(clientId, secret))).status).toBe(200);
    expect((await credentials({ client_id: clientId }, basic(clientId, secret))).status).toBe(200);
    expect((await credentials({ client_id: clientId, client_secret: secret })).status).toBe(200);
  });

  test('not in both ways, nor as two clients', async () => {
    const { clientId, secret } = machine;
    const both = await credentials({ client_secret: secret }, basic(clientId, secret));
    expect(both).toMatchObject({ status: 400, body: { error: 'invalid_request' } });
    const two = await credentials({ client_id: confidential.clientId }, basic(clientId, secret));
    expect(two).toMatchObject({ status: 400, body: { error: 'invalid_request' } });
  });

  test.each<[string, () => Given]>([
    ['a wrong secret', () => [{ client_id: machine.clientId, client_secret: 'wrong' }]],
    ['an empty secret', () => [{ client_id: machine.clientId, client_secret: '' }]],
    ['no secret', () => [{ client_id: machine.clientId }]],
    ['a wrong secret by Basic', () => [{}, basic(machine.clientId, 'wrong')]],
    ['the secret of another', () => [{}, basic(machine.clientId, confidential.secret)]],
    ['a secret that it has not', () => [{}, basic(page.place.clientId, 'secret')]],
    ['an unknown client', () => [{ client_id: 'x'.repeat(26), client_secret: 'secret' }]],
    ['a header of another kind', () => [{}, 'Bearer abc']],
    ['a header that is no base64', () => [{}, 'Basic %%%']],
    ['a header without a colon', () => [{}, `Basic ${btoa('abc')}`]],
    ['a header that is no text', () => [{}, `Basic ${btoa('a\0b:c')}`]],
  ])('not with %s', async (_case, given) => {
    const [form, authorization] = given();
    expect(await credentials(form, authorization)).toMatchObject({
      status: 400,
      body: { error: 'invalid_client' },
    });
  });
});

describe('a machine client', () => {
  const machineToken = (form: Readonly<Record<string, string>>, { clientId, secret } = machine) =>
    page.token({ grant_type: 'client_credentials', ...form }, basic(clientId, secret));

  test.each([
    ['all of its scopes by default', {}, 'lifeguard/read lifeguard/write'],
    ['one that it asks for', { scope: 'lifeguard/write' }, 'lifeguard/write'],
    ['one that it asks for twice', { scope: 'lifeguard/read lifeguard/read' }, 'lifeguard/read'],
  ])('gets %s', async (_case, form, scope) => {
    const { status, body } = await machineToken(form);
    expect([status, Object.keys(body).sort()]).toEqual([
      200,
      ['access_token', 'expires_in', 'token_type'],
    ]);
    const claims = claimsOf(body.access_token);
    expect(claims).toMatchObject({
      sub: machine.clientId,
      client_id: machine.clientId,
      token_use: 'access',
      scope,
      iss: `${page.pool.localPool.endpoint}/${page.place.poolId}`,
    });
    expect(claims).not.toHaveProperty('username');
    expect(claims).not.toHaveProperty('cognito:groups');
  });

  test.each([
    ['a scope of another API', 'other/read'],
    ['a scope that there is not', 'lifeguard/delete'],
    ['a scope of people', 'openid'],
    ['the API’s own scope', 'aws.cognito.signin.user.admin'],
    ['one too many', 'lifeguard/read other/read'],
  ])('does not get %s', async (_case, scope) => {
    expect(await machineToken({ scope })).toMatchObject({
      status: 400,
      body: { error: 'invalid_scope' },
    });
  });

  test('needs a secret, and the flow', async () => {
    const form = { grant_type: 'client_credentials', client_id: page.place.clientId };
    const unauthorized = { status: 400, body: { error: 'unauthorized_client' } };
    expect(await page.token(form)).toMatchObject(unauthorized);
    expect(await machineToken({}, confidential)).toMatchObject(unauthorized);
  });

  test('gets no code', async () => {
    const form = { grant_type: 'authorization_code', redirect_uri: CALLBACK, code: 'abc' };
    expect(await page.token(form, basic(machine.clientId, machine.secret))).toMatchObject({
      status: 400,
      body: { error: 'unauthorized_client' },
    });
  });
});

test.each([
  ['no grant type', { grant_type: '' }, 'invalid_request'],
  ['a grant type of old', { grant_type: 'password' }, 'unsupported_grant_type'],
  ['no code', { code: '' }, 'invalid_request'],
  ['no redirect URI', { redirect_uri: '' }, 'invalid_request'],
  ['no client', { client_id: '' }, 'invalid_request'],
  ['a code that cannot be stored', { code: 'a\0b' }, 'invalid_request'],
])('%s is refused', async (_case, change, error) => {
  const form = {
    grant_type: 'authorization_code',
    client_id: page.place.clientId,
    redirect_uri: CALLBACK,
    code: 'abc',
  };
  expect(await page.token({ ...form, ...change })).toMatchObject({ status: 400, body: { error } });
});

test('a body that is no form is refused', async () => {
  const response = await fetch(`${page.pool.localPool.endpoint}/oauth2/token`, {
    method: 'POST',
    body: JSON.stringify({ grant_type: 'client_credentials' }),
    headers: { 'content-type': 'application/json' },
  });
  expect([response.status, await response.json()]).toEqual([415, { error: 'invalid_request' }]);
});

test('a page of another origin on this machine may ask, one from elsewhere may not', async () => {
  const ask = (origin: string) =>
    fetch(`${page.pool.localPool.endpoint}/oauth2/token`, {
      method: 'POST',
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
      headers: { origin, authorization: basic(machine.clientId, machine.secret) },
    });
  const own = await ask('http://127.0.0.1:4000');
  expect([own.status, own.headers.get('access-control-allow-origin')]).toEqual([
    200,
    'http://127.0.0.1:4000',
  ]);
  const foreign = await ask('https://evil.example.com');
  expect([foreign.status, await foreign.json()]).toEqual([403, { error: 'invalid_request' }]);
});
