import { setTimeout as sleep } from 'node:timers/promises';
import type { EntityManager } from '@mikro-orm/postgresql';
import { personOf } from '../../auth/viewer.js';
import { withoutRowRules } from '../../database/row-view.js';
import { Identity, poolOf, refuseBefore, sightingsOf, User } from '../../directory/index.js';
import { LifeguardError } from '../../errors.js';
import { uuidOf } from '../../graphql/uuid.js';
import type { Context } from '../../request/context.js';
import { PoolUserNotFoundError } from '../../user-pool/index.js';
import { AuditTrail, reasonIn } from '../audit-log/index.js';
import { UnknownUserError } from '../back-office/index.js';
import type { SignOutUserInput } from './sessions.inputs.js';

/** Milliseconds: claims and the pool's clock are whole seconds. */
const SECOND = 1_000;

/**
 * Ends every sign-in of the viewer, at the pools and here; whoever signs in after the answer is let in.
 * @throws PoolUnavailableError
 */
export async function signOutEverywhere(context: Context): Promise<User> {
  const { userId } = personOf(context.viewer);
  const signedOut = await signOutAtPools(context, userId);
  await context.app.orm.em.fork().transactional((em) => refuse(em, userId, signedOut.at));
  return answer(context, userId, signedOut);
}

/**
 * The same for another user, of which the audit log tells.
 * @throws UnknownUserError, ReasonError, PoolUnavailableError
 */
export async function signOutUser(context: Context, input: SignOutUserInput): Promise<User> {
  const { orm } = context.app;
  const id = uuidOf('input.id', input.id);
  const reason = reasonIn(input.reason);
  if ((await context.em.count(User, { id })) === 0) throw new UnknownUserError();
  const audit = new AuditTrail(context, { action: 'signOutUser', targetId: id, reason });
  await orm.em.fork().transactional(async (em) => audit.intend(em));
  const signedOut = await signOutAtPools(context, id).catch(async (error: unknown) => {
    const code = error instanceof LifeguardError ? error.code : 'INTERNAL_SERVER_ERROR';
    await orm.em.fork().transactional(async (em) => audit.failed(em, code));
    throw error;
  });
  await orm.em.fork().transactional(async (em) => {
    await refuse(em, id, signedOut.at);
    audit.done(em);
  });
  return answer(context, id, signedOut);
}

interface SignedOut {
  /** By the pool's clock; sign-ins up to this second are ended. */
  readonly at: Date;
  /** By the clock of `performance.now`, the last answer of a pool. */
  readonly answeredAt: number;
}

/** The pools come first: what they do not grant is not written down as done. */
async function signOutAtPools({ app, em }: Context, userId: string): Promise<SignedOut> {
  // What waits to be noted would come after as a session that goes on.
  await sightingsOf(app).flush();
  const identities = await em.find(Identity, { user: userId, deletedAt: null });
  const moments = await Promise.all(
    identities.map(async ({ poolId, username }) => {
      const pool = poolOf(app, poolId);
      try {
        return await pool.signOut(username);
      } catch (error) {
        // Who is gone from the pool has no sign-in there.
        if (error instanceof PoolUserNotFoundError) return new Date();
        throw error;
      }
    }),
  );
  const latest = Math.max(...moments.map(Number));
  return { at: moments.length > 0 ? new Date(latest) : new Date(), answeredAt: performance.now() };
}

async function refuse(em: EntityManager, userId: string, moment: Date): Promise<void> {
  await refuseBefore(em, userId, moment);
  await withoutRowRules(em, 'whether these sign-ins may be ended was asked before').execute(
    'update session set ended_at = now(), updated_at = now() where user_id = ? and ended_at is null',
    [userId],
  );
}

/** A sign-in of the very second would be refused: so the answer waits until the pool has left it. */
async function answer(context: Context, id: string, { answeredAt }: SignedOut): Promise<User> {
  await sleep(Math.max(0, answeredAt + SECOND - performance.now()), undefined, { ref: false });
  return context.em.findOneOrFail(User, { id }, { refresh: true, connectionType: 'write' });
}
