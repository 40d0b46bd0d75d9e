import type { EntityManager } from '@mikro-orm/postgresql';
import type { AccountHint } from './account-hint.js';

/**
 * Refuses the tokens of accounts that were signed out, as of then. That cannot be asked of a pool, so what is hinted
 * has to do; whoever hints falsely, or again, ends sign-ins up to the moment they name or now, and none that follows.
 */
export async function refuseSignedOut(
  em: EntityManager,
  hints: readonly (AccountHint & { readonly poolId: string })[],
): Promise<void> {
  const rows = hints
    .filter(({ signedOutAt }) => signedOutAt !== undefined)
    .map(({ poolId, subject, username, signedOutAt }) => ({
      pool_id: poolId,
      subject,
      username,
      at: signedOutAt,
    }));
  if (rows.length === 0) return;
  await em.execute(
    `with hinted as (
       select * from jsonb_to_recordset(?::jsonb) as row(
         pool_id text, subject text, username text, at timestamptz)),
     signed_out as (
       select user_id, least(max(hinted.at), now()) as at
       from hinted join identity on identity.pool_id = hinted.pool_id
         and (identity.subject = hinted.subject
              or (hinted.subject is null and identity.username = hinted.username))
       group by user_id)
     update app_user set refused_before = signed_out.at, updated_at = now() from signed_out
     where app_user.id = signed_out.user_id
       and (refused_before is null or refused_before < signed_out.at)`,
    [JSON.stringify(rows)],
  );
}
