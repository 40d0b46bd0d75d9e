import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { z } from 'zod';
import { lifeguardFetch } from '../../examples/lifeguard-fetch.js';
import { accessibilityFaults, testBrowser } from '../browser/browser.js';
import { hasText } from '../browser/sandbox-page.js';
import { type Sandbox, startSandbox } from '../browser/start-sandbox.js';
import { refreshWith, refusal } from '../local-pool/test-pool.js';
import { buildSpa, EXAMPLE, type ServedSpa, serveSpa } from './serve-spa.js';
import { PICTURES, SpaPage } from './spa-page.js';
import { type SpaCopy, spaWithOrders } from './spa-with-orders.js';

const browser = testBrowser();
let started: Sandbox;
let served: ServedSpa;
let copy: SpaCopy | undefined;
/** Where somebody has made it, by `lifeguard new entity Order`, the page of orders is part of all this. */
const schema = readFileSync(new URL('../../../schema/schema.graphql', import.meta.url), 'utf8');
const hasOrders = schema.includes('\ntype Order ');

beforeAll(async () => {
  if (hasOrders) copy = await spaWithOrders(schema);
  const building = buildSpa(copy?.folder);
  started = await startSandbox({
    ROLE_GROUPS: 'ADMIN:admin,SUPPORT:support,MEMBER:member',
    TRUSTED_DOCUMENTS: join(copy?.folder ?? EXAMPLE, 'src/graphql/persisted-documents.json'),
  });
  served = await serveSpa(await building, started.api, started.origin);
});
afterEach(async () => {
  await fetch(`${started.api.localPool.endpoint}/local-pool/faults`, { method: 'DELETE' });
});
afterAll(async () => {
  await served?.close();
  await started?.api.close();
  await copy?.remove();
});

async function signedIn(username: string): Promise<SpaPage> {
  const spa = await SpaPage.open(await browser.newPage([PICTURES]), served.origin);
  await spa.signIn(username);
  return spa;
}

/** How often the page asked for this path since `before`. */
const timesAsked = (path: string, before = 0) =>
  browser.requested().filter((url) => new URL(url).pathname === path).length - before;

test('a person signs in, sees and edits their profile, and signs out for good', async () => {
  const { api } = started;
  const bodies: string[] = [];
  const page = await browser.newPage([PICTURES]);
  page.on('request', (request) => {
    if (request.method() === 'POST' && request.url().endsWith('/graphql'))
      bodies.push(request.postData() ?? '');
  });
  const spa = await SpaPage.open(page, served.origin);
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

  // What it asks for is sent as the hashes that are in the manifest.
  expect(bodies.length).toBeGreaterThan(3);
  for (const body of bodies) {
    const { query, extensions } = JSON.parse(body);
    expect(query).toBeUndefined();
    expect(extensions.persistedQuery.sha256Hash).toMatch(/^[0-9a-f]{64}$/);
  }

  const { access_token, refresh_token } = await spa.tokens();
  await spa.button('Sign out').click();
  await spa.page.getByRole('heading', { name: 'Lifeguard example' }).waitFor();
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
  const { api } = started;
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
  const before = timesAsked('/oauth2/token');
  await spa.goTo('Sign-ins');
  await hasText(spa.viewer, 'MEMBER');
  expect(timesAsked('/oauth2/token', before)).toBe(1);
});

test('Retry-After is waited for; a change that may have happened is not sent again', async () => {
  const { api, origin } = started;
  const spa = await signedIn('ada');
  await spa.people.first().waitFor();
  let limited = 0;
  await spa.page.route(`${origin}/graphql`, async (route) => {
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
  const { api, origin } = started;
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
  const answer = await send(`${origin}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ groups { name } }' }),
  });
  expect(statuses[0]).toBe(503);
  expect(await answer.json()).toMatchObject({ data: { groups: expect.any(Array) } });
});

(hasOrders ? test : test.skip)('a person sees their own orders, and nobody else does', async () => {
  const { api } = started;
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
  const { api } = started;
  const spa = await signedIn('uma');
  await hasText(spa.viewer, 'Uma');
  const uma = await api.as('uma@example.com');
  await uma.execute('mutation { signOutEverywhere { user { id } } }');
  await spa.page.getByRole('link', { name: 'Sign-ins' }).click();
  await hasText(spa.page.getByRole('status'), 'You were signed out.');
  expect(await spa.page.evaluate('JSON.stringify(sessionStorage)')).not.toContain('access_token');
});

async function agedToken(username: string): Promise<string> {
  const response = await fetch(`${started.api.localPool.endpoint}/local-pool/tokens`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username, issuedAgo: 7200 }),
  });
  return z.object({ AccessToken: z.string() }).parse(await response.json()).AccessToken;
}
