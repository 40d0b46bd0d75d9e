import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { administer } from './postgres.js';

export default async function tearDown(): Promise<void> {
  const { TEST_DATABASE_URL: url, TEST_TEMPLATE: template, TEST_FOLDER: folder } = process.env;
  if (globalThis.stopPostgres) await globalThis.stopPostgres();
  else if (url && template) await administer(url, `drop database if exists ${template}`);
  if (folder) await rm(dirname(folder), { recursive: true, force: true });
}
