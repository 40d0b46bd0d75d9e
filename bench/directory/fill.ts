import type { MikroORM } from '@mikro-orm/postgresql';
import { v7 } from 'uuid';
import { writeProfiles } from '../../src/directory/pool-profile-rows.js';
import { personOf } from './people.js';

export interface Fill {
  readonly orm: MikroORM;
  readonly poolId: string;
  /** How many there are, and how many there are to be. */
  readonly from: number;
  readonly to: number;
}

const BATCH = 5_000;

/** Adds people, with accounts and mirrored profiles, through the statement that the mirror writes with. */
export async function fill({ orm, poolId, from, to }: Fill): Promise<void> {
  for (let first = from; first < to; first += BATCH) {
    const numbers = Array.from(
      { length: Math.min(BATCH, to - first) },
      (_, index) => first + index,
    );
    await addBatch(orm, poolId, numbers, to);
  }
  // So that the planner knows what there is, as autovacuum lets it know in time.
  await orm.em.fork().execute('vacuum analyze');
}

async function addBatch(
  orm: MikroORM,
  poolId: string,
  numbers: readonly number[],
  of: number,
): Promise<void> {
  const readAt = new Date();
  const people = numbers.map((number) => {
    const profile = personOf(number, of, readAt);
    return { user_id: v7(), identity_id: v7(), subject: v7(), profile };
  });
  const rows = people.map(({ profile: { username, poolCreatedAt }, ...ids }) => {
    return { ...ids, username, created_at: poolCreatedAt };
  });
  const em = orm.em.fork();
  await em.transactional(async (transaction) => {
    await transaction.execute(
      `insert into app_user (id, created_at, updated_at)
       select user_id, created_at, created_at
       from jsonb_to_recordset(?::jsonb) as row(user_id uuid, created_at timestamptz)`,
      [JSON.stringify(rows)],
    );
    await transaction.execute(
      `insert into identity (id, created_at, updated_at, user_id, pool_id, subject, username)
       select identity_id, created_at, created_at, user_id, ?, subject, username
       from jsonb_to_recordset(?::jsonb) as row(identity_id uuid, user_id uuid,
         created_at timestamptz, subject text, username text)`,
      [poolId, JSON.stringify(rows)],
    );
    await writeProfiles(
      transaction,
      new Map(people.map(({ identity_id, profile }) => [identity_id, profile])),
    );
  });
}
