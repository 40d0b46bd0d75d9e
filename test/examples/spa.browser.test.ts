import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { z } from 'zod';
import { lifeguardFetch } from '../../examples/lifeguard-fetch.js';
import { viewerChangesOf } from '../../src/directory/index.js';
import { accessibilityFaults, testBrowser } from '../browser/browser.js';
import { hasText } from '../browser/sandbox-page.js';
import { refreshWith, refusal } from '../local-pool/test-pool.js';
import { startApi, type TestApi } from '../support/api.js';
import { testDatabase } from '../support/database.js';
import { type ProductionServer, productionServer } from '../support/production-server.js';
import { buildSpa, EXAMPLE, type ServedSpa, serveSpa } from './serve-spa.js';
import { PICTURES, SpaPage } from './spa-page.js';
import { type SpaCopy, spaWithOrders } from './spa-with-orders.js';

const browser = testBrowser();
/** Has the pool, and serves whoever knows the schema. */
let api: TestApi;
/** Of the same database, under production limits: serves the operations of the example, and the pool is configured. */
let production: ProductionServer;
let served: ServedSpa;
let copy: SpaCopy | undefined;
/** Where somebody has made it, by `lifeguard new entity Order`, the page of orders is part of all this. */
const schema = readFileSync(new URL('../../../schema/schema.graphql', import.meta.url), 'utf8');
const hasOrders = schema.includes('\ntype Order ');
const manifest = () => join(copy?.folder ?? EXAMPLE, 'src/graphql/persisted-documents.json');

beforeAll(async () => {
  if (hasOrders) copy = await spaWithOrders(schema);
  const building = buildSpa(copy?.folder);
  const roles = { ROLE_GROUPS: 'ADMIN:admin,SUPPORT:support,MEMBER:member' };
  const database = await testDatabase();
  api = await startApi({ environment: roles, database });
  served = await serveSpa(await building, api, origin);
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' });
  production = await productionServer(
    {
      ...roles,
      COGNITO_USER_POOL_ID: api.poolId,
      COGNITO_CLIENT_IDS: api.clientId,
      COGNITO_ENDPOINT: api.localPool.endpoint,
      TRUSTED_DOCUMENTS: manifest(),
      CORS_ORIGINS: served.origin,
    },
    database,
  );
});
afterEach(async () => {
  await fetch(`${api.localPool.endpoint}/local-pool/faults`, { method: 'DELETE' });
});
afterAll(async () => {
  await served?.close();
  await production?.close();
  await api?.close();
  await copy?.remove();
});

/** Of the API that the example talks to. */
const origin = () => `http://127.0.0.1:${production.port}`;

/** What the pages sent to it, and the status of each answer. */
const sent: { readonly body: string; readonly status: number }[] = [];

async function opened(): Promise<SpaPage> {
  const page = await browser.newPage([PICTURES]);
  page.on('response', (response) => {
    const request = response.request();
    if (request.method() === 'POST' && request.url() === `${origin()}/graphql`)
      sent.push({ body: request.postData() ?? '', status: response.status() });
  });
  return SpaPage.open(page, served.origin);
}

async function signedIn(username: string): Promise<SpaPage> {
  const spa = await opened();
  await spa.signIn(username);
  return spa;
}

/** How often the page asked for this path since `before`. */
const timesAsked = (path: string, before = 0) =>
  browser.requested().filter((url) => new URL(url).pathname === path).length - before;

test('a person signs in, sees and edits their profile, and signs out for good', async () => {
  const spa = await opened();
  await spa.signIn('uma');
  expect(spa.page.url()).not.toContain('code=');
  await hasText(spa.alert, 'You may not see other people here.');

  await spa.goTo('My profile');
  const nickname = spa.page.getByLabel('Nickname');
  await spa.page.getByLabel('Picture').fill('http://example.com/uma.jpg');
  await nickname.fill('Umi');
  await spa.button('Save').click();
  const picture = spa.page.getByLabel('Picture');
  await hasText(spa.page.locator('#picture-note'), 'It must be an https URL');
  expect(await picture.getAttribute('aria-invalid')).toBe('true');
  expect(await nickname.getAttribute('aria-invalid')).toBe('false');
  expect(await accessibilityFaults(spa.page)).toEqual([]);
  await picture.fill(`https://${PICTURES}/umi.jpg`);
  await spa.button('Save').click();
  await hasText(spa.page.getByRole('status').last(), 'Saved.');
  const uma = await api.as('uma@example.com');
  const { data } = await uma.execute('{ me { profile { nickname picture } } }');
  expect(data.me.profile).toEqual({ nickname: 'Umi', picture: `https://${PICTURES}/umi.jpg` });

  const { access_token, refresh_token } = await spa.tokens();
  await spa.button('Sign out').click();
  await spa.page.getByRole('heading', { name: 'Lifeguard example' }).waitFor();
  await viewerChangesOf(api.server.app).read();
  const refused = await api.withToken(access_token).execute('{ me { id } }');
  expect(refused.errors?.[0]?.extensions).toMatchObject({ reason: 'revoked' });
  const { message } = await refusal(api.cognito.send(refreshWith(api, refresh_token)));
  expect(message).toBe('Refresh Token has been revoked');
  // Nor does the sign-in page know anybody any more.
  await spa.signIn('uma');
});

