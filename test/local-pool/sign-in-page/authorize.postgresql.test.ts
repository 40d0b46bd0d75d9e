import { AdminDisableUserCommand } from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { alertOf, titleOf } from './browser.js';
import {
  addResourceServer,
  CALLBACK,
  LOGGED_OUT,
  newPkce,
  type SignInPage,
  startSignInPage,
  WITH_PAGE,
} from './sign-in-page.js';

let page: SignInPage;
beforeAll(async () => {
  page = await startSignInPage();
  for (const username of ['uma', 'dan'])
    await page.pool.addUser(page.place, username, { email: `${username}@example.com` });
});
afterAll(() => page.pool.close());

/** What the client is told at its redirect URI. */
async function told(parameters: Readonly<Record<string, string | undefined>>) {
  const { url } = await page.browser().open(page.authorize(parameters));
  expect(url.startsWith(CALLBACK)).toBe(true);
  const { error_description: _wording, ...answer } = Object.fromEntries(new URL(url).searchParams);
  return answer;
}

describe('an address that is not the client’s own gets nobody', () => {
  test.each([
    ['of another host', 'https://evil.example.com/callback'],
    ['with something after it', `${CALLBACK}/more`],
    ['with a trailing slash', `${CALLBACK}/`],
    ['with something before it', `https://evil.example.com/${CALLBACK}`],
    ['of a longer host', 'https://app.example.com.evil.example.com/callback'],
    ['in other case', CALLBACK.toUpperCase()],
    ['with other case in its path', 'https://app.example.com/Callback'],
    ['with a user name', 'https://app.example.com@evil.example.com/callback'],
    ['with user info before the host', 'https://evil@app.example.com/callback'],
    ['with a fragment', `${CALLBACK}#here`],
    ['with a query', `${CALLBACK}?next=https://evil.example.com`],
    ['with dots in its path', 'https://app.example.com/x/../callback'],
    ['with an encoded letter', 'https://app.example.com/c%61llback'],
    ['with the port that goes without saying', 'https://app.example.com:443/callback'],
    ['of another scheme', 'http://app.example.com/callback'],
    ['with a backslash', 'https://app.example.com\\callback'],
    ['with white space', ` ${CALLBACK}`],
    ['with a line break', `${CALLBACK}\r\nset-cookie: a=b`],
    ['that is script', 'javascript:alert(1)'],
    ['that is relative', '/callback'],
    ['that lost its query', 'http://127.0.0.1:4000/graphql'],
    ['for signing out', LOGGED_OUT],
  ])('%s', async (_case, redirect_uri) => {
    for (const path of ['/oauth2/authorize', '/login', '/signup', '/logout']) {
      const address = page.authorize({ redirect_uri }).replace('/oauth2/authorize', path);
      const response = await page.browser().request(address);
      expect([path, response.status]).toEqual([path, 400]);
      expect(response.headers.get('location')).toBeNull();
      expect(await response.text()).toContain('<code>redirect_mismatch</code>');
    }
  });

  test.each([
    ['none at all', { redirect_uri: undefined }],
    ['an empty one', { redirect_uri: '' }],
  ])('%s', async (_case, parameters) => {
    const shown = await page.browser().open(page.authorize(parameters));
    expect([shown.status, alertOf(shown)]).toEqual([400, 'The redirect_uri is missing.']);
  });

  test('two of them', async () => {
    const shown = await page
      .browser()
      .open(`${page.authorize()}&redirect_uri=https://evil.example.com`);
    expect([shown.status, shown.html.includes('redirect_uri is there more than once')]).toEqual([
      400,
      true,
    ]);
  });
});

test.each([
  ['no client', { client_id: undefined }, 'The client_id is missing.'],
  ['an unknown client', { client_id: 'x'.repeat(26) }, `There is no app client ${'x'.repeat(26)}.`],
  ['a client that is no text', { client_id: 'a\0b' }, 'A parameter is no text.'],
])('%s is shown to whoever looks', async (_case, parameters, message) => {
  const shown = await page.browser().open(page.authorize(parameters));
  expect([shown.status, alertOf(shown)]).toEqual([400, message]);
});

