import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { onPostgres, type TestDatabase } from '../support/database.js';
import { rowsOf } from '../support/postgres.js';
import { type Ended, on, Processes } from '../support/process.js';

const processes = new Processes();
const listeners: Server[] = [];
afterEach(async () => {
  await processes.clear();
  for (const listener of listeners.splice(0)) listener.close();
});

/** Something on loopback; answers with its port. */
async function listening(answer: RequestListener): Promise<string> {
  const listener = createServer(answer);
  listeners.push(listener);
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const address = listener.address();
  return String(typeof address === 'object' ? address?.port : address);
}

/** Whether there is anything in a database that was empty. */
async function isMade({ location }: TestDatabase): Promise<boolean> {
  if ('folder' in location) return existsSync(dirname(location.folder));
  const tables = "select 1 from pg_tables where schemaname in ('public', 'local_pool')";
  return (await rowsOf(location.url, tables)).length > 0;
}

function expectOneMessage({ code, stdout, stderr }: Ended): void {
  // It may have logged before; it has not said that it answers.
  expect(stdout).toMatch(/^(?:\{.*\n)*$/);
  expect(stderr).not.toMatch(/^\s+at /m);
  expect(code).toBe(1);
}

describe('a server that cannot start ends with 1 and says why, without a stack', () => {
  test('with every fault of its environment at once', async () => {
    const ended = await processes.startInVain({ PORT: 'http', LOG_LEVEL: 'loud' });
    expectOneMessage(ended);
    expect(ended.stderr).toMatch(
      /^The environment does not fit:\n {2}PORT must .*\n {2}LOG_LEVEL must .*\n$/,
    );
  });

  test.each(['PORT', 'METRICS_PORT'])(
    'where its %s is taken, before anything is made',
    async (variable) => {
      const port = await listening((_request, response) => response.end());
      const database = await processes.empty();
      const environment = { ...(await on(database)), [variable]: port };
      const ended = await processes.startInVain(environment);
      expectOneMessage(ended);
      expect(ended.stderr).toBe(
        `Port ${port} of 127.0.0.1 is taken. Stop what listens there, or set ${variable} to a free port.\n`,
      );
      expect(await isMade(database)).toBe(false);
    },
  );

  test.each<[string, RequestListener]>([
    ['a stranger', (_request, response) => response.writeHead(404).end('Not here.')],
    [
      'the local pool of another database',
      (_request, response) =>
        response.end('{"installation":"5f0c9a2e-8a3e-4e6c-9d53-0d8c1c1b7f10","poolId":"p"}'),
    ],
  ])('where %s has the port of its local pool, which is left alone', async (_who, answer) => {
    const asked: string[] = [];
    const LOCAL_POOL_PORT = await listening((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      answer(request, response);
    });
    const environment = { ...(await on(await processes.prepared())), LOCAL_POOL_PORT };
    const ended = await processes.startInVain(environment);
    expectOneMessage(ended);
    expect(ended.stderr).toBe(
      `Something else answers at http://127.0.0.1:${LOCAL_POOL_PORT}. ` +
        'Stop it, or set LOCAL_POOL_PORT to a free port.\n',
    );
    expect(asked).toEqual(['GET /local-pool']);
  });
});

function outOfReach(): void {
  test('a PostgreSQL that cannot be had is named, without a stack or the password', async () => {
    const environment = await on(await processes.prepared());
    const url = new URL(environment.DATABASE_URL ?? '');
    url.username = 'stranger';
    url.password = 'not-to-be-told';
    const wrong = { ...environment, DATABASE_URL: url.href };
    for (const ended of await Promise.all([
      processes.startInVain(wrong),
      processes.lifeguard(['migrate'], wrong),
    ])) {
      expectOneMessage(ended);
      expect(ended.stderr).toMatch(
        /^The database of DATABASE_URL is out of reach: .* Start or create it, or correct DATABASE_URL\.\n$/,
      );
      expect(ended.stderr).not.toContain('not-to-be-told');
    }
  });

  test('a database that does not exist is named, and is not made', async () => {
    const environment = await on(await processes.prepared());
    const url = new URL(environment.DATABASE_URL ?? '');
    url.pathname = '/lifegaurd';
    const wrong = { ...environment, DATABASE_URL: url.href };
    for (const attempt of [1, 2]) {
      const ended = await processes.startInVain(wrong);
      expectOneMessage(ended);
      expect([attempt, ended.stderr]).toEqual([
        attempt,
        expect.stringMatching(
          /^The database of DATABASE_URL is out of reach: .*"lifegaurd" does not exist\. Start or create it, .*\n$/,
        ),
      ]);
    }
  });
}
if (onPostgres) describe('on PostgreSQL', outOfReach);

function embedded(): void {
  test('where a server has the port and the database, it is told which one has the database', async () => {
    const environment = await on(await processes.prepared());
    const { pid, origin } = await processes.start(environment);
    const ended = await processes.startInVain({ ...environment, PORT: new URL(origin).port });
    expectOneMessage(ended);
    expect(ended.stderr).toMatch(`database is held by the process ${pid}. Stop that server first,`);
  });

  test('a folder that no system lets anybody make is named with the remedy', async () => {
    const ended = await processes.startInVain({ DATA_DIR: '/proc/lifeguard' });
    expectOneMessage(ended);
    expect(ended.stderr).toMatch(
      /^The embedded database in \/proc\/lifeguard\/database cannot be written: .*\. Set DATA_DIR to a folder that this account may write, or set DATABASE_URL to a PostgreSQL\.\n$/,
    );
  });

  test('an embedded database that cannot be opened is named with the remedy', async () => {
    const DATA_DIR = await mkdtemp(join(tmpdir(), 'lifeguard-damaged-'));
    try {
      await mkdir(join(DATA_DIR, 'database'));
      await writeFile(join(DATA_DIR, 'database', 'PG_VERSION'), 'none');
      const ended = await processes.startInVain({ DATA_DIR });
      expectOneMessage(ended);
      expect(ended.stderr).toMatch(
        /^The embedded database in .*database cannot be opened: .* delete this one to begin anew\.\n$/,
      );
    } finally {
      await rm(DATA_DIR, { recursive: true });
    }
  });
}
if (!onPostgres) describe('on the embedded database', embedded);
