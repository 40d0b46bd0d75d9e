import { isDeepStrictEqual } from 'node:util';
import { CognitoError } from '../errors.js';
import type { Pool } from '../pools/pool-store.js';
import type { Attributes } from './account.js';

/** Whether an alias that another account holds is taken over ("ForceAliasCreation" of the API). */
export type AliasConflict = 'refuse' | 'take over';

/** How the pool compares names: without case, unless it was created case-sensitive. */
export function nameKey(pool: Pool, name: string): string {
  return pool.settings.UsernameConfiguration.CaseSensitive ? name : name.toLowerCase();
}

/** For who changes an account; where an address is the user name, the API words it otherwise. */
export function aliasExists({ settings }: Pool, kind: string): CognitoError {
  const given = settings.UsernameAttributes.length > 0 ? 'given ' : '';
  return new CognitoError(
    'AliasExistsException',
    `An account with the ${given}${kind} already exists.`,
  );
}

/** For who makes an account: an address in place of a user name is a taken name. */
export function aliasTaken(pool: Pool, kind: string): CognitoError {
  const error = aliasExists(pool, kind);
  return pool.settings.UsernameAttributes.length > 0
    ? new CognitoError('UsernameExistsException', error.message)
    : error;
}

/**
 * Parts of the statement that writes the account `$2` of pool `$1`, so that it has its aliases or is not
 * written at all. The statement has eight parameters of its own, and names what it writes `written`.
 */
export interface AliasClaim {
  /** For its `with`, before `written`. */
  readonly conditions: string;
  /** Keeps it from writing where an alias is another's. */
  readonly from: string;
  /** For its `with`, after `written`. */
  readonly writes: string;
  /** The kind of alias that is another's, or null. */
  readonly held: string;
  readonly parameters: readonly [aliases: string] | readonly [];
}

const NO_CLAIM: AliasClaim = {
  conditions: '',
  from: '',
  writes: '',
  held: 'null::text',
  parameters: [],
};

/** What a change of attributes means for the aliases; most changes mean nothing. */
export function aliasClaim(
  pool: Pool,
  before: Attributes,
  after: Attributes,
  conflict: AliasConflict,
): AliasClaim {
  const aliases = aliasesOf(pool, after);
  if (isDeepStrictEqual(aliases, aliasesOf(pool, before))) return NO_CLAIM;
  const wanted = aliases.map((alias) => ({
    ...alias,
    movable: conflict === 'take over' && alias.kind !== 'preferred_username',
  }));
  return {
    conditions: CONDITIONS,
    from: 'from free',
    // Without the clause the unique key refuses: of two that race for an alias, one fails as a whole.
    writes: conflict === 'refuse' ? `${CLAIMED}),` : `${CLAIMED} ${MOVE}), ${UNVERIFIED},`,
    held: '(select kind from held where not movable limit 1)',
    parameters: [JSON.stringify(wanted)],
  };
}

/**
 * The aliases that attributes give an account: verified ones, and a preferred user name. Where the pool
 * signs in by an attribute instead of a user name, that attribute counts unverified too.
 */
export function aliasesOf(pool: Pool, attributes: Attributes) {
  const { AliasAttributes, UsernameAttributes } = pool.settings;
  const verified = AliasAttributes.filter(
    (kind) => kind === 'preferred_username' || attributes[`${kind}_verified`] === 'true',
  );
  return [...verified, ...UsernameAttributes].flatMap((kind) => {
    const value = attributes[kind];
    return value ? [{ kind, value: nameKey(pool, value) }] : [];
  });
}

const CONDITIONS = `
  wanted as (
    select kind, value, movable
    from jsonb_to_recordset($9::jsonb) as w(kind text, value text, movable boolean)),
  held as (
    select a.kind, a.sub, w.movable
    from local_pool.alias a join wanted w on w.kind = a.kind and w.value = a.value
    where a.pool_id = $1 and a.sub <> $2::uuid),
  free as (select 1 as one where not exists (select from held where not movable)),`;

const CLAIMED = `
  dropped as (
    delete from local_pool.alias a using written
    where a.pool_id = written.pool_id and a.sub = written.sub
      and not exists (select from wanted w where w.kind = a.kind and w.value = a.value)),
  claimed as (
    insert into local_pool.alias (pool_id, kind, value, sub)
    select written.pool_id, w.kind, w.value, written.sub from wanted w, written
    where not exists (
      select from local_pool.alias a where a.pool_id = written.pool_id and a.sub = written.sub
        and a.kind = w.kind and a.value = w.value)`;

const MOVE = 'on conflict (pool_id, kind, value) do update set sub = excluded.sub';

/** Who loses an alias keeps the address, unverified. */
const UNVERIFIED = `
  unverified as (
    update local_pool.account a
    set attributes = a.attributes || lost.attributes, version = a.version + 1
    from written, (
      select sub, jsonb_object_agg(kind || '_verified', 'false') as attributes
      from held where movable group by sub) lost
    where a.pool_id = written.pool_id and a.sub = lost.sub)`;
