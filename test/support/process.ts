import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { openDatabase } from '../../src/database/open.js';
import { entities } from '../../src/features.js';
import { emptyDatabase, onPostgres, type TestDatabase, testDatabaseOnDisk } from './database.js';
import { freePort } from './free-port.js';
import { rowsOf } from './postgres.js';

export type Environment = Readonly<Record<string, string>>;

const built = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const MAIN = built('src/main.js');
const LIFEGUARD = built('src/cli/lifeguard.js');
const ROOT = built('..');

/** Milliseconds for whatever is waited for; a busy machine takes its time. */
const PATIENCE = 50_000;

export interface Ended {
  /** Null where a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface GraphQLAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // Tests say themselves what they expect of an answer.
  // biome-ignore lint/suspicious/noExplicitAny: see above
  readonly data: any;
  // biome-ignore lint/suspicious/noExplicitAny: see above
  readonly errors: any;
}

export interface RunningServer {
  readonly pid: number | undefined;
  /** Such as `http://127.0.0.1:4000`. */
  readonly origin: string;
  /** Where the server would have, or has found, the local pool. */
  readonly poolEndpoint: string;
  /** Everything written so far. */
  output(): string;
  /** Resolves once that was written. */
  says(text: string): Promise<void>;
  ask(query: string, token?: string, variables?: object): Promise<GraphQLAnswer>;
  /** Sends a signal that does not end it. */
  signal(signal: NodeJS.Signals): void;
  /** Sends a signal and waits for the end. */
  end(signal?: NodeJS.Signals): Promise<Ended>;
}

/** Where something is written: to whoever started it, or to a file descriptor. */
type Output = 'pipe' | number;

export interface RunningCommand {
  readonly pid: number | undefined;
  /** Whoever reads its standard output goes away. */
  stopReading(): void;
  /** Everything written so far. */
  output(): string;
  readonly ended: Promise<Ended>;
  /** Sends a signal and waits for the end. */
  end(signal: NodeJS.Signals): Promise<Ended>;
}

interface Child {
  readonly child: ChildProcess;
  readonly output: () => Ended;
  readonly ended: Promise<Ended>;
}

/** The processes and databases of one test, which `clear` ends and drops. */
export class Processes {
  readonly #children: Child[] = [];
  readonly #databases: TestDatabase[] = [];

  /** A migrated and seeded database; each server on it needs the environment of `on`. */
  async prepared(): Promise<TestDatabase> {
    return this.#kept(await testDatabaseOnDisk());
  }

  /** An empty database; the embedded one in a folder that is not there yet. */
  async empty(): Promise<TestDatabase> {
    return this.#kept(onPostgres ? await emptyDatabase() : await emptyFolder());
  }

  /** Starts a server; rejects with what it says where it does not come up. */
  async start(environment: Environment): Promise<RunningServer> {
    const started = this.#spawn([MAIN], { PORT: '0', ...environment });
    const address = await Promise.race([
      until(() => /answers at (http\S+)\/graphql/.exec(started.output().stdout)?.[1]),
      started.ended.then(({ stdout, stderr }) => {
        throw new Error(`The server did not start:\n${stdout}${stderr}`);
      }),
    ]);
    return serverOf(started, address, environment);
  }

  /** Starts a server that is expected to end by itself. */
  startInVain(environment: Environment): Promise<Ended> {
    return this.#ended([MAIN], { PORT: '0', ...environment });
  }

  lifeguard(args: readonly string[], environment: Environment): Promise<Ended> {
    return this.#ended([LIFEGUARD, ...args], environment);
  }

  /** A command that goes on until it is done, or ended. */
  beginLifeguard(args: readonly string[], environment: Environment): RunningCommand {
    return this.#begin([LIFEGUARD, ...args], environment);
  }

  /** A server that need not come up; its standard output is kept, or goes to a file that is open. */
  beginServer(environment: Environment, stdout: Output = 'pipe'): RunningCommand {
    return this.#begin([MAIN], { PORT: '0', ...environment }, stdout);
  }

  mikroOrm(args: readonly string[], environment: Environment): Promise<Ended> {
    return this.#ended([join(ROOT, 'node_modules/.bin/mikro-orm'), ...args], environment);
  }

