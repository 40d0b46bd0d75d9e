import { CognitoError } from './errors.js';
import type { Sql } from './sql.js';

/** What a pool was created with, by the API's names, completed by its defaults. */
export interface PoolSettings {
  readonly PoolName: string;
  readonly AliasAttributes: readonly string[];
  readonly UsernameAttributes: readonly string[];
  readonly AutoVerifiedAttributes: readonly string[];
  readonly UsernameConfiguration: { readonly CaseSensitive: boolean };
  readonly Policies: { readonly PasswordPolicy: PasswordPolicy };
}

export interface PasswordPolicy {
  readonly MinimumLength: number;
  readonly RequireUppercase: boolean;
  readonly RequireLowercase: boolean;
  readonly RequireNumbers: boolean;
  readonly RequireSymbols: boolean;
  readonly TemporaryPasswordValidityDays: number;
}

export interface Pool {
  readonly id: string;
  readonly settings: PoolSettings;
  /** Seconds since the epoch. */
  readonly createdAt: number;
  readonly modifiedAt: number;
}

export interface ClientSettings {
  readonly ClientName: string;
  readonly ExplicitAuthFlows: readonly string[];
  readonly PreventUserExistenceErrors: string;
  readonly EnableTokenRevocation: boolean;
  readonly AccessTokenValidity?: number | undefined;
  readonly IdTokenValidity?: number | undefined;
  readonly RefreshTokenValidity: number;
  readonly TokenValidityUnits?: Readonly<Record<string, string>> | undefined;
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

/** Pools and their app clients. */
export class PoolStore {
  readonly #sql: Sql;

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
    const [row] = await this.#sql.query<Row>(
      `select id, ${COLUMNS} from local_pool.pool where id = $1`,
      [id],
    );
    if (row !== undefined) return { id: row.id, ...parsed<PoolSettings>(row) };
    throw new CognitoError('ResourceNotFoundException', `User pool ${id} does not exist.`);
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
    const [row] = await this.#sql.query<Row>(
      `select id, pool_id, ${COLUMNS} from local_pool.client where id = $1`,
      [id],
    );
    if (row !== undefined)
      return { id: row.id, poolId: row.pool_id, ...parsed<ClientSettings>(row) };
    throw new CognitoError('ResourceNotFoundException', `User pool client ${id} does not exist.`);
  }

  /** @throws CognitoError ResourceNotFoundException for a client of another pool too */
  async clientOf(pool: Pool, id: string): Promise<PoolClient> {
    const client = await this.client(id);
    if (client.poolId === pool.id) return client;
    throw new CognitoError('ResourceNotFoundException', `User pool client ${id} does not exist.`);
  }
}

function parsed<Settings>({ settings, created_at, modified_at }: Row) {
  const value: Settings = JSON.parse(settings);
  return { settings: value, createdAt: created_at, modifiedAt: modified_at };
}
