import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AdminCreateUserCommand } from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { accessibilityFaults, testBrowser } from '../../browser/browser.js';
import { PASSWORD, type Place } from '../test-pool.js';
import { type SignInPage, startSignInPage, WITH_PAGE } from './sign-in-page.js';

const ANOTHER = 'Another2?';
/** Milliseconds: axe takes its time on a busy machine. */
const PATIENCE = 90_000;

const browser = testBrowser();
let page: SignInPage;
let app: Server;
let callback: string;
let place: Place;

beforeAll(async () => {
  page = await startSignInPage();
  app = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html').end('<!doctype html><title>The app</title>');
  }).listen(0, '127.0.0.1');
  await once(app, 'listening');
  // Only Unix sockets have another kind of address.
  callback = `http://127.0.0.1:${(app.address() as AddressInfo).port}/callback`;
  place = await page.pool.place(
    { Schema: [{ Name: 'given_name', Required: true, Mutable: true }] },
    { ...WITH_PAGE, ClientName: 'The app', CallbackURLs: [callback] },
  );
});
afterAll(async () => {
  app?.close();
  await page?.pool.close();
});

function authorize(): string {
  const address = page.authorize({ redirect_uri: callback, state: 's', prompt: 'login' }, place);
  return `${page.pool.localPool.endpoint}${address}`;
}

/** Whether a page can be used by everybody: light and dark, on a narrow screen, and where typing begins. */
async function isForEverybody(shown: Page, title: string, focus: string): Promise<void> {
  await shown.waitForSelector(`h1:text-is("${title}")`);
  for (const colorScheme of ['light', 'dark'] as const) {
    await shown.emulateMedia({ colorScheme });
    expect([title, colorScheme, await accessibilityFaults(shown)]).toEqual([
      title,
      colorScheme,
      [],
    ]);
  }
  await shown.setViewportSize({ width: 375, height: 700 });
  const beside = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
  expect([title, await shown.evaluate(beside)]).toEqual([title, 0]);
  expect([title, await shown.evaluate('document.activeElement.name')]).toEqual([title, focus]);
  expect(await shown.title()).toBe(`${title} · Lifeguard local pool`);
}

test(
  'a person signs up, confirms and comes back to the app with the keyboard alone',
  async () => {
    const shown = await browser.newPage();
    await shown.goto(authorize());
    await isForEverybody(shown, 'Sign in', 'username');
    await shown.getByRole('link', { name: 'Sign up' }).press('Enter');
    await isForEverybody(shown, 'Sign up', 'username');
    const { keyboard } = shown;
    for (const text of ['nia', 'Nia', 'nia@example.com', 'weak']) {
      await keyboard.type(text);
      await keyboard.press('Tab');
    }
    await keyboard.press('Enter');
    await shown.waitForSelector('[role=alert]');
    await isForEverybody(shown, 'Sign up', 'password');
    const password = shown.getByLabel('Password', { exact: true });
    const described = await password.getAttribute('aria-describedby');
    expect(described?.split(' ')).toEqual(['error', 'field-password-hint']);
    await keyboard.type(PASSWORD);
    await keyboard.press('Enter');
    await isForEverybody(shown, 'Confirm your account', 'code');
    await keyboard.type(page.sentCode('nia@example.com'));
    await keyboard.press('Enter');
    await shown.waitForURL(/\/callback\?code=[\w-]+&state=s$/);
  },
  PATIENCE,
);

test(
  'a person who forgot their password chooses another',
  async () => {
    await page.pool.addUser(place, 'uma', {
      given_name: 'Uma',
      email: 'uma@example.com',
      email_verified: 'true',
    });
    const shown = await browser.newPage();
    await shown.goto(authorize());
    await shown.getByRole('link', { name: 'Forgot your password?' }).click();
    await isForEverybody(shown, 'Forgot your password?', 'username');
    await shown.keyboard.type('uma');
    await shown.keyboard.press('Enter');
    await isForEverybody(shown, 'Choose a new password', 'code');
    await shown.keyboard.type(page.sentCode('uma@example.com'));
    await shown.getByLabel('New password').fill(ANOTHER);
    await shown.keyboard.press('Enter');
    await isForEverybody(shown, 'Sign in', 'password');
    await shown.keyboard.type(ANOTHER);
    await shown.keyboard.press('Enter');
    await shown.waitForURL(/\/callback\?code=/);
  },
  PATIENCE,
);

test(
  'a person with a temporary password chooses their own',
  async () => {
    await page.pool.cognito.send(
      new AdminCreateUserCommand({
        UserPoolId: place.poolId,
        Username: 'fay',
        TemporaryPassword: PASSWORD,
        MessageAction: 'SUPPRESS',
      }),
    );
    const shown = await browser.newPage();
    await shown.goto(authorize());
    await shown.getByLabel('User name').fill('fay');
    await shown.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await shown.keyboard.press('Enter');
    await isForEverybody(shown, 'Choose a new password', 'password');
    await shown.keyboard.type(ANOTHER);
    await shown.getByLabel('Given name').fill('Fay');
    await shown.keyboard.press('Enter');
    await shown.waitForURL(/\/callback\?code=/);
  },
  PATIENCE,
);

test('who cannot be sent on is told why', async () => {
  const shown = await browser.newPage();
  await shown.goto(authorize().replace('callback', 'callback<script>'));
  expect(await shown.getByRole('alert').textContent()).toContain('callback<script>');
  await shown.waitForSelector('h1:text-is("This sign-in is not possible")');
  expect(await accessibilityFaults(shown)).toEqual([]);
});
