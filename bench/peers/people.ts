import pg from 'pg';
import { DATABASE_URL } from './environment.ts';

/** As many connections as Lifeguard has by default. */
export const pool = new pg.Pool({ connectionString: DATABASE_URL, max: 10 });

export interface User {
  readonly id: string;
}

export interface Profile {
  readonly name: string | null;
  readonly picture: string | null;
}

/** The first users, the oldest first. */
export async function firstUsers(count: number): Promise<User[]> {
  const { rows } = await pool.query<User>(
    'select id from app_user order by created_at, id limit $1',
    [count],
  );
  return rows;
}

/** In the order of the ids. */
export async function profilesOf(userIds: readonly string[]): Promise<(Profile | null)[]> {
  const { rows } = await pool.query<Profile & { user_id: string }>(
    `select identity.user_id, attributes->>'name' as name, attributes->>'picture' as picture
     from identity join pool_profile on pool_profile.identity_id = identity.id
     where identity.user_id = any($1) and identity.deleted_at is null`,
    [userIds],
  );
  const profiles = new Map(rows.map((row) => [row.user_id, row]));
  return userIds.map((id) => profiles.get(id) ?? null);
}
