import type { EntityManager } from '@mikro-orm/postgresql';
import { Role } from '../../auth/role.js';
import { withoutRowRules } from '../../database/row-view.js';
import { Identity, refreshAccount } from '../../directory/index.js';
import type { App } from '../../request/app.js';
import { PoolUnavailableError, PoolUserNotFoundError } from '../../user-pool/index.js';
import { LastAdminError } from './back-office.errors.js';

/** What may take administrators away: a user as a whole, a user from a group, or a group from everybody. */
export interface Loss {
  readonly userId?: string | null;
  /** As `pool/group`. */
  readonly group?: string | null;
}

interface Membership {
  readonly userId: string;
  readonly poolId: string;
  readonly group: string;
}

/** Names the lock of decisions on who stays an administrator. */
const LOCK = 'lifeguard admins';

/** Accounts that are looked up at the pool before one is taken for an administrator who stays. */
const CONFIRMED_AT_POOL = 5;

/** Whether members of the group, given as `pool/group`, are administrators. */
export function isAdminGroup({ config }: App, group: string): boolean {
  return config.roleGroups.some(
    (rule) =>
      rule.role === Role.ADMIN &&
      group.endsWith(`/${rule.group}`) &&
      (rule.poolId === undefined || group === `${rule.poolId}/${rule.group}`),
  );
}

/**
 * Decides, one at a time over all servers, that somebody stays who can sign in as an administrator: by the
 * mirror, and with what was intended before and is not done yet.
 * @throws LastAdminError
 */
export async function keepAnAdmin(em: EntityManager, app: App, loss: Loss): Promise<void> {
  await withoutRowRules(em, 'who stays an administrator is decided over everybody').execute(
    'select pg_advisory_xact_lock(hashtext(?))',
    [LOCK],
  );
  const pending = await withoutRowRules(
    em,
    'who stays an administrator is decided over everybody',
  ).execute<{ userId: string | null; group: string | null }[]>(
    `select target_id as "userId", target_group as "group" from command
     where state in ('INTENDED', 'AT_POOL')
       and action in ('disableUser', 'deleteUser', 'deleteMyAccount', 'removeUserFromGroup', 'deleteGroup')`,
  );
  const now = (await adminsOf(em, app)).filter((one) => !pending.some((lost) => isLost(one, lost)));
  const then = now.filter((one) => !isLost(one, loss));
  if (now.length > then.length && then.length === 0) throw new LastAdminError();
}

/**
 * Looks at the pool, before it is decided, whether the user is an administrator there, and whether those are who
 * would stay: the mirror may not know yet.
 */
export async function confirmAdmins(app: App, loss: Loss): Promise<void> {
  if (loss.userId != null) await lookUp(app, [loss.userId]);
  const admins = await adminsOf(app.orm.em.fork(), app);
  if (!admins.some((one) => isLost(one, loss))) return;
  const others = new Set(admins.filter((one) => !isLost(one, loss)).map(({ userId }) => userId));
  await lookUp(app, [...others].slice(0, CONFIRMED_AT_POOL));
}

async function lookUp(app: App, userIds: readonly string[]): Promise<void> {
  const identities = await app.orm.em
    .fork()
    .find(Identity, { user: { $in: [...userIds] }, deletedAt: null });
  await Promise.all(
    identities.map(async (identity) => {
      try {
        await refreshAccount(app, identity, 'waitedFor');
      } catch (error) {
        // Forgotten by now, which is what was to be found out; a pool that is out of reach takes no command.
        if (error instanceof PoolUserNotFoundError || error instanceof PoolUnavailableError) return;
        throw error;
      }
    }),
  );
}

function isLost({ userId, poolId, group }: Membership, lost: Loss): boolean {
  if (lost.userId != null && lost.userId !== userId) return false;
  if (lost.group != null && lost.group !== `${poolId}/${group}`) return false;
  return lost.userId != null || lost.group != null;
}

/**
 * Who can sign in, at a pool whose tokens count and as far as the mirror knows, with each group that makes them an
 * administrator.
 */
async function adminsOf(em: EntityManager, { config, userPools }: App): Promise<Membership[]> {
  const rules = config.roleGroups.filter(({ role }) => role === Role.ADMIN);
  return withoutRowRules(em, 'who stays an administrator is decided over everybody').execute<
    Membership[]
  >(
    `select identity.user_id as "userId", identity.pool_id as "poolId", held.name as "group"
     from identity join pool_profile on pool_profile.identity_id = identity.id
     cross join lateral (
       select jsonb_array_elements_text(coalesce(pool_profile.groups, '[]')) as name union select '*') as held
     where identity.deleted_at is null and pool_profile.enabled
       and identity.pool_id in (select jsonb_array_elements_text(?::jsonb))
       and pool_profile.status in ('CONFIRMED', 'EXTERNAL_PROVIDER', 'RESET_REQUIRED')
       and exists (
         select from jsonb_to_recordset(?::jsonb) as rule("poolId" text, "group" text)
         where rule."group" = held.name and coalesce(rule."poolId", identity.pool_id) = identity.pool_id)`,
    [
      JSON.stringify([...userPools.keys()]),
      JSON.stringify(rules.map(({ poolId, group }) => ({ poolId, group }))),
    ],
  );
}
