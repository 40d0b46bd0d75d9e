import type { EntityManager } from '@mikro-orm/postgresql';
import { milliseconds } from '../database/milliseconds.js';
import type { PoolUserStatus } from '../user-pool/user-pool.js';
import type { MirroredProfile } from './mirrored-profile.js';

/** An identity that is not deleted, as accounts are made of it. */
export interface AccountIdentity {
  readonly id: string;
  readonly userId: string;
  readonly poolId: string;
  readonly subject: string;
  readonly username: string;
  readonly lastSeenAt: Date | null;
}

/** An identity with what the mirror has of it. */
export interface AccountRow {
  readonly identity: AccountIdentity;
  readonly mirror: MirroredProfile | undefined;
}

/** Times are milliseconds since the epoch. */
interface Row {
  readonly id: string;
  readonly user_id: string;
  readonly pool_id: string;
  readonly subject: string;
  readonly username: string;
  readonly last_seen_at: number | null;
  /** Null where the mirror has nothing of the identity, like all that follows. */
  readonly attributes: string | null;
  readonly status: PoolUserStatus;
  readonly enabled: boolean;
  readonly pool_created_at: number;
  readonly pool_modified_at: number;
  readonly attributes_read_at: number;
  readonly groups: string | null;
  readonly groups_read_at: number | null;
}

/** The accounts of users, the one last used first: one statement. */
export function accountsOfUsers(em: EntityManager, userIds: readonly string[]) {
  return accountRows(em, 'identity.user_id', userIds);
}

/** Accounts by the ids of their identities, deleted ones excepted: one statement. */
export function accountsOfIds(em: EntityManager, ids: readonly string[]) {
  return accountRows(em, 'identity.id', ids);
}

/** By hand, since lists of people ask it: MikroORM takes ten times as long to write it and to read its answer. */
async function accountRows(
  em: EntityManager,
  column: 'identity.user_id' | 'identity.id',
  ids: readonly string[],
): Promise<readonly AccountRow[]> {
  const rows = await em.getConnection('read').execute<Row[]>(
    `select identity.id, user_id, pool_id, subject, username,
       ${milliseconds('last_seen_at')} as last_seen_at, attributes::text as attributes, status, enabled,
       ${milliseconds('pool_created_at')} as pool_created_at,
       ${milliseconds('pool_modified_at')} as pool_modified_at,
       ${milliseconds('attributes_read_at')} as attributes_read_at,
       groups::text as groups, ${milliseconds('groups_read_at')} as groups_read_at
     from identity left join pool_profile on pool_profile.identity_id = identity.id
     where ${column} = any(?::uuid[]) and deleted_at is null
     order by identity.last_seen_at desc nulls last, identity.id`,
    [`{${ids.join(',')}}`],
    'all',
    em.getTransactionContext(),
  );
  return rows.map((row) => ({ identity: identityOf(row), mirror: mirrorOf(row) }));
}

function identityOf(row: Row): AccountIdentity {
  const { id, user_id: userId, pool_id: poolId, subject, username, last_seen_at: seenAt } = row;
  const lastSeenAt = seenAt === null ? null : new Date(seenAt);
  return { id, userId, poolId, subject, username, lastSeenAt };
}

function mirrorOf(row: Row): MirroredProfile | undefined {
  if (row.attributes === null) return undefined;
  return {
    username: row.username,
    // What `writeProfiles` keeps: texts by their names, and a list of names.
    attributes: JSON.parse(row.attributes) as Readonly<Record<string, string>>,
    status: row.status,
    enabled: row.enabled,
    poolCreatedAt: new Date(row.pool_created_at),
    poolModifiedAt: new Date(row.pool_modified_at),
    attributesReadAt: new Date(row.attributes_read_at),
    groups: row.groups === null ? null : (JSON.parse(row.groups) as readonly string[] | null),
    groupsReadAt: row.groups_read_at === null ? null : new Date(row.groups_read_at),
  };
}
