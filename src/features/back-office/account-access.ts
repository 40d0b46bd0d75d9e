import { Identity, PoolProfile, User } from '../../directory/index.js';
import { LifeguardError } from '../../errors.js';
import { uuidOf } from '../../graphql/uuid.js';
import type { Context } from '../../request/context.js';
import { PoolUnavailableError, type UserPool } from '../../user-pool/index.js';
import { AuditTrail } from '../audit-log/index.js';
import {
  OwnAccountError,
  REASON_LENGTH,
  ReasonError,
  UnknownUserError,
} from './back-office.errors.js';

export interface UserAction {
  readonly id: string;
  readonly reason: string;
}

/**
 * Stops a user from signing in, at every pool they have an account of, and refuses their tokens from
 * that moment. The pools come first: what they do not grant is not written down as done.
 * @throws UnknownUserError, OwnAccountError, ReasonError, PoolUnavailableError
 */
export function disableUser(context: Context, action: UserAction): Promise<User> {
  return changeAccess(context, action, {
    name: 'disableUser',
    enabled: false,
    atPool: (pool, username) => pool.disable(username),
  });
}

/**
 * Lets a disabled user sign in again; tokens of before stay refused.
 * @throws UnknownUserError, OwnAccountError, ReasonError, PoolUnavailableError
 */
export function enableUser(context: Context, action: UserAction): Promise<User> {
  return changeAccess(context, action, {
    name: 'enableUser',
    enabled: true,
    atPool: (pool, username) => pool.enable(username),
  });
}

interface AccessChange {
  readonly name: string;
  readonly enabled: boolean;
  /** Answers with the pool's clock. */
  readonly atPool: (pool: UserPool, username: string) => Promise<Date>;
}

async function changeAccess(
  context: Context,
  input: UserAction,
  change: AccessChange,
): Promise<User> {
  const id = uuidOf('input.id', input.id);
  const reason = input.reason.trim();
  if (reason.length === 0 || reason.length > REASON_LENGTH) throw new ReasonError();
  const identities = await identitiesOf(context, id);
  const audit = new AuditTrail(context, { action: change.name, targetId: id, reason });
  const { orm } = context.app;
  await orm.em.fork().transactional(async (em) => audit.intend(em));
  try {
    const moments = new Map<Identity, Date>();
    for (const identity of identities) {
      const pool = context.app.userPools.get(identity.poolId);
      if (pool === undefined)
        throw new PoolUnavailableError(
          new Error('The account is of a pool that is not configured.'),
        );
      moments.set(identity, await change.atPool(pool, identity.username));
    }
    await keepChange(context, moments, change, audit);
  } catch (error) {
    const code = error instanceof LifeguardError ? error.code : 'INTERNAL_SERVER_ERROR';
    await orm.em.fork().transactional(async (em) => audit.failed(em, code));
    throw error;
  }
  return context.em.findOneOrFail(User, { id }, { refresh: true });
}

async function identitiesOf({ em, viewer }: Context, userId: string): Promise<Identity[]> {
  if (viewer.kind === 'person' && viewer.userId === userId) throw new OwnAccountError();
  const identities = await em.find(Identity, { user: userId, deletedAt: null });
  if (identities.length === 0) throw new UnknownUserError();
  return identities;
}

/** The mirror, the refusal of tokens and the outcome, all or none. */
async function keepChange(
  { app }: Context,
  moments: ReadonlyMap<Identity, Date>,
  { enabled }: AccessChange,
  audit: AuditTrail,
): Promise<void> {
  await app.orm.em.fork().transactional(async (em) => {
    for (const [identity, moment] of moments) {
      const change = { enabled, poolModifiedAt: moment };
      await em.nativeUpdate(PoolProfile, { identity: identity.id }, change);
      if (!enabled)
        await em.nativeUpdate(User, { id: identity.user.id }, { refusedBefore: moment });
    }
    audit.done(em);
  });
}
