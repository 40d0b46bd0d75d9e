import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { administer, connected, databaseUrl, rowsOf } from '../support/postgres.js';
import { type PostgresServer, startPostgres } from '../support/postgres-server.js';
import { until } from '../support/process.js';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.js';

/** A PostgreSQL of its own behind a proxy: one can be as unkind to it as to no other. */
export interface FaultyDatabase {
  readonly proxy: TcpProxy;
  /** By way of the proxy. */
  readonly url: string;
  /** Stops it, and starts it after that. */
  restart(whileDown: () => Promise<unknown>): Promise<void>;
  /** Has another server follow this one, which stops for a moment for that. */
  standBy(): Promise<void>;
  /** Resolves once the server that stands by has all that was committed by now. */
  untilFollowed(): Promise<void>;
  /** This server crashes; the one that stands by takes its place, first for those who read, then for all. */
  failOver(whileDown: () => Promise<unknown>, whileReadOnly: () => Promise<unknown>): Promise<void>;
  /** Asks past the proxy. */
  sql<Row extends object>(statement: string): Promise<Row[]>;
  /** Holds a transaction open that has sent this, until what is returned is called. */
  hold(statement: string): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

const NAME = 'faulty';

export async function faultyDatabase(): Promise<FaultyDatabase> {
  const folder = await mkdtemp(join(tmpdir(), 'lifeguard-faulty-'));
  let postgres = await startPostgres(folder);
  let standby: PostgresServer | undefined;
  const servers: PostgresServer[] = [postgres];
  await administer(postgres.url, `create database ${NAME}`);
  const proxy = await startTcpProxy(targetOf(postgres));
  const way = new URL(databaseUrl(postgres.url, NAME));
  way.port = String(proxy.port);
  const here = () => databaseUrl(postgres.url, NAME);
  const sql = <Row extends object>(statement: string) => rowsOf<Row>(here(), statement);

  return {
    proxy,
    url: way.href,
    sql,
    restart: async (whileDown) => {
      await postgres.stop();
      await whileDown().finally(postgres.start);
    },
    standBy: async () => {
      standby = await postgres.standby();
      servers.push(standby);
    },
    untilFollowed: async () => {
      const [{ lsn } = { lsn: '' }] = await sql<{ lsn: string }>(
        'select pg_current_wal_lsn()::text as lsn',
      );
      await until(async () => {
        const followers = await sql<object>(
          `select pid from pg_stat_replication where replay_lsn >= '${lsn}'`,
        );
        return followers.length > 0 || undefined;
      });
    },
    failOver: async (whileDown, whileReadOnly) => {
      if (standby === undefined) throw new Error('Nothing stands by.');
      await postgres.crash();
      await whileDown();
      postgres = standby;
      standby = undefined;
      proxy.lead(targetOf(postgres));
      await whileReadOnly().finally(() => administer(postgres.url, 'select pg_promote()'));
    },
    hold: async (statement) => {
      const client = await connected(here());
      await client.query('begin');
      await client.query(statement);
      return () => client.end();
    },
    close: async () => {
      await proxy.close();
      for (const server of servers) await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function targetOf({ url }: PostgresServer) {
  const { hostname: host, port } = new URL(url);
  return { host, port: Number(port) };
}

/** Files, sockets and pipes that a process has open; undefined where the system does not tell. */
export async function openHandles(pid: number | undefined): Promise<number | undefined> {
  return readdir(`/proc/${pid}/fd`).then(
    ({ length }) => length,
    () => undefined,
  );
}
