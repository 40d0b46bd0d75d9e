import { execFileSync } from 'node:child_process';
import { closeSync, constants, openSync, readFileSync, readSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { LogLines } from '../../src/log/lines.js';

let folder = '';
let pipe = '';
const open: number[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lifeguard-log-'));
  pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
});

afterEach(async () => {
  for (const fd of open.splice(0)) closeSync(fd);
  await rm(folder, { recursive: true });
});

function opened(path: string, flags: number): number {
  const fd = openSync(path, flags | constants.O_NONBLOCK);
  open.push(fd);
  return fd;
}

/** What is in the pipe now. */
function read(fd: number): string {
  const parts: Buffer[] = [];
  const buffer = Buffer.alloc(65_536);
  try {
    for (let bytes = -1; bytes !== 0; ) {
      bytes = readSync(fd, buffer);
      parts.push(Buffer.from(buffer.subarray(0, bytes)));
    }
  } catch {
    // EAGAIN: it is empty.
  }
  return Buffer.concat(parts).toString();
}

/** Reads whatever comes until a moment without anything. */
async function readOn(fd: number): Promise<string> {
  let text = '';
  for (let quiet = 0; quiet < 3; ) {
    const more = read(fd);
    quiet = more === '' ? quiet + 1 : 0;
    text += more;
    await sleep(60);
  }
  return text;
}

/** Lines that tell their own length and place. */
function lines(count: number): string[] {
  return Array.from({ length: count }, (_, at) => `${at} ${'é'.repeat(at % 400)}\n`);
}

test('lines come in their order, a moment later at most', async () => {
  const reader = opened(pipe, constants.O_RDONLY);
  const log = new LogLines(opened(pipe, constants.O_WRONLY));
  log.write('one\n');
  log.write('two\n');
  expect(read(reader)).toBe('');
  expect(await readOn(reader)).toBe('one\ntwo\n');
  log.write('three\n');
  log.flushSync();
  expect(read(reader)).toBe('three\n');
});

test('a reader who is slow gets every line', async () => {
  const reader = opened(pipe, constants.O_RDONLY);
  const log = new LogLines(opened(pipe, constants.O_WRONLY));
  // More than a pipe holds.
  const written = lines(1_000);
  for (const line of written) log.write(line);
  expect(await readOn(reader)).toBe(written.join(''));
});

test('a line longer than the pipe is written whole', async () => {
  const reader = opened(pipe, constants.O_RDONLY);
  const log = new LogLines(opened(pipe, constants.O_WRONLY));
  const written = `${'long '.repeat(50_000)}\n`;
  log.write(written);
  log.write('short\n');
  expect(await readOn(reader)).toBe(`${written}short\n`);
});

test('a reader who is far too slow is told how many lines are lost, and gets the others whole', async () => {
  const reader = opened(pipe, constants.O_RDONLY);
  const log = new LogLines(opened(pipe, constants.O_WRONLY));
  const written = lines(6_000);
  for (const line of written) log.write(line);
  const seen = (await readOn(reader)).split('\n').filter((line) => line !== '');
  const told = JSON.parse(seen.pop() ?? '');
  expect(told).toMatchObject({ level: 'warn', msg: 'lines of the log were lost' });
  expect(told.lost).toBeGreaterThan(0);
  expect(seen.length + told.lost).toBe(written.length);
  expect(written).toEqual(expect.arrayContaining(seen.map((line) => `${line}\n`)));
});

test('without a reader lines are lost, nothing else; the next reader is told', async () => {
  const gone = openSync(pipe, constants.O_RDONLY | constants.O_NONBLOCK);
  const log = new LogLines(opened(pipe, constants.O_WRONLY));
  closeSync(gone);
  log.write('one\n');
  log.write('two\n');
  log.flushSync();
  const reader = opened(pipe, constants.O_RDONLY);
  log.write('three\n');
  const [three, told = ''] = (await readOn(reader)).split('\n');
  expect(three).toBe('three');
  expect(JSON.parse(told)).toMatchObject({ lost: 2 });
});

test('a disk that is full costs lines, nothing else', () => {
  const log = new LogLines(opened('/dev/full', constants.O_WRONLY));
  log.write('one\n');
  expect(() => log.flushSync()).not.toThrow();
});

test('a file gets what is left when the process ends', () => {
  const file = join(folder, 'file');
  const program = `
    import { openSync } from 'node:fs';
    import { LogLines } from ${JSON.stringify(new URL('../../src/log/lines.js', import.meta.url).href)};
    new LogLines(openSync(${JSON.stringify(file)}, 'w')).write('last\\n');
    process.exit(0);`;
  execFileSync(process.execPath, ['--input-type=module', '--eval', program]);
  expect(readFileSync(file, 'utf8')).toBe('last\n');
});
