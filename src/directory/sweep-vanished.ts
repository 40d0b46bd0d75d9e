import type { UserPool } from '../user-pool/index.js';
import { PoolUserNotFoundError } from '../user-pool/index.js';
import { layStones } from './forget.js';
import { Identity } from './identity.entity.js';
import { readProfile } from './mirror.js';
import type { MirroredProfile } from './mirrored-profile.js';
import { writeProfiles } from './pool-profile-rows.js';
import type { SweepContext } from './sweep-context.js';
import { advance, type Walk } from './sweep-state.js';

/** Accounts that are asked for before the walk is kept. */
const BATCH = 60;

/**
 * Asks for each account that was there before the walk and that nobody has read since: lists of a pool lag
 * behind and may be short, so that who is missing from one is not gone yet.
 */
export async function walkVanished(walk: Walk, context: SweepContext): Promise<Walk> {
  let current = walk;
  for (;;) {
    const missing = await missingAfter(current, context);
    const last = missing.at(-1);
    if (last === undefined) return current;
    const { there, gone } = await askFor(missing, context);
    const from = current;
    current = await context.em().transactional(async (em) => {
      if (there.size > 0) await writeProfiles(em, there);
      const vanished = await layStones(em, gone);
      return advance(em, from, { next: last.id, vanished: from.vanished + vanished });
    });
  }
}

function missingAfter({ poolId, startedAt, next }: Walk, { em }: SweepContext) {
  const unread = {
    $or: [{ poolProfile: null }, { poolProfile: { attributesReadAt: { $lt: startedAt } } }],
  };
  return em().find(
    Identity,
    {
      poolId,
      deletedAt: null,
      createdAt: { $lt: startedAt },
      ...unread,
      ...(next !== null && { id: { $gt: next } }),
    },
    { orderBy: { id: 'asc' }, limit: BATCH },
  );
}

async function askFor(identities: readonly Identity[], { ask }: SweepContext) {
  const there = new Map<string, MirroredProfile>();
  const gone: string[] = [];
  const askFor = async (identity: Identity, pool: UserPool) => {
    try {
      there.set(identity.id, await readProfile(identity, pool));
    } catch (error) {
      if (!(error instanceof PoolUserNotFoundError)) throw error;
      gone.push(identity.id);
    }
  };
  await ask((pool) => Promise.all(identities.map((identity) => askFor(identity, pool))));
  return { there, gone };
}