  async clear(): Promise<void> {
    for (const { child, ended } of this.#children.splice(0)) {
      child.kill('SIGKILL');
      await ended;
    }
    for (const database of this.#databases.splice(0)) await database.drop();
  }

  #kept(database: TestDatabase): TestDatabase {
    this.#databases.push(database);
    return database;
  }

  #begin(args: readonly string[], environment: Environment, stdout?: Output): RunningCommand {
    const { child, output, ended } = this.#spawn(args, environment, stdout);
    return {
      pid: child.pid,
      stopReading: () => child.stdout?.destroy(),
      output: () => output().stdout + output().stderr,
      ended,
      end: (signal) => {
        child.kill(signal);
        return ended;
      },
    };
  }

  #ended(args: readonly string[], environment: Environment): Promise<Ended> {
    const { ended } = this.#spawn(args, environment);
    return Promise.race([ended, late('The process did not end.')]);
  }

  #spawn(args: readonly string[], environment: Environment, stdout: Output = 'pipe'): Child {
    const child = spawn(process.execPath, args, {
      cwd: ROOT,
      env: {
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        NO_COLOR: '1',
        // Whether a busy machine is slow is not what these tests look at.
        SLOW_QUERY_MS: '0',
        ...environment,
      },
      stdio: ['ignore', stdout, 'pipe'],
    });
    const written = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const)
      child[name]?.setEncoding('utf8').on('data', (chunk: string) => {
        written[name] += chunk;
      });
    const output = () => ({ code: child.exitCode, ...written });
    const spawned = { child, output, ended: once(child, 'close').then(output) };
    this.#children.push(spawned);
    return spawned;
  }
}

/** What a server on that database is started with; its local pool gets a free port. */
export async function on({ location }: TestDatabase): Promise<Environment> {
  return {
    LOCAL_POOL_PORT: String(await freePort()),
    ...('url' in location
      ? { DATABASE_URL: location.url }
      : { DATA_DIR: dirname(location.folder) }),
  };
}

/** Looks into a database; the embedded one must not be held. */
export async function look<Row extends object>(
  { location }: TestDatabase,
  sql: string,
): Promise<Row[]> {
  if ('url' in location) return rowsOf<Row>(location.url, sql);
  const { orm, close } = await openDatabase({ location, entities });
  try {
    return await orm.em.fork().execute<Row[]>(sql);
  } finally {
    await close();
  }
}

/** Waits for a value, looking again and again. */
export async function until<T>(
  look: () => T | undefined | Promise<T | undefined>,
  patience = PATIENCE,
): Promise<T> {
  for (const end = Date.now() + patience; Date.now() < end; await sleep(15)) {
    const found = await look();
    if (found !== undefined) return found;
  }
  throw new Error('Waited in vain.');
}

async function late(message: string): Promise<never> {
  await sleep(PATIENCE, undefined, { ref: false });
  throw new Error(message);
}

function serverOf({ child, output, ended }: Child, origin: string, env: Environment) {
  const text = () => output().stdout + output().stderr;
  return {
    pid: child.pid,
    origin,
    poolEndpoint: `http://127.0.0.1:${env.LOCAL_POOL_PORT}`,
    output: text,
    says: async (wanted: string) => {
      await until(() => (text().includes(wanted) ? true : undefined));
    },
    ask: (query: string, token?: string, variables = {}) =>
      ask(`${origin}/graphql`, { query, variables }, token),
    signal: (signal: NodeJS.Signals) => void child.kill(signal),
    end: (signal: NodeJS.Signals = 'SIGTERM') => {
      child.kill(signal);
      return Promise.race([ended, late('The server did not end.')]);
    },
  };
}

async function ask(url: string, body: object, token?: string): Promise<GraphQLAnswer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  const { data, errors } = JSON.parse(text);
  return { status: response.status, headers: response.headers, text, data, errors };
}

async function emptyFolder(): Promise<TestDatabase> {
  const folder = await mkdtemp(join(tmpdir(), 'lifeguard-empty-'));
  return {
    location: { folder: join(folder, 'home', 'database') },
    drop: () => rm(folder, { recursive: true, force: true }),
  };
}
