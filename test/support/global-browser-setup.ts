import { buildWeb } from '../browser/build-web.js';
import { findChromium } from '../browser/chromium.js';
import { buildPage } from '../clients/build-page.js';

/** Finds the browser and builds what it is to show, once for all test files. */
export default async function setUp(): Promise<void> {
  const [chromium, page] = await Promise.all([findChromium(), buildPage(), buildWeb()]);
  process.env.TEST_CHROMIUM = JSON.stringify(chromium);
  process.env.TEST_CLIENTS_PAGE = page;
}
