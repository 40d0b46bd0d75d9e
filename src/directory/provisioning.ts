import { UniqueConstraintViolationException } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { AccessToken } from '../auth/access-token.js';
import { ForbiddenError, UnauthenticatedError } from '../errors.js';
import type { App } from '../request/app.js';
import { perApp } from '../request/per-app.js';
import { Identity } from './identity.entity.js';
import { User } from './user.entity.js';

/** Milliseconds for which "last seen" may lag behind, so that not every request writes. */
const SEEN_PRECISION = 5 * 60_000;

/** Tells who a person's token belongs to, and makes a user of a subject that was never seen. */
export const provisioningOf = perApp((app) => new Provisioning(app));

class Provisioning {
  readonly #app: App;
  /** Creations under way, so that the first requests of one subject wait for one transaction. */
  readonly #creating = new Map<string, Promise<void>>();

  constructor(app: App) {
    this.#app = app;
  }

  /**
   * The identity of a person's token, with its user and mirrored profile: one statement, on the primary.
   * @throws UnauthenticatedError where the person was disabled, deleted or signed out since the token's issue.
   * @throws ForbiddenError for an unknown subject under `USER_PROVISIONING=deny`.
   */
  async identityOf(token: AccessToken, em: EntityManager): Promise<Identity> {
    const identity = (await findIdentity(em, token)) ?? (await this.#create(token, em));
    refuseEnded(identity, token);
    await noteSeen(identity, em);
    return identity;
  }

  async #create(token: AccessToken, em: EntityManager): Promise<Identity> {
    if (this.#app.config.userProvisioning === 'deny') {
      throw new ForbiddenError('There is no account for you here.', {
        reason: 'unknown_user',
        hint: 'Ask an administrator of this application for an account.',
      });
    }
    const key = `${token.poolId} ${token.subject}`;
    const creating = this.#creating.get(key) ?? this.#createOnce(token);
    this.#creating.set(key, creating);
    try {
      await creating;
    } finally {
      this.#creating.delete(key);
    }
    const identity = await findIdentity(em, token);
    if (identity === null) throw new Error('An identity vanished while it was made.');
    return identity;
  }

  #createOnce({ poolId, subject, username = subject }: AccessToken): Promise<void> {
    return addIdentity(this.#app, { poolId, subject, username, lastSeenAt: new Date() });
  }
}

/** Makes a user with this identity. Another server may win: then its row stands and ours is rolled back. */
export async function addIdentity(
  { orm }: App,
  identity: Pick<Identity, 'poolId' | 'subject' | 'username' | 'lastSeenAt'>,
): Promise<void> {
  try {
    await orm.em.fork().transactional(async (em) => {
      em.create(Identity, { ...identity, user: em.create(User, {}) });
    });
  } catch (error) {
    if (!(error instanceof UniqueConstraintViolationException)) throw error;
  }
}

function findIdentity(em: EntityManager, { poolId, subject }: AccessToken) {
  return em.findOne(
    Identity,
    { poolId, subject },
    { populate: ['user', 'poolProfile'], strategy: 'joined', connectionType: 'write' },
  );
}

/**
 * `exp` alone would let a token outlive all of these.
 * @throws UnauthenticatedError (reason `deleted`, `disabled` or `revoked`)
 */
export function refuseEnded(identity: Identity, token: AccessToken): void {
  if (identity.deletedAt !== null) throw ended('deleted');
  if (identity.poolProfile?.enabled === false) throw ended('disabled');
  const refusedBefore = identity.user.unwrap().refusedBefore;
  // Claims are whole seconds: a token of the same second may be older than the moment.
  const issued = Math.min(token.issuedAt, token.authTime) * 1000;
  if (refusedBefore !== null && issued <= refusedBefore.getTime()) throw ended('revoked');
}

function ended(reason: 'deleted' | 'disabled' | 'revoked'): UnauthenticatedError {
  return new UnauthenticatedError('The access token is no longer accepted.', {
    reason,
    hint: 'Sign in again.',
  });
}

async function noteSeen(identity: Identity, em: EntityManager): Promise<void> {
  const now = new Date();
  if (identity.lastSeenAt && now.getTime() - identity.lastSeenAt.getTime() < SEEN_PRECISION) return;
  await em.nativeUpdate(Identity, { id: identity.id }, { lastSeenAt: now });
}
