import type { EntityManager } from '@mikro-orm/postgresql';
import { v7 } from 'uuid';
import type { MirroredProfile } from './mirrored-profile.js';
import { searchTextsOf } from './search-text.js';

/**
 * Keeps what pools said, by identity id, in one statement. An answer that is older than what is kept, by the
 * pool's last-modified and then by when it was asked for, changes nothing: a late one never overwrites a newer
 * one, and of an account that is gone by now nothing comes back. What is searched is made of it here, whoever writes.
 */
export async function writeProfiles(
  em: EntityManager,
  profiles: ReadonlyMap<string, MirroredProfile>,
): Promise<void> {
  await upsertProfiles(em, profiles);
}

/** What a walk through a pool has read of an account. */
export interface SweptAccount {
  readonly profile: MirroredProfile;
  readonly groups: ReadGroups;
}

/**
 * Keeps attributes and groups together, each unless younger ones are kept: one statement, and another for the
 * groups of accounts whose attributes are younger already.
 */
export async function writeAccounts(
  em: EntityManager,
  accounts: ReadonlyMap<string, SweptAccount>,
): Promise<void> {
  const written = await upsertProfiles(
    em,
    new Map(
      [...accounts].map(([id, { profile, groups }]) => [
        id,
        { ...profile, groups: groups.names, groupsReadAt: groups.askedAt },
      ]),
    ),
  );
  const others = [...accounts].filter(([id]) => !written.has(id));
  if (others.length === 0) return;
  await writeGroups(em, new Map(others.map(([id, { groups }]) => [id, groups])));
}

/** Answers with the ids of the accounts whose attributes were no older than those that were kept. */
async function upsertProfiles(
  em: EntityManager,
  profiles: ReadonlyMap<string, MirroredProfile>,
): Promise<ReadonlySet<string>> {
  const rows = [...profiles].map(([identityId, profile]) => ({
    ...searchColumnsOf(profile),
    id: v7(),
    identity_id: identityId,
    attributes: profile.attributes,
    status: profile.status,
    enabled: profile.enabled,
    pool_created_at: profile.poolCreatedAt,
    pool_modified_at: profile.poolModifiedAt,
    attributes_read_at: profile.attributesReadAt,
    groups: profile.groups,
    groups_read_at: profile.groupsReadAt,
  }));
  const written = await em.execute<{ identity_id: string }[]>(
    `insert into pool_profile (id, created_at, updated_at, identity_id, attributes, status, enabled,
                               pool_created_at, pool_modified_at, attributes_read_at, groups, groups_read_at,
                               search_names, search_contacts, email_key, phone_key, username_key)
     with said as (
       select * from jsonb_to_recordset(?::jsonb) as row(
         id uuid, identity_id uuid, attributes jsonb, status text, enabled boolean,
         pool_created_at timestamptz, pool_modified_at timestamptz, attributes_read_at timestamptz,
         groups jsonb, groups_read_at timestamptz,
         search_names text, search_contacts text, email_key text, phone_key text, username_key text)),
     account as (
       select id from identity where id in (select identity_id from said) and deleted_at is null
       order by id for no key update)
     select id, now(), now(), identity_id, attributes, status, enabled,
            pool_created_at, pool_modified_at, attributes_read_at, groups, groups_read_at,
            search_names, search_contacts, email_key, phone_key, username_key
     from said where identity_id in (select id from account) order by identity_id
     on conflict (identity_id) do update set
       updated_at = now(), attributes = excluded.attributes, status = excluded.status,
       enabled = excluded.enabled, pool_created_at = excluded.pool_created_at,
       pool_modified_at = excluded.pool_modified_at, attributes_read_at = excluded.attributes_read_at,
       groups = case when pool_profile.groups_read_at is null
                       or pool_profile.groups_read_at <= excluded.groups_read_at
                     then coalesce(excluded.groups, pool_profile.groups) else pool_profile.groups end,
       groups_read_at = greatest(pool_profile.groups_read_at, excluded.groups_read_at),
       search_names = excluded.search_names, search_contacts = excluded.search_contacts,
       email_key = excluded.email_key, phone_key = excluded.phone_key,
       username_key = excluded.username_key
     where (pool_profile.pool_modified_at, pool_profile.attributes_read_at)
        <= (excluded.pool_modified_at, excluded.attributes_read_at)
     returning identity_id`,
    [JSON.stringify(rows)],
  );
  return new Set(written.map(({ identity_id: id }) => id));
}

function searchColumnsOf({ attributes, username }: MirroredProfile) {
  const {
    names,
    contacts,
    email,
    phoneNumber,
    username: name,
  } = searchTextsOf(attributes, username);
  return {
    search_names: names,
    search_contacts: contacts,
    email_key: email,
    phone_key: phoneNumber,
    username_key: name,
  };
}

/** Groups have no last-modified at the pool: they are as new as the moment at which it was asked. */
export interface ReadGroups {
  readonly names: readonly string[];
  readonly askedAt: Date;
}

/**
 * Keeps group names by identity id, unless younger ones are kept; accounts without a mirrored profile are
 * passed over.
 */
export async function writeGroups(
  em: EntityManager,
  groups: ReadonlyMap<string, ReadGroups>,
): Promise<void> {
  const rows = [...groups].map(([identityId, { names, askedAt }]) => ({
    identity_id: identityId,
    names,
    asked_at: askedAt,
  }));
  await em.execute(
    `update pool_profile set groups = row.names, groups_read_at = row.asked_at, updated_at = now()
     from jsonb_to_recordset(?::jsonb) as row(identity_id uuid, names jsonb, asked_at timestamptz)
     where pool_profile.identity_id = row.identity_id
       and (groups_read_at is null or groups_read_at <= row.asked_at)`,
    [JSON.stringify(rows)],
  );
}
