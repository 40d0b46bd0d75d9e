import { createServer, type Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { freePort } from '../support/free-port.js';
import { accessibilityFaults } from './browser.js';
import { launch, unpackedChromium } from './chromium.js';
import { type Watch, watch } from './watch.js';

const PLANTED = '<!doctype html><html lang="en"><title>Planted</title><h1>Planted</h1>';

let browser: Browser;
let server: Server;
let origin: string;

beforeAll(async () => {
  browser = await launch(JSON.parse(process.env.TEST_CHROMIUM ?? ''));
  const port = await freePort();
  origin = `http://127.0.0.1:${port}`;
  server = createServer((request, response) => {
    response.setHeader('content-type', 'text/html');
    if (request.url !== '/') response.setHeader('content-security-policy', "default-src 'none'");
    response.end(PLANTED + (request.url === '/script' ? '<script>1</script>' : ''));
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
});
afterAll(async () => {
  await browser?.close();
  server?.close();
});

async function visit(path: string): Promise<{ page: Page; watched: Watch }> {
  const context = await browser.newContext();
  const watched = await watch(context);
  const page = await context.newPage();
  await page.goto(`${origin}${path}`);
  return { page, watched };
}

/** Waits until a page has a fault with these words. */
async function expectFault({ faults }: Watch, words: string): Promise<void> {
  const deadline = Date.now() + 10_000;
  const isThere = () => faults.some((fault) => fault.includes(words));
  while (!isThere() && Date.now() < deadline) await sleep(20);
  expect(faults).toContainEqual(expect.stringContaining(words));
}

test.each([
  ['a request off loopback', "fetch('https://lifeguard.example/').catch(() => {})", 'on loopback'],
  ['a socket off loopback', "void new WebSocket('wss://lifeguard.example/')", 'on loopback'],
  ['a token in a query', "void fetch('/?token=eyJhbGci.eyJzdWIi.c2ln')", 'put a token into'],
  ['a token in a fragment', "location.hash = 'access_token=a'", 'put a token into'],
  ['an error', "setTimeout(() => { throw new Error('planted') })", 'did not catch Error: planted'],
  ['a rejection', "void Promise.reject(new Error('planted'))", 'did not catch Error: planted'],
])('%s is a fault', async (_what, script, fault) => {
  const { page, watched } = await visit('/');
  expect(watched.faults).toEqual([]);
  await page.evaluate(script);
  await expectFault(watched, fault);
});

test.each([
  ['a script that the page came with', '/script', ''],
  ['a style that a script sets', '/strict', "document.body.setAttribute('style', 'color: red')"],
  ['a request that a script sends', '/strict', "void fetch('/').catch(() => {})"],
])('%s against the content security policy is a fault', async (_what, path, script) => {
  const { page, watched } = await visit(path);
  await page.evaluate(script);
  await expectFault(watched, 'violated its content security policy');
  await expectFault(watched, 'Content Security Policy directive');
});

test('a page under a strict policy is looked at without breaking it', async () => {
  const { page, watched } = await visit('/strict');
  expect(await accessibilityFaults(page)).toEqual([]);
  await page.evaluate("document.body.append(document.createElement('button'))");
  expect(await accessibilityFaults(page)).toEqual(['button-name: <button></button>']);
  expect(watched.faults).toEqual([]);
});

const isLinux = process.platform === 'linux' && process.arch === 'x64';
(isLinux ? test : test.skip)('the browser that npm installs starts too', async () => {
  const ours = await launch(await unpackedChromium());
  try {
    const page = await ours.newPage();
    await page.goto(`${origin}/`);
    expect(await page.getByRole('heading').textContent()).toBe('Planted');
  } finally {
    await ours.close();
  }
});
