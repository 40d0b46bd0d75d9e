import { z } from 'zod';
import type { JobKind, NewJob } from '../jobs/index.js';
import type { App } from '../request/app.js';
import { PoolUserNotFoundError, type UserPool } from '../user-pool/index.js';
import { refreshAccount } from './account-refresh.js';
import { Identity } from './identity.entity.js';
import { readGroups } from './mirror.js';
import { mirrored } from './mirrored-profile.js';
import { writeGroups, writeProfiles } from './pool-profile-rows.js';
import { addIdentity } from './provisioning.js';
import { unlessAborted } from './unless-aborted.js';

const KIND = 'refresh-account';

/** Runs until a hint is given up: some ten minutes. The sweeper finds what is left. */
const MAX_ATTEMPTS = 25;

const payload = z
  .object({ poolId: z.string(), subject: z.string().optional(), username: z.string().optional() })
  .readonly();
type Hinted = z.infer<typeof payload>;

/** Asks for an account to be read anew behind the requests, once for all who ask until it begins. */
export function refreshAccountJob(hinted: Hinted, delay = 0): NewJob {
  const { poolId, subject, username } = hinted;
  const whose = subject === undefined ? `name ${username}` : `sub ${subject}`;
  return { kind: KIND, key: `${poolId} ${whose}`, payload: hinted, delay };
}

/** Reads hinted accounts at their pools, and keeps them. */
export function refreshAccountKind(app: App): JobKind {
  return {
    kind: KIND,
    maxAttempts: MAX_ATTEMPTS,
    run: (given, signal) => unlessAborted(refreshHinted(app, payload.parse(given)), signal),
  };
}

async function refreshHinted(app: App, hinted: Hinted): Promise<void> {
  const pool = app.userPools.get(hinted.poolId)?.inBulk;
  if (pool === undefined) return;
  const known = await knownIdentity(app, hinted);
  if (known !== null && known.deletedAt !== null) return;
  if (known === null || (await isGone(app, known))) await meet(app, pool, hinted);
}

async function knownIdentity({ orm }: App, hinted: Hinted): Promise<Identity | null> {
  const { poolId, subject, username = '' } = hinted;
  const em = orm.em.fork();
  if (subject !== undefined) return em.findOne(Identity, { poolId, subject });
  return em.findOne(Identity, { poolId, username, deletedAt: null }, { orderBy: { id: 'desc' } });
}

async function isGone(app: App, known: Identity): Promise<boolean> {
  try {
    await refreshAccount(app, known, 'inBulk');
    return false;
  } catch (error) {
    if (error instanceof PoolUserNotFoundError) return true;
    throw error;
  }
}

/** Takes in an account that the directory does not know, if the pool has one of that name or subject. */
async function meet(app: App, pool: UserPool, hinted: Hinted): Promise<void> {
  if (app.config.userProvisioning === 'deny') return;
  const askedAt = new Date();
  const user = await userAt(pool.anew, hinted);
  if (user === undefined) return;
  const { subject, username } = user;
  await addIdentity(app, { poolId: pool.id, subject, username, lastSeenAt: null });
  const em = app.orm.em.fork();
  const identity = await em.findOneOrFail(Identity, { poolId: pool.id, subject });
  if (identity.deletedAt !== null) return;
  await writeProfiles(em, new Map([[identity.id, mirrored(user, askedAt)]]));
  await writeGroups(em, new Map([[identity.id, await readGroups(user, pool.anew)]]));
}

async function userAt(pool: UserPool, { subject, username }: Hinted) {
  try {
    if (username !== undefined) return await pool.user(username);
    return subject === undefined ? undefined : await pool.userOfSubject(subject);
  } catch (error) {
    // Not there yet, as before a sign-up is confirmed to be taken, or not any more.
    if (error instanceof PoolUserNotFoundError) return undefined;
    throw error;
  }
}
