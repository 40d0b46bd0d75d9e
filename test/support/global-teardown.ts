import { rm } from 'node:fs/promises';
import { administer } from './postgres.js';

export default async function tearDown(): Promise<void> {
  const { TEST_DATABASE_URL: url, TEST_TEMPLATE: template, TEST_POSTGRES: folder } = process.env;
  if (globalThis.stopPostgres) await globalThis.stopPostgres();
  else if (url && template) await administer(url, `drop database if exists ${template}`);
  if (folder) await rm(folder, { recursive: true, force: true });
}
