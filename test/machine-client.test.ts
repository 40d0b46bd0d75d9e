import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { z } from 'zod';
import { startApi, type TestApi } from './support/api.js';

const described = z.object({
  machineClient: z.object({
    clientId: z.string(),
    clientSecret: z.string(),
    scopes: z.array(z.string()),
  }),
});
const granted = z.object({ access_token: z.string() });

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

test('the machine client that the local pool tells of is trusted', async () => {
  const { endpoint } = api.localPool;
  const description = await fetch(`${endpoint}/local-pool`);
  const { clientId, clientSecret, scopes } = described.parse(
    await description.json(),
  ).machineClient;
  const answer = await fetch(`${endpoint}/oauth2/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${clientId}:${clientSecret}`)}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', scope: scopes.join(' ') }),
  });
  const { access_token } = granted.parse(await answer.json());
  const { data } = await api
    .withToken(access_token)
    .execute('{ viewer { kind clientId scopes user { id } } }');
  expect(data.viewer).toEqual({ kind: 'CLIENT', clientId, scopes, user: null });
});
