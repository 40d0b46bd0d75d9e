import { UniqueConstraintViolationException } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { AccessToken } from '../auth/access-token.js';
import { ForbiddenError } from '../errors.js';
import type { App } from '../request/app.js';
import { perApp } from '../request/per-app.js';
import { Identity } from './identity.entity.js';
import { findSignIn, type SignIn } from './sign-in.js';
import { User } from './user.entity.js';

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
   * The sign-in of a person's token: one statement, on the primary.
   * @throws ForbiddenError for an unknown subject under `USER_PROVISIONING=deny`.
   */
  async signInOf(token: AccessToken, em: EntityManager): Promise<SignIn> {
    return (await findSignIn(token, em)) ?? (await this.#create(token, em));
  }

  async #create(token: AccessToken, em: EntityManager): Promise<SignIn> {
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
    const signIn = await findSignIn(token, em);
    if (signIn === undefined) throw new Error('An identity vanished while it was made.');
    return signIn;
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
