import { invalidParameter, notFound } from '../errors.js';
import type { Sql } from '../sql.js';

/** ResourceServerType of the API, without the pool. */
export interface ResourceServer {
  readonly identifier: string;
  readonly name: string;
  readonly scopes: readonly { readonly ScopeName: string; readonly ScopeDescription: string }[];
}

type Settings = Omit<ResourceServer, 'identifier'>;

interface Row {
  readonly identifier: string;
  readonly settings: string;
}

/** The APIs that a pool's clients ask for access to, with the scopes of each. */
export class ResourceServerStore {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  /** @throws CognitoError InvalidParameterException where there is one of that name */
  async add(poolId: string, { identifier, ...settings }: ResourceServer): Promise<void> {
    const rows = await this.#sql.query(
      `insert into local_pool.resource_server (pool_id, identifier, settings)
       values ($1, $2, $3::jsonb) on conflict do nothing returning identifier`,
      [poolId, identifier, JSON.stringify(settings)],
    );
    if (rows.length === 0) throw invalidParameter(`Resource server ${identifier} already exists.`);
  }

  /** @throws CognitoError ResourceNotFoundException */
  async change(poolId: string, { identifier, ...settings }: ResourceServer): Promise<void> {
    const rows = await this.#sql.query(
      `update local_pool.resource_server set settings = $3::jsonb
       where pool_id = $1 and identifier = $2 returning identifier`,
      [poolId, identifier, JSON.stringify(settings)],
    );
    if (rows.length === 0) throw unknown(identifier);
  }

  /** @throws CognitoError ResourceNotFoundException */
  async remove(poolId: string, identifier: string): Promise<void> {
    const rows = await this.#sql.query(
      `delete from local_pool.resource_server where pool_id = $1 and identifier = $2
       returning identifier`,
      [poolId, identifier],
    );
    if (rows.length === 0) throw unknown(identifier);
  }

  /** @throws CognitoError ResourceNotFoundException */
  async resourceServer(poolId: string, identifier: string): Promise<ResourceServer> {
    const [row] = await this.#sql.query<Row>(
      `select identifier, settings::text from local_pool.resource_server
       where pool_id = $1 and identifier = $2`,
      [poolId, identifier],
    );
    if (row === undefined) throw unknown(identifier);
    return resourceServerOf(row);
  }

  async page(poolId: string, after: string, limit: number): Promise<ResourceServer[]> {
    const rows = await this.#sql.query<Row>(
      `select identifier, settings::text from local_pool.resource_server
       where pool_id = $1 and identifier > $2 order by identifier limit $3::int`,
      [poolId, after, limit],
    );
    return rows.map(resourceServerOf);
  }

  /** `<identifier>/<scope>` of all of a pool's. */
  async scopes(poolId: string): Promise<string[]> {
    const rows = await this.#sql.query<Row>(
      `select identifier, settings::text from local_pool.resource_server where pool_id = $1`,
      [poolId],
    );
    return rows
      .map(resourceServerOf)
      .flatMap(({ identifier, scopes }) =>
        scopes.map(({ ScopeName }) => `${identifier}/${ScopeName}`),
      );
  }
}

function resourceServerOf({ identifier, settings }: Row): ResourceServer {
  const kept: Settings = JSON.parse(settings);
  return { identifier, ...kept };
}

const unknown = (identifier: string) => notFound(`Resource server ${identifier} does not exist.`);
