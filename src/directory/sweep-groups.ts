import type { EntityManager } from '@mikro-orm/postgresql';
import { PoolGroupNotFoundError, type PoolUserPage } from '../user-pool/index.js';
import { SweepPhase } from './pool-sweep.entity.js';
import type { SweepContext } from './sweep-context.js';
import { advance, type Walk } from './sweep-state.js';
import { SweptMembership } from './swept-membership.entity.js';

/** Reads who is in which group, one group after the other by name, page by page. */
export async function walkGroups(walk: Walk, context: SweepContext): Promise<Walk> {
  const { em, ask } = context;
  const all = (await ask((pool) => pool.groups())).sort();
  const { poolId, atGroup } = walk;
  const names = atGroup === null ? all : all.filter((name) => name >= atGroup);
  // What was read of a group that is gone by now is no membership any more.
  const gone = { poolId, groupName: { $nin: all } };
  await em().nativeDelete(SweptMembership, all.length > 0 ? gone : { poolId });
  let current = walk;
  for (const [index, name] of names.entries()) {
    const following = names[index + 1];
    const after = following === undefined ? USERS : { atGroup: following, next: null };
    current = await walkGroup(name, current, after, context);
  }
  return names.length > 0 ? current : advance(em(), current, USERS);
}

const USERS = { phase: SweepPhase.USERS, atGroup: null, next: null };

/** @param after where the walk is once the group is read. */
async function walkGroup(
  name: string,
  walk: Walk,
  after: Partial<Walk>,
  context: SweepContext,
): Promise<Walk> {
  let current = walk;
  let next = walk.atGroup === name ? (walk.next ?? undefined) : undefined;
  do {
    const page = await pageOf(name, next, context);
    next = page?.next;
    const to = next === undefined ? after : { atGroup: name, next };
    const from = current;
    current = await context.em().transactional(async (em) => {
      const advanced = await advance(em, from, to);
      if (page !== undefined) await stage(em, walk.poolId, name, page);
      else await em.nativeDelete(SweptMembership, { poolId: walk.poolId, groupName: name });
      return advanced;
    });
  } while (next !== undefined);
  return current;
}

/** Undefined where the group was deleted meanwhile. */
async function pageOf(
  name: string,
  next: string | undefined,
  { ask }: SweepContext,
): Promise<PoolUserPage | undefined> {
  try {
    return await ask((pool) => pool.usersIn(name, next));
  } catch (error) {
    if (error instanceof PoolGroupNotFoundError) return undefined;
    throw error;
  }
}

async function stage(
  em: EntityManager,
  poolId: string,
  groupName: string,
  { users }: PoolUserPage,
): Promise<void> {
  await em.execute(
    `insert into swept_membership (pool_id, subject, group_name)
     select ?, jsonb_array_elements_text(?::jsonb), ? on conflict do nothing`,
    [poolId, JSON.stringify(users.map(({ subject }) => subject)), groupName],
  );
}
