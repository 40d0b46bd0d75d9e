import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';

export default async function tearDown(): Promise<void> {
  const { TEST_FOLDER: folder } = process.env;
  if (folder) await rm(dirname(folder), { recursive: true, force: true });
}
