import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { PASSWORD } from '../test-pool.js';
import { alertOf, type Shown, text } from './browser.js';
import { CALLBACK, newPkce, type SignInPage, startSignInPage, WITH_PAGE } from './sign-in-page.js';

const FORMS = [
  '/login',
  '/signup',
  '/confirmUser',
  '/resendcode',
  '/forgotPassword',
  '/confirmForgotPassword',
];
const MARKUP = `'"><img src=x onerror=alert(1)><script>alert(2)</script>&lt;`;

let page: SignInPage;
beforeAll(async () => {
  page = await startSignInPage();
  await page.pool.addUser(page.place, 'uma', { email: 'uma@example.com' });
});
afterAll(() => page.pool.close());

/** The elements of a page that none of its templates has, and those with attributes that run something. */
function foreignMarkup({ html }: Shown): string[] {
  const tags = html.match(/<(?:"[^"]*"|[^>"])*>/g) ?? [];
  return tags
    .map((tag) => tag.replace(/"[^"]*"/g, '""'))
    .filter((tag) => !OWN.test(tag) || /\son|["'<]{3}/i.test(tag));
}

const OWN =
  /^<(?:!doctype|\/?(?:html|head|meta|title|link|body|header|span|main|h1|p|div|form|label|input|button|nav|ul|li|a|footer|code))\b/i;

describe('markup is shown as text', () => {
  test.each([
    ['state', { state: MARKUP }],
    ['nonce', { nonce: MARKUP }],
    ['login_hint', { login_hint: MARKUP }],
    ['notice', { notice: MARKUP }],
    ['prompt', { prompt: MARKUP }],
    ['a parameter of its own', { [MARKUP]: MARKUP }],
    ['everything', { state: MARKUP, nonce: MARKUP, login_hint: MARKUP, notice: MARKUP }],
  ])('in %s', async (_case, parameters) => {
    for (const path of FORMS) {
      const shown = await page.browser().open(page.at(path, parameters));
      expect([path, shown.status, foreignMarkup(shown)]).toEqual([path, 200, []]);
      expect(shown.html).not.toContain('<script');
    }
  });

  test.each([
    ['client_id', { client_id: MARKUP }],
    ['redirect_uri', { redirect_uri: MARKUP }],
    ['redirect_uri of script', { redirect_uri: 'javascript:alert(1)' }],
  ])('of an error page, in %s', async (_case, parameters) => {
    for (const path of ['/oauth2/authorize', '/logout', ...FORMS]) {
      const shown = await page.browser().open(page.at(path, parameters));
      expect([path, shown.status, foreignMarkup(shown)]).toEqual([path, 400, []]);
      expect(alertOf(shown)).toContain(Object.values(parameters)[0]);
    }
  });

  test.each(['scope', 'response_type', 'code_challenge', 'code_challenge_method'])(
    'in %s, or told to the client',
    async (name) => {
      const { url, html } = await page.browser().open(page.at('/login', { [name]: MARKUP }));
      expect([url.startsWith(`${CALLBACK}?error=`), html]).toEqual([true, '']);
    },
  );

  test('in what a form was sent with', async () => {
    for (const path of FORMS) {
      const browser = page.browser();
      const names = ['username', 'password', 'email', 'code', 'session', 'given_name', MARKUP];
      const shown = await browser.submit(
        await browser.open(page.at(path)),
        Object.fromEntries(names.map((name) => [name, MARKUP])),
      );
      expect([path, foreignMarkup(shown)]).toEqual([path, []]);
      expect(text(shown.html)).not.toContain(PASSWORD);
    }
  });

  test('in the name of the client', async () => {
    const ClientName = '<b onclick=x>App</b>';
    const shown = await page
      .browser()
      .open(page.authorize({}, await page.pool.place({}, { ...WITH_PAGE, ClientName })));
    expect(foreignMarkup(shown)).toEqual([]);
    expect(text(shown.html)).toContain(ClientName);
  });

  test('which this test would see', () => {
    const shown = (html: string) =>
      foreignMarkup({ url: '', status: 200, headers: new Headers(), html });
    expect(shown('<p>a</p><input value="<b onclick=x>">')).toEqual([]);
    expect(shown('<p>a<script></p>')).toEqual(['<script>']);
    expect(shown('<input value="" onfocus="x">')).toEqual(['<input value="" onfocus="">']);
  });
});

describe('a form is refused', () => {
  test.each([
    ['without its token', { _csrf: '' }, {}],
    ['with the token of another browser', { _csrf: 'A'.repeat(43) }, {}],
    ['from another port of this machine', {}, { origin: 'http://127.0.0.1:4000' }],
    ['from the same port by another name', {}, { origin: 'http://localhost:1' }],
  ])('%s', async (_case, values, headers) => {
    for (const path of FORMS) {
      const browser = page.browser();
      const sent = { username: 'uma', password: PASSWORD, email: 'x@example.com', ...values };
      const shown = await browser.submit(await browser.open(page.at(path)), sent, headers);
      expect([path, shown.status, alertOf(shown)]).toEqual([
        path,
        403,
        'This form was too old. Please fill it in again.',
      ]);
    }
    expect(page.pool.logged).toEqual([]);
  });

  test('where the browser has no token, or one that is none', async () => {
    for (const cookie of [undefined, '', 'short']) {
      const browser = page.browser();
      const login = await browser.open(page.at('/login'));
      browser.cookies.clear();
      if (cookie !== undefined) browser.cookies.set(`XSRF-TOKEN-${page.place.poolId}`, cookie);
      const sent = {
        username: 'uma',
        password: PASSWORD,
        ...(cookie !== undefined && { _csrf: cookie }),
      };
      expect((await browser.submit(login, sent)).status).toBe(403);
    }
  });

  test.each([
    ['of another site', 'https://evil.example.com'],
    ['of no site, as a page without an origin sends it', 'null'],
  ])('from a page %s', async (_case, origin) => {
    const browser = page.browser();
    const sent = { username: 'uma', password: PASSWORD };
    const shown = await browser.submit(await browser.open(page.at('/login')), sent, { origin });
    expect(shown.status).toBe(403);
  });

  test('with a field that is there twice, or cannot be stored', async () => {
    const browser = page.browser();
    const login = await browser.open(page.at('/login'));
    expect((await browser.submit(login, { username: 'a\0b' })).status).toBe(400);
    const [cookie = ''] = [...browser.cookies.values()];
    const shown = await browser.open(page.at('/login'), {
      method: 'POST',
      body: `_csrf=${cookie}&username=uma&username=eve`,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect(shown.status).toBe(400);
  });

  test('that is no form', async () => {
    const response = await page.browser().request(page.at('/login'), {
      method: 'POST',
      body: '{}',
      headers: { 'content-type': 'application/json' },
    });
    expect([response.status, response.headers.get('content-type')]).toEqual([
      415,
      'text/html; charset=utf-8',
    ]);
  });
});

test('forms of several tabs are good', async () => {
  const browser = page.browser();
  const [first, second] = [
    await browser.open(page.at('/login')),
    await browser.open(page.at('/signup')),
  ];
  expect(second.html).toContain(/name="_csrf" value="([^"]*)"/.exec(first.html)?.[1]);
});

describe('a page', () => {
  test.each([
    [CALLBACK, 'https://app.example.com'],
    ['http://127.0.0.1:4000/graphql?view=1', 'http://127.0.0.1:4000'],
    ['myapp://signed-in', 'myapp:'],
  ])('lets its form lead to %s, and nothing else happen', async (redirect_uri, source) => {
    for (const path of FORMS) {
      const { headers } = await page.browser().open(page.at(path, { redirect_uri }));
      expect(Object.fromEntries(headers)).toMatchObject({
        'content-security-policy': `default-src 'none'; style-src 'self'; form-action 'self' ${source}; frame-ancestors 'none'; base-uri 'none'`,
        'cache-control': 'no-store',
        'referrer-policy': 'same-origin',
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'content-type': 'text/html; charset=utf-8',
      });
    }
  });

  test('has those headers where it is of an error or leads on', async () => {
    const error = await page.browser().open(page.at('/login', { client_id: undefined }));
    expect(Object.fromEntries(error.headers)).toMatchObject({
      'content-security-policy':
        "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
      'cache-control': 'no-store',
    });
    const { headers } = await page.browser().request(page.authorize());
    expect(Object.fromEntries(headers)).toMatchObject({
      'cache-control': 'no-store',
      'referrer-policy': 'same-origin',
    });
  });

  test('has its style from the same port, and no script', async () => {
    const { html } = await page.browser().open(page.at('/login'));
    const [, address = ''] = /<link rel="stylesheet" href="([^"]*)">/.exec(html) ?? [];
    const { status, headers } = await page.browser().open(address);
    expect([status, headers.get('content-type')]).toEqual([200, 'text/css; charset=utf-8']);
    expect(html).not.toMatch(/<script|<style|style="/);
  });

  test('is not shown under another name for this machine', async () => {
    const { port } = new URL(page.pool.localPool.endpoint);
    const { request } = await import('node:http');
    const status = await new Promise((resolve, reject) => {
      request(
        {
          port,
          host: '127.0.0.1',
          path: page.at('/login'),
          headers: { host: `evil.example.com:${port}` },
        },
        (response) => resolve(response.resume().statusCode),
      )
        .on('error', reject)
        .end();
    });
    expect(status).toBe(403);
  });

  test('carries only what it knows from the address on', async () => {
    const { challenge } = newPkce();
    const parameters = { scope: 'openid', state: 's', nonce: 'n', login_hint: 'uma', ...challenge };
    const shown = await page
      .browser()
      .open(page.authorize({ ...parameters, other: 'x', prompt: 'login' }));
    expect(Object.fromEntries(new URL(shown.url).searchParams)).toEqual({
      client_id: page.place.clientId,
      redirect_uri: CALLBACK,
      response_type: 'code',
      ...parameters,
    });
  });
});
