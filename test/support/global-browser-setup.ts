import { findChromium } from '../browser/chromium.js';

/** Finds the browser once for all test files. */
export default async function setUp(): Promise<void> {
  process.env.TEST_CHROMIUM = JSON.stringify(await findChromium());
}
