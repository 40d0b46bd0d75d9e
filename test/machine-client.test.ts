import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startApi, type TestApi } from './support/api.js';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

test('the machine client that the local pool tells of is trusted', async () => {
  const { endpoint } = api.localPool;
  const description = await (await fetch(`${endpoint}/local-pool`)).json();
  const { clientId, clientSecret, scopes } = description.machineClient;
  const granted = await fetch(`${endpoint}/oauth2/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${clientId}:${clientSecret}`)}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', scope: scopes.join(' ') }),
  });
  const { access_token } = await granted.json();
  const { data } = await api
    .withToken(access_token)
    .execute('{ viewer { kind clientId scopes user { id } } }');
  expect(data.viewer).toEqual({ kind: 'CLIENT', clientId, scopes, user: null });
});