test.each([
  ['a missing response type', { response_type: undefined }, 'invalid_request'],
  ['the implicit flow', { response_type: 'token' }, 'unsupported_response_type'],
  ['a hybrid flow', { response_type: 'code id_token' }, 'unsupported_response_type'],
  ['a scope that the client may not have', { scope: 'openid lifeguard/read' }, 'invalid_scope'],
  ['a scope that there is not', { scope: 'openid nothing' }, 'invalid_scope'],
  ['an e-mail scope without openid', { scope: 'email' }, 'invalid_scope'],
  ['scopes of white space', { scope: '  ' }, 'invalid_scope'],
  [
    'the plain challenge',
    { ...newPkce().challenge, code_challenge_method: 'plain' },
    'invalid_request',
  ],
  ['a challenge without a method', { code_challenge: newPkce().verifier }, 'invalid_request'],
  ['a method without a challenge', { code_challenge_method: 'S256' }, 'invalid_request'],
  [
    'a challenge that is no digest',
    { ...newPkce().challenge, code_challenge: 'short' },
    'invalid_request',
  ],
  ['a prompt that contradicts itself', { prompt: 'none login' }, 'invalid_request'],
  ['a prompt for nobody', { prompt: 'none' }, 'login_required'],
])('%s is told to the client, with its state', async (_case, parameters, error) => {
  expect(await told({ state: 'its & own', ...parameters })).toEqual({ error, state: 'its & own' });
});

test('a client that does not allow the code flow is told so', async () => {
  for (const settings of [{ AllowedOAuthFlowsUserPoolClient: false }, { AllowedOAuthFlows: [] }]) {
    const { clientId } = await page.confidential({ ...WITH_PAGE, ...settings });
    expect(await told({ client_id: clientId })).toEqual({ error: 'unauthorized_client' });
  }
});

test.each([
  ['plain', 'abc'],
  ['with what URLs are made of', 'a=b&c=d#e?f/g+h%20'],
  ['with markup', '"><script>alert(1)</script>'],
  ['of other letters', 'žluťoučký 🏊'],
  ['with a line break', 'a\r\nlocation: https://evil.example.com'],
  ['of JSON', '{"then":"/inbox"}'],
  ['that is long', 'x'.repeat(4000)],
])('a state %s comes back as it was', async (_case, state) => {
  const { url } = await page.login(page.browser(), 'uma', { state });
  const answer = new URL(url).searchParams;
  expect(answer.get('state')).toBe(state);
  expect([...answer.keys()]).toEqual(['code', 'state']);
});

test('nothing comes back for a state that was not sent', async () => {
  const { url } = await page.login(page.browser(), 'uma');
  expect([...new URL(url).searchParams.keys()]).toEqual(['code']);
});

test.each([
  [
    'http://127.0.0.1:4000/graphql?view=1',
    /^http:\/\/127\.0\.0\.1:4000\/graphql\?view=1&code=[\w-]+&state=s$/,
  ],
  ['myapp://signed-in', /^myapp:\/\/signed-in\?code=[\w-]+&state=s$/],
])('the answer is added to %s', async (redirect_uri, expected) => {
  expect((await page.login(page.browser(), 'uma', { redirect_uri, state: 's' })).url).toMatch(
    expected,
  );
});

test('a client with a default redirect URI need not name one', async () => {
  const { clientId } = await page.confidential({ ...WITH_PAGE, DefaultRedirectURI: CALLBACK });
  const { url } = await page.login(page.browser(), 'uma', {
    client_id: clientId,
    redirect_uri: undefined,
  });
  expect(url).toMatch(/^https:\/\/app\.example\.com\/callback\?code=/);
});

