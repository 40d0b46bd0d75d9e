import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { accessibilityFaults, testBrowser } from './browser.js';
import { hasText, SandboxPage } from './sandbox-page.js';
import { type Sandbox, startSandbox } from './start-sandbox.js';

const browser = testBrowser();
let started: Sandbox;

beforeAll(async () => {
  started = await startSandbox();
});
afterAll(() => started?.api.close());

/** Opens the sandbox and goes to the sign-in page from there. */
async function openSignInPage(): Promise<SandboxPage> {
  const sandbox = await SandboxPage.open(await browser.newPage(), started.origin);
  await sandbox.button('Sign-in page').click();
  await heading(sandbox.page, 'Sign in');
  return sandbox;
}

function heading(page: Page, name: string): Promise<void> {
  return page.getByRole('heading', { level: 1, name, exact: true }).waitFor();
}

async function enter(page: Page, username: string, password: string): Promise<void> {
  await page.getByLabel('User name').fill(username);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

/** The code of the message on top of the mailbox, which a person opens in a new tab. */
async function readCode(page: Page): Promise<string> {
  const [mailbox] = await Promise.all([
    page.waitForEvent('popup'),
    page.getByRole('link', { name: /^mailbox/ }).click(),
  ]);
  await heading(mailbox, 'Mailbox of the local pool');
  expect(await accessibilityFaults(mailbox)).toEqual([]);
  const message = mailbox.getByRole('article').first();
  const code = await message.getByText(/^\d{6}$/).innerText();
  await mailbox.close();
  return code;
}

test('somebody new signs up, confirms, asks, signs out, and in again', async () => {
  const sandbox = await openSignInPage();
  const { page } = sandbox;
  await page.getByRole('link', { name: 'Sign up' }).click();
  await page.getByLabel('User name').fill('nia');
  await page.getByLabel('E-mail address').fill('nia@example.com');
  await page.getByLabel('Password', { exact: true }).fill('Lifeguard1!');
  await page.getByRole('button', { name: 'Sign up' }).click();
  await heading(page, 'Confirm your account');
  await page.getByLabel('Code').fill(await readCode(page));
  await page.getByRole('button', { name: 'Confirm account' }).click();

  await hasText(sandbox.viewer, 'nia@example.com');
  await sandbox.ready();
  expect(page.url()).toBe(`${started.origin}/graphql`);
  await sandbox.run('"username": "nia"', '"email": "nia@example.com"', '"status": "CONFIRMED"');

  await sandbox.button('Sign out').click();
  await hasText(sandbox.viewer, 'Anonymous');
  await sandbox.ready();
  await sandbox.run('"code": "UNAUTHENTICATED"');
  // The sign-in page has forgotten them too.
  await sandbox.button('Sign-in page').click();
  await heading(page, 'Sign in');
  await enter(page, 'nia@example.com', 'Wrong-1-password');
  await hasText(page.getByRole('alert'), 'Incorrect username or password.');
  await enter(page, 'nia@example.com', 'Lifeguard1!');
  await hasText(sandbox.viewer, 'nia@example.com');
  expect(browser.requested().filter((url) => url.includes('/oauth2/authorize'))).toHaveLength(2);
});

test('the token of the sign-in page is refreshed, and outlasts a reload', async () => {
  const sandbox = await openSignInPage();
  await enter(sandbox.page, 'ada@example.com', 'Lifeguard1!');
  await hasText(sandbox.viewer, 'ADMIN');
  await sandbox.page.reload();
  await hasText(sandbox.viewer, 'ADMIN');
  await sandbox.button('Details').click();
  const refreshed = sandbox.page.waitForResponse(/\/oauth2\/token$/);
  await sandbox.button('Refresh token').click();
  expect((await refreshed).status()).toBe(200);
  await hasText(sandbox.viewer, 'ADMIN');
  await sandbox.ready();
  await sandbox.run('"name": "Ada Okafor"');
});

test.each([
  ['is disabled', 'dan@example.com', 'User is disabled.'],
  ['does not exist', 'nobody@example.com', 'Incorrect username or password.'],
])('somebody who %s is not let in', async (_what, username, refusal) => {
  const { page } = await openSignInPage();
  await enter(page, username, 'Lifeguard1!');
  await hasText(page.getByRole('alert'), refusal);
});

test('somebody with a temporary password chooses another on the way', async () => {
  const sandbox = await openSignInPage();
  await enter(sandbox.page, 'fay@example.com', 'Lifeguard1!');
  await heading(sandbox.page, 'Choose a new password');
  await sandbox.page.getByLabel('New password').fill('Lifeguard2!');
  await sandbox.button('Change password and sign in').click();
  await hasText(sandbox.viewer, 'fay@example.com');
  await sandbox.ready();
  await sandbox.run('"name": "Fay Tanaka"');
});
