import { rm } from 'node:fs/promises';

export default async function tearDown(): Promise<void> {
  const { TEST_CLIENTS_PAGE: page } = process.env;
  if (page) await rm(page, { recursive: true, force: true });
}
