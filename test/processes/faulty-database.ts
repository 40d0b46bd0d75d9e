import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MikroORM } from '@mikro-orm/postgresql';
import { administer, databaseUrl } from '../support/postgres.js';
import { type PostgresServer, startPostgres } from '../support/postgres-server.js';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.js';

/** A PostgreSQL of its own behind a proxy: one can be as unkind to it as to no other. */
export interface FaultyDatabase {
  readonly proxy: TcpProxy;
  /** By way of the proxy. */
  readonly url: string;
  /** Stops it, and starts it after that. */
  restart(whileDown: () => Promise<unknown>): Promise<void>;
  /** Another server, which has the same rows, takes the place of the first one, which is gone. */
  failOver(): Promise<void>;
  /** Asks past the proxy. */
  sql<Row>(statement: string): Promise<Row[]>;
  /** Asks in another database, where this one's settings do not hold. */
  administer(statement: string): Promise<void>;
  /** Holds a transaction open that has sent this, until what is returned is called. */
  hold(statement: string): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

const NAME = 'faulty';

export async function faultyDatabase(): Promise<FaultyDatabase> {
  const folder = await mkdtemp(join(tmpdir(), 'lifeguard-faulty-'));
  let postgres = await startPostgres(folder);
  const servers: PostgresServer[] = [postgres];
  await administer(postgres.url, `create database ${NAME}`);
  const proxy = await startTcpProxy(targetOf(postgres));
  const way = new URL(databaseUrl(postgres.url, NAME));
  way.port = String(proxy.port);
  const connect = () =>
    MikroORM.init({
      clientUrl: databaseUrl(postgres.url, NAME),
      entities: [],
      discovery: { warnWhenNoEntities: false },
    });

  async function sql<Row>(statement: string): Promise<Row[]> {
    const orm = await connect();
    try {
      return await orm.em.fork().execute<Row[]>(statement);
    } finally {
      await orm.close(true);
    }
  }

  return {
    proxy,
    url: way.href,
    sql,
    administer: (statement) => administer(postgres.url, statement),
    restart: async (whileDown) => {
      await postgres.stop();
      await whileDown();
      await postgres.start();
    },
    failOver: async () => {
      await postgres.stop();
      postgres = await postgres.twin();
      servers.push(postgres);
      proxy.lead(targetOf(postgres));
    },
    hold: async (statement) => {
      const orm = await connect();
      const em = orm.em.fork();
      await em.begin();
      await em.execute(statement);
      return async () => {
        await em.rollback();
        await orm.close(true);
      };
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