describe('a browser that is signed in', () => {
  test('signs in again without a password, at another client of the pool too', async () => {
    const browser = page.browser();
    const first = await page.login(browser, 'uma');
    const second = await browser.open(page.authorize());
    expect(second.url).toMatch(/callback\?code=/);
    expect(second.url).not.toBe(first.url);
    const other = await page.confidential(WITH_PAGE);
    expect((await browser.open(page.authorize({ prompt: 'none' }, other))).url).toMatch(/\?code=/);
  });

  test('keeps the time of the sign-in in the tokens', async () => {
    const browser = page.browser();
    await page.login(browser, 'uma');
    await page.pool.sql.query('update local_pool.browser_session set auth_time = auth_time - 1000');
    const { url } = await browser.open(page.authorize());
    const { body } = await page.token({
      grant_type: 'authorization_code',
      client_id: page.place.clientId,
      redirect_uri: CALLBACK,
      code: new URL(url).searchParams.get('code') ?? '',
    });
    const [, claims = ''] = (body.access_token ?? '').split('.');
    const { auth_time, iat } = JSON.parse(Buffer.from(claims, 'base64url').toString());
    expect(iat - auth_time).toBeGreaterThanOrEqual(1000);
  });

  test.each(['login', 'select_account'])('is asked all the same by prompt=%s', async (prompt) => {
    const browser = page.browser();
    await page.login(browser, 'uma');
    expect(titleOf(await browser.open(page.authorize({ prompt })))).toBe('Sign in');
  });

  test('is not signed in at another pool', async () => {
    const browser = page.browser();
    await page.login(browser, 'uma');
    const other = await page.pool.place({}, WITH_PAGE);
    await page.pool.addUser(other, 'uma', { email: 'uma@example.com' });
    const [[, value] = []] = [...browser.cookies].filter(([name]) => name.startsWith('cognito-'));
    browser.cookies.set(`cognito-${other.poolId}`, value ?? '');
    expect(titleOf(await browser.open(page.authorize({}, other)))).toBe('Sign in');
  });

  test('is signed in for an hour', async () => {
    const browser = page.browser();
    await page.login(browser, 'uma');
    await page.pool.sql.query(
      'update local_pool.browser_session set expires_at = expires_at - 3601',
    );
    expect(titleOf(await browser.open(page.authorize()))).toBe('Sign in');
  });

  test('is nobody’s once the account is disabled', async () => {
    const browser = page.browser();
    await page.login(browser, 'dan');
    const { poolId } = page.place;
    await page.pool.cognito.send(
      new AdminDisableUserCommand({ UserPoolId: poolId, Username: 'dan' }),
    );
    expect(titleOf(await browser.open(page.authorize()))).toBe('Sign in');
  });

  test('has a cookie that no script reads and no other site sends', async () => {
    const login = await page.browser().open(page.authorize());
    expect(login.headers.getSetCookie()).toEqual([
      expect.stringMatching(
        /^XSRF-TOKEN-us-east-1_\w+=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax$/,
      ),
    ]);
    const { headers } = await page.login(page.browser(), 'uma');
    expect(headers.getSetCookie()).toEqual([
      expect.stringMatching(
        /^cognito-us-east-1_\w+=[\w-]{43}; Max-Age=3600; Path=\/; HttpOnly; SameSite=Lax$/,
      ),
    ]);
  });
});

test('scopes of a resource server are asked for like any other', async () => {
  await addResourceServer(page, 'lifeguard');
  const scope = 'openid lifeguard/read';
  const client = await page.confidential({ ...WITH_PAGE, AllowedOAuthScopes: scope.split(' ') });
  const { url } = await page.login(page.browser(), 'uma', { client_id: client.clientId, scope });
  const { body } = await page.token({
    grant_type: 'authorization_code',
    client_id: client.clientId,
    client_secret: client.secret,
    redirect_uri: CALLBACK,
    code: new URL(url).searchParams.get('code') ?? '',
  });
  expect(body.access_token).toBeDefined();
  const [, claims = ''] = (body.access_token ?? '').split('.');
  expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).toMatchObject({ scope });
});

test('the database has neither a code nor a cookie', async () => {
  const browser = page.browser();
  const { url } = await page.login(browser, 'uma');
  const secrets = [new URL(url).searchParams.get('code') ?? '', ...browser.cookies.values()];
  const rows = await page.pool.sql.query<{ row: string }>(
    `select t::text as row from local_pool.authorization_code t
     union all select t::text from local_pool.browser_session t`,
  );
  expect(rows.length).toBeGreaterThan(1);
  const kept = rows.map(({ row }) => row).join('\n');
  expect(secrets.filter((secret) => kept.includes(secret))).toEqual([]);
});
