import type { EntityData, EntityDictionary } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { AccessToken } from '../auth/access-token.js';
import type { KnownGroups } from '../auth/entitlements.js';
import type { Standing } from '../auth/revocation.js';
import { dataOfRow } from '../database/entity-of-row.js';
import { milliseconds } from '../database/milliseconds.js';
import { User } from './user.entity.js';

/** Tells the user's columns from the others. */
const OF_USER = 'user.';

/** What the database says of the sign-in that a token descends from, and of whose it is. */
export interface SignIn extends Standing, KnownGroups {
  readonly userId: string;
  readonly identityId: string;
  /** When a token of it was last noted to be seen; milliseconds since the epoch, null while never. */
  readonly seenAt: number | null;
  /** Of the user what is always loaded. Many requests have it: a date in it is never changed. */
  readonly user: Readonly<EntityData<User>>;
}

interface Row {
  readonly identity_id: string;
  readonly deleted: boolean;
  readonly enabled: boolean;
  readonly ended: boolean;
  readonly refused_before_ms: number | null;
  readonly groups: string | null;
  readonly groups_read_at_ms: number | null;
  readonly seen_at_ms: number | null;
}

/**
 * Looks a token's sign-in up, on the primary, in one statement. Undefined where nobody has the token's subject.
 */
export async function findSignIn(
  { poolId, subject, originJti }: AccessToken,
  em: EntityManager,
): Promise<SignIn | undefined> {
  const columns = loadedColumns(em);
  const [row] = await em.execute<(Row & Record<string, unknown>)[]>(
    `select ${columns.map((name) => `u."${name}" as "${OF_USER}${name}"`).join(', ')},
       identity.id as identity_id, identity.deleted_at is not null as deleted,
       coalesce(profile.enabled, true) as enabled, session.ended_at is not null as ended,
       ${milliseconds('u.refused_before')} as refused_before_ms,
       profile.groups::text as groups,
       ${milliseconds('profile.groups_read_at')} as groups_read_at_ms,
       ${milliseconds(`case when ?::text is null then identity.last_seen_at
                           else session.last_seen_at end`)} as seen_at_ms
     from identity join app_user as u on u.id = identity.user_id
     left join pool_profile as profile on profile.identity_id = identity.id
     left join session on session.pool_id = identity.pool_id and session.origin_jti = ?
     where identity.pool_id = ? and identity.subject = ?`,
    [originJti ?? null, originJti ?? null, poolId, subject],
  );
  if (row === undefined) return undefined;
  const user = Object.fromEntries(columns.map((name) => [name, row[OF_USER + name]]));
  return {
    userId: String(user.id),
    identityId: row.identity_id,
    deleted: row.deleted,
    enabled: row.enabled,
    ended: row.ended,
    refusedBefore: row.refused_before_ms,
    // A JSON array of texts, or null: what `writeGroups` keeps.
    groups: row.groups === null ? null : (JSON.parse(row.groups) as readonly string[] | null),
    groupsReadAt: row.groups_read_at_ms,
    seenAt: row.seen_at_ms,
    // A row of the table, by its columns.
    user: dataOfRow(em, User, user as EntityDictionary<User>),
  };
}

/** The columns of a user that MikroORM loads without being asked. */
function loadedColumns(em: EntityManager): string[] {
  return em
    .getMetadata(User)
    .props.filter(({ persist, lazy, fieldNames }) => persist !== false && !lazy && fieldNames)
    .flatMap(({ fieldNames }) => fieldNames);
}
