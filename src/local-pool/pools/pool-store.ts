import { notFound } from '../errors.js';
import type { Sql } from '../sql.js';
import type { ClientSettings } from './client-settings.js';
import type { PoolSettings } from './pool-settings.js';

export interface Pool {
  readonly id: string;
  readonly settings: PoolSettings;
  /** Seconds since the epoch. */
  readonly createdAt: number;
  readonly modifiedAt: number;
}

export interface PoolClient {
  readonly id: string;
  readonly poolId: string;
  readonly settings: ClientSettings;
  readonly createdAt: number;
  readonly modifiedAt: number;
}

interface Row {
  readonly id: string;
  readonly pool_id: string;
  readonly settings: string;
  readonly created_at: number;
  readonly modified_at: number;
}

const COLUMNS = `settings::text, extract(epoch from created_at)::float8 as created_at,
  extract(epoch from modified_at)::float8 as modified_at`;

/** Pools and their app clients. Nobody else changes one, so each is read once. */
export class PoolStore {
  readonly #sql: Sql;
  readonly #pools = new Map<string, Pool>();
  readonly #clients = new Map<string, PoolClient>();

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  async addPool(id: string, settings: PoolSettings): Promise<Pool> {
    await this.#sql.query(
      `insert into local_pool.pool (id, settings, created_at, modified_at)
       values ($1, $2::jsonb, now(), now())`,
      [id, JSON.stringify(settings)],
    );
    return this.pool(id);
  }

  /** @throws CognitoError ResourceNotFoundException */
  async pool(id: string): Promise<Pool> {
    const known = this.#pools.get(id);
    if (known !== undefined) return known;
    const [row] = await this.#sql.query<Row>(
      `select id, ${COLUMNS} from local_pool.pool where id = $1`,
      [id],
    );
    if (row === undefined) throw notFound(`User pool ${id} does not exist.`);
    const pool = { id: row.id, ...parsed<PoolSettings>(row) };
    this.#pools.set(id, pool);
    return pool;
  }

  async changePool({ id }: Pool, settings: PoolSettings): Promise<void> {
    await this.#sql.query(
      'update local_pool.pool set settings = $2::jsonb, modified_at = now() where id = $1',
      [id, JSON.stringify(settings)],
    );
    this.#pools.delete(id);
  }

  async removePool({ id }: Pool): Promise<void> {
    await this.#sql.query('delete from local_pool.pool where id = $1', [id]);
    this.#pools.delete(id);
    for (const client of this.#clients.values())
      if (client.poolId === id) this.#clients.delete(client.id);
  }

  /** By id. */
  async pools(after: string, limit: number): Promise<Pool[]> {
    const rows = await this.#sql.query<Row>(
      `select id, ${COLUMNS} from local_pool.pool where id > $1 order by id limit $2::int`,
      [after, limit],
    );
    return rows.map((row) => ({ id: row.id, ...parsed<PoolSettings>(row) }));
  }

  async addClient(id: string, poolId: string, settings: ClientSettings): Promise<PoolClient> {
    await this.#sql.query(
      `insert into local_pool.client (id, pool_id, settings, created_at, modified_at)
       values ($1, $2, $3::jsonb, now(), now())`,
      [id, poolId, JSON.stringify(settings)],
    );
    return this.client(id);
  }

  /** @throws CognitoError ResourceNotFoundException */
  async client(id: string): Promise<PoolClient> {
    const known = this.#clients.get(id);
    if (known !== undefined) return known;
    const [row] = await this.#sql.query<Row>(
      `select id, pool_id, ${COLUMNS} from local_pool.client where id = $1`,
      [id],
    );
    if (row === undefined) throw notFound(`User pool client ${id} does not exist.`);
    const client = clientOf(row);
    this.#clients.set(id, client);
    return client;
  }

  async changeClient({ id }: PoolClient, settings: ClientSettings): Promise<void> {
    await this.#sql.query(
      'update local_pool.client set settings = $2::jsonb, modified_at = now() where id = $1',
      [id, JSON.stringify(settings)],
    );
    this.#clients.delete(id);
  }

  async removeClient({ id }: PoolClient): Promise<void> {
    await this.#sql.query('delete from local_pool.client where id = $1', [id]);
    this.#clients.delete(id);
  }

  /** A pool's, by id. */
  async clients(poolId: string, after: string, limit: number): Promise<PoolClient[]> {
    const rows = await this.#sql.query<Row>(
      `select id, pool_id, ${COLUMNS} from local_pool.client
       where pool_id = $1 and id > $2 order by id limit $3::int`,
      [poolId, after, limit],
    );
    return rows.map(clientOf);
  }

  /** @throws CognitoError ResourceNotFoundException, for a client of another pool too */
  async clientOf(pool: Pool, id: string): Promise<PoolClient> {
    const client = await this.client(id);
    if (client.poolId !== pool.id) throw notFound(`User pool client ${id} does not exist.`);
    return client;
  }
}

function clientOf(row: Row): PoolClient {
  return { id: row.id, poolId: row.pool_id, ...parsed<ClientSettings>(row) };
}

function parsed<Settings>({ settings, created_at, modified_at }: Row) {
  const value: Settings = JSON.parse(settings);
  return { settings: value, createdAt: created_at, modifiedAt: modified_at };
}