test('whoever may sees people, page by page', async () => {
  const spa = await signedIn('ada');
  await hasText(spa.viewer, 'Ada Okafor');
  await hasText(spa.viewer, 'ADMIN');
  await spa.people.first().waitFor();
  const first = await spa.people.allInnerTexts();
  expect(first).toHaveLength(20);
  await spa.button('Next').click();
  await spa.people.getByText(first[0] ?? '').waitFor({ state: 'detached' });
  const second = await spa.people.allInnerTexts();
  expect(second).toHaveLength(20);
  expect(second.filter((name) => first.includes(name))).toEqual([]);
  await spa.button('Previous').click();
  await spa.people.getByText(first[0] ?? '').waitFor();
  expect(await spa.people.allInnerTexts()).toEqual(first);
  expect(await spa.button('Previous').isDisabled()).toBe(true);
  for (const colorScheme of ['light', 'dark'] as const) {
    await spa.page.emulateMedia({ colorScheme });
    expect(await accessibilityFaults(spa.page)).toEqual([]);
  }
});

test('an expired token is renewed once, and nobody notices', async () => {
  const spa = await signedIn('ada');
  await spa.people.first().waitFor();
  await spa.keep(await agedToken('ada'));
  const before = timesAsked('/oauth2/token');
  const answers: number[] = [];
  spa.page.on('response', (response) => {
    if (response.request().method() === 'POST' && response.url().endsWith('/graphql'))
      answers.push(response.status());
  });
  await spa.page.reload();
  await hasText(spa.viewer, 'Ada Okafor');
  await spa.people.first().waitFor();
  // The viewer and the people, each refused and asked for again.
  expect(answers.toSorted()).toEqual([200, 200, 401, 401]);
  expect(timesAsked('/oauth2/token', before)).toBe(1);
  await spa.goTo('Sign-ins');
  await hasText(spa.page.getByRole('list', { name: 'Sign-ins' }), 'This sign-in');
  expect(timesAsked('/oauth2/token', before)).toBe(1);
});

test('a role that was added is there with the next answer', async () => {
  const spa = await signedIn('sam');
  await hasText(spa.viewer, 'SUPPORT');
  const ada = await api.as('ada@example.com');
  const sam = await api.as('sam@example.com');
  const id = (await sam.execute('{ me { id } }')).data.me.id;
  const added = await ada.execute(
    `mutation ($id: ID!) {
      createGroup(input: { name: "member", reason: "Tried" }) { group { name } }
      addUserToGroup(input: { id: $id, group: "member", reason: "Tried" }) { user { id } }
    }`,
    { id },
  );
  expect(added.errors).toBeUndefined();
  await viewerChangesOf(production.server.app).read();
  const before = timesAsked('/oauth2/token');
  await spa.goTo('Sign-ins');
  await hasText(spa.viewer, 'MEMBER');
  expect(timesAsked('/oauth2/token', before)).toBe(1);
});

test('Retry-After is waited for; a change that may have happened is not sent again', async () => {
  const spa = await signedIn('ada');
  await spa.people.first().waitFor();
  let limited = 0;
  await spa.page.route(`${origin()}/graphql`, async (route) => {
    if (route.request().method() !== 'POST' || limited++ > 0) return route.fallback();
    // What CORS wants is the server's own.
    const { 'content-length': _length, ...headers } = (await route.fetch()).headers();
    await route.fulfill({ status: 429, headers: { ...headers, 'retry-after': '1' }, body: '{}' });
  });
  await spa.goTo('My profile');
  await spa.page.getByLabel('Nickname').fill('Countess');
  expect(limited).toBe(2);

  const before = timesAsked('/graphql');
  api.localPool.faults.set({ operations: [{ match: 'UpdateUserAttributes', fault: 'error' }] });
  await spa.button('Save').click();
  await hasText(spa.alert, 'whether it took the change is not known');
  // The one request, and perhaps what the browser asks before it.
  expect(timesAsked('/graphql', before)).toBe(1);
});

