import type { EntityManager } from '@mikro-orm/postgresql';
import type { App } from '../request/app.js';
import { Account } from './account.js';
import { accountsOfIds } from './account-rows.js';
import { mirrorOf } from './mirror.js';

/** By which of the mirror's keys accounts are compared. */
export type DuplicateKey = 'email_key' | 'phone_key';

/** A value that several accounts have. */
export interface Duplicated {
  readonly value: string;
  /** How many accounts have it, also of those that are not among `accounts`. */
  readonly count: number;
  readonly accounts: readonly Account[];
}

interface DuplicatedRow {
  readonly value: string;
  readonly count: number;
  readonly ids: readonly string[];
}

/** Anyone may sign up with the same address again and again: this many of them are shown. */
const MOST_ACCOUNTS = 25;

/**
 * Values that more than one account has, of any pools, in the order of their Unicode numbers: one statement
 * for a page of values and one for their accounts. The mirror is read as it is; no pool is asked.
 */
export async function duplicatesOf(
  em: EntityManager,
  app: App,
  { by, after, limit }: { by: DuplicateKey; after: string | undefined; limit: number },
): Promise<readonly Duplicated[]> {
  const rows = await em
    .getConnection('read')
    .execute<DuplicatedRow[]>(pageOf(by), [after ?? '', MOST_ACCOUNTS, limit]);
  const ids = rows.flatMap((row) => row.ids);
  const accounts = new Map(
    mirrorOf(app)
      .kept(ids.length === 0 ? [] : await accountsOfIds(em, ids))
      .map((mirrored) => [mirrored.identity.id, new Account(mirrored)]),
  );
  return rows.map(({ value, count, ids: shown }) => ({
    value,
    count,
    accounts: shown.flatMap((id) => accounts.get(id) ?? []),
  }));
}

/** The key's index is walked for values that occur twice; only of those are the accounts looked at. */
function pageOf(key: DuplicateKey): string {
  const verified = key === 'email_key' ? 'email_verified' : 'phone_number_verified';
  return `
    select candidate.value, accounts.count, accounts.ids
    from (
      select ${key} as value from pool_profile where ${key} > ?
      group by ${key} having count(*) > 1 order by ${key}
    ) as candidate cross join lateral (
      select count(*)::int as count,
        to_jsonb((array_agg(identity.id order by
          coalesce(pool_profile.attributes->>'${verified}', '') = 'true' desc,
          identity.last_seen_at desc nulls last, identity.id))[1:?]) as ids
      from pool_profile join identity on identity.id = pool_profile.identity_id
      where pool_profile.${key} = candidate.value and identity.deleted_at is null
    ) as accounts
    where accounts.count > 1
    order by candidate.value limit ?`;
}
