import type { Account } from '../accounts/account.js';
import { CognitoError, notFound } from '../errors.js';
import type { Sql } from '../sql.js';

export interface Group {
  readonly name: string;
  readonly description: string | undefined;
  readonly precedence: number | undefined;
  readonly createdAt: number;
  readonly modifiedAt: number;
}

interface Row {
  readonly name: string;
  readonly settings: string;
  readonly created_at: number;
  readonly modified_at: number;
}

const COLUMNS = `g.name, g.settings::text, extract(epoch from g.created_at)::float8 as created_at,
  extract(epoch from g.modified_at)::float8 as modified_at`;

/** Groups and who is in them. */
export class GroupStore {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  /** @throws CognitoError GroupExistsException */
  async add(poolId: string, name: string, settings: object): Promise<Group> {
    const rows = await this.#sql.query(
      `insert into local_pool.pool_group (pool_id, name, settings, created_at, modified_at)
       values ($1, $2, $3::jsonb, now(), now()) on conflict do nothing returning name`,
      [poolId, name, JSON.stringify(settings)],
    );
    if (rows.length === 0)
      throw new CognitoError('GroupExistsException', 'A group with the name already exists.');
    return this.group(poolId, name);
  }

  async change(poolId: string, name: string, settings: object): Promise<Group> {
    await this.#sql.query(
      `update local_pool.pool_group set settings = settings || $3::jsonb, modified_at = now()
       where pool_id = $1 and name = $2`,
      [poolId, name, JSON.stringify(settings)],
    );
    return this.group(poolId, name);
  }

  async remove(poolId: string, name: string): Promise<void> {
    await this.#sql.query('delete from local_pool.pool_group where pool_id = $1 and name = $2', [
      poolId,
      name,
    ]);
  }

  /** @throws CognitoError ResourceNotFoundException */
  async group(poolId: string, name: string): Promise<Group> {
    const [row] = await this.#sql.query<Row>(
      `select ${COLUMNS} from local_pool.pool_group g where g.pool_id = $1 and g.name = $2`,
      [poolId, name],
    );
    if (row === undefined) throw notFound('Group not found.');
    return groupOf(row);
  }

  async page(poolId: string, after: string, limit: number): Promise<Group[]> {
    const rows = await this.#sql.query<Row>(
      `select ${COLUMNS} from local_pool.pool_group g
       where g.pool_id = $1 and g.name > $2 order by g.name limit $3::int`,
      [poolId, after, limit],
    );
    return rows.map(groupOf);
  }

  async pageOf({ poolId, sub }: Account, after: string, limit: number): Promise<Group[]> {
    const rows = await this.#sql.query<Row>(
      `select ${COLUMNS} from local_pool.pool_group g join local_pool.membership m
         on m.pool_id = g.pool_id and m.group_name = g.name
       where m.pool_id = $1 and m.sub = $2::uuid and g.name > $3 order by g.name limit $4::int`,
      [poolId, sub, after, limit],
    );
    return rows.map(groupOf);
  }

  async namesOf({ poolId, sub }: Account): Promise<string[]> {
    const rows = await this.#sql.query<{ group_name: string }>(
      `select group_name from local_pool.membership
       where pool_id = $1 and sub = $2::uuid order by group_name`,
      [poolId, sub],
    );
    return rows.map(({ group_name }) => group_name);
  }

  async join({ poolId, sub }: Account, { name }: Group): Promise<void> {
    await this.#sql.query(
      `insert into local_pool.membership (pool_id, group_name, sub) values ($1, $2, $3::uuid)
       on conflict do nothing`,
      [poolId, name, sub],
    );
  }

  async leave({ poolId, sub }: Account, { name }: Group): Promise<void> {
    await this.#sql.query(
      'delete from local_pool.membership where pool_id = $1 and group_name = $2 and sub = $3::uuid',
      [poolId, name, sub],
    );
  }
}

function groupOf({ name, settings, created_at, modified_at }: Row): Group {
  const { Description, Precedence }: { Description?: string; Precedence?: number } =
    JSON.parse(settings);
  return {
    name,
    description: Description,
    precedence: Precedence,
    createdAt: created_at,
    modifiedAt: modified_at,
  };
}
