import { lockFolder } from '../../src/database/folder-lock.js';

// A process of its own: holds the folder until it is killed, and says whether it could.
const [, , folder = ''] = process.argv;
try {
  await lockFolder(folder);
  process.send?.('locked');
} catch (error) {
  process.send?.(error instanceof Error ? error.name : 'unknown');
}
setInterval(() => {}, 60_000);