test('a query that the pool cannot answer is asked again, by any client', async () => {
  const token = await api.signIn('ada@example.com');
  const statuses: number[] = [];
  api.localPool.faults.set({ operations: [{ match: 'ListGroups', fault: 'error' }] });
  const send = lifeguardFetch({
    tokens: { current: () => token, renew: async () => undefined },
    fetch: async (input, init) => {
      const response = await fetch(input, init);
      statuses.push(response.status);
      api.localPool.faults.clear();
      return response;
    },
  });
  const address = await api.server.http.listen({ host: '127.0.0.1', port: 0 });
  const answer = await send(`${address}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ groups { name } }' }),
  });
  expect(statuses[0]).toBe(503);
  expect(await answer.json()).toMatchObject({ data: { groups: expect.any(Array) } });
});

(hasOrders ? test : test.skip)('a person sees their own orders, and nobody else does', async () => {
  const input = (note: string) => ({
    input: { total: '12.50', status: 'PAID', placedAt: '2026-01-31T12:00:00Z', note },
  });
  for (const [who, note] of [
    ['uma@example.com', 'Sunscreen'],
    ['ada@example.com', 'A whistle'],
  ] as const) {
    const client = await api.as(who);
    const { errors } = await client.execute(
      'mutation ($input: CreateOrderInput!) { createOrder(input: $input) { order { id } } }',
      input(note),
    );
    expect(errors).toBeUndefined();
  }
  const spa = await signedIn('uma');
  await spa.goTo('My orders');
  const rows = spa.page.getByRole('table').getByRole('row');
  await hasText(rows.last(), 'Sunscreen');
  expect(await rows.count()).toBe(2);
  await hasText(rows.last(), 'paid');
  await hasText(rows.last(), '12.50');
  expect(await accessibilityFaults(spa.page)).toEqual([]);
});

test('whoever was signed out elsewhere is asked to sign in again', async () => {
  const other = await signedIn('uma');
  await hasText(other.viewer, 'Uma');
  const spa = await signedIn('uma');
  await spa.goTo('Sign-ins');
  await hasText(spa.page.getByRole('list', { name: 'Sign-ins' }), 'This sign-in');
  for (let left = await spa.button('End').count(); left > 0; left--) {
    await spa.button('End').first().click();
    await spa
      .button('End')
      .nth(left - 1)
      .waitFor({ state: 'detached' });
  }
  await other.page.getByRole('link', { name: 'Sign-ins' }).click();
  await hasText(other.page.getByRole('status'), 'You were signed out.');
  expect(await other.page.evaluate('JSON.stringify(sessionStorage)')).not.toContain('access_token');
  await spa.button('Sign out everywhere').click();
  await spa.page.getByRole('heading', { name: 'Lifeguard example' }).waitFor();
});

test('every operation of the manifest was sent, each as its hash alone, and no other is answered', async () => {
  const documents = z
    .record(z.string(), z.string())
    .parse(JSON.parse(readFileSync(manifest(), 'utf8')));
  const hashOf = (body: string) => {
    const { query, extensions } = JSON.parse(body);
    expect(query).toBeUndefined();
    return `sha256:${extensions.persistedQuery.sha256Hash}`;
  };
  const answered = sent.filter(({ status }) => status === 200).map(({ body }) => hashOf(body));
  expect([...new Set(answered)].toSorted()).toEqual(Object.keys(documents).toSorted());

  const authorization = `Bearer ${await api.signIn('ada@example.com')}`;
  const told = async (body: object) => {
    const response = await fetch(`${origin()}/graphql`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const { errors } = JSON.parse(await response.text());
    return [response.status, errors?.[0].extensions.reason];
  };
  const [[key = '', query = ''] = []] = Object.entries(documents).filter(([, text]) =>
    text.includes('query Viewer'),
  );
  const byHash = (sha256Hash: string) => ({
    extensions: { persistedQuery: { version: 1, sha256Hash } },
  });
  const hash = key.replace('sha256:', '');
  expect(await told(byHash(hash))).toEqual([200, undefined]);
  const changed = hash.slice(0, -1) + (hash.endsWith('0') ? '1' : '0');
  for (const body of [byHash(changed), { query: `${query} ` }, { query: '{ __typename }' }])
    expect(await told(body)).toEqual([400, 'untrusted_document']);
  expect(await told({ query: '{ __typename }', ...byHash(hash) })).toEqual([
    400,
    'persisted_query',
  ]);
});

async function agedToken(username: string): Promise<string> {
  const response = await fetch(`${api.localPool.endpoint}/local-pool/tokens`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username, issuedAgo: 7200 }),
  });
  return z.object({ AccessToken: z.string() }).parse(await response.json()).AccessToken;
}
