import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';

/** Frees 60 MB in pieces that the C library keeps, and says how many MB the process has of them before and after. */
const PROGRAM = `
  import { setTimeout as sleep } from 'node:timers/promises';
  import { giveBackFreedMemory } from '${new URL('../src/freed-memory.js', import.meta.url)}';
  let pieces = Array.from({ length: 600 }, () => Buffer.allocUnsafeSlow(100_000).fill(1));
  // What is above what is free keeps it from being given back by itself.
  const last = pieces.at(-1);
  pieces = undefined;
  gc();
  await sleep(300);
  const megabytes = () => Math.round(process.memoryUsage.rss() / 1e6);
  const before = megabytes();
  await giveBackFreedMemory({ debug: console.error }, 100);
  await sleep(500);
  console.log(JSON.stringify([before, megabytes(), last.length]));
`;

(process.platform === 'linux' ? test : test.skip)(
  'what is freed is given back to the system',
  async () => {
    const args = ['--expose-gc', '--input-type=module', '--eval', PROGRAM];
    const { stdout, stderr } = await promisify(execFile)(process.execPath, args);
    expect(stderr).toBe('');
    const [before, after] = JSON.parse(stdout);
    expect(before - after).toBeGreaterThan(40);
  },
);
