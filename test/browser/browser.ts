import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { afterAll, afterEach, beforeAll, expect, jest } from '@jest/globals';
import type { AxeResults } from 'axe-core';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { launch } from './chromium.js';
import { type Watch, watch } from './watch.js';

export interface TestBrowser {
  /**
   * A page of somebody who was never here before: nothing stored, and watched until the test ends.
   * @param elsewhere hosts off loopback that the test itself answers for
   */
  newPage(elsewhere?: readonly string[]): Promise<Page>;
  /** Every URL that the pages of this test asked for. */
  requested(): readonly string[];
}

/** Milliseconds in which a page does what it was asked to, and in which a test ends, on a busy machine. */
const PATIENCE = 20_000;
const LONGEST_TEST = 90_000;

/** A headless browser for one test file. After each test no page of it may have a fault. */
export function testBrowser(): TestBrowser {
  let browser: Browser;
  const opened: { context: BrowserContext; watch: Watch }[] = [];

  jest.setTimeout(LONGEST_TEST);
  beforeAll(async () => {
    browser = await launch(JSON.parse(process.env.TEST_CHROMIUM ?? ''));
  });
  afterEach(async () => {
    const ended = opened.splice(0);
    for (const { context } of ended) await context.close();
    expect(ended.flatMap(({ watch }) => watch.faults)).toEqual([]);
  });
  afterAll(() => browser?.close());

  return {
    async newPage(elsewhere = []) {
      const context = await browser.newContext();
      context.setDefaultTimeout(PATIENCE);
      opened.push({ context, watch: await watch(context, elsewhere) });
      return context.newPage();
    },
    requested: () => opened.flatMap(({ watch }) => watch.requested),
  };
}

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** What axe-core finds on a page that is serious or critical: the rule, and where it is broken. */
export async function accessibilityFaults(page: Page): Promise<string[]> {
  // Not by a script element, which a content security policy would refuse.
  await page.evaluate(await readFile(axe, 'utf8'));
  const { violations } = await page.evaluate<AxeResults>('axe.run(document)');
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}
