import type { App } from '../request/app.js';

/** Without a database the rest of the metrics is worth all the more. */
export async function unlessFailed({ log }: App, collect: () => Promise<void>): Promise<void> {
  try {
    await collect();
  } catch (err) {
    log.warn({ err }, 'a metric could not be read from the database');
  }
}
