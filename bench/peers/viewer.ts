import { hash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { type AccessToken, verified } from './access-token.ts';
import { ISSUER, REMEMBERS } from './environment.ts';
import { pool, type User } from './people.ts';

interface Remembered {
  readonly token: AccessToken;
  readonly user: User;
}

const POOL_ID = ISSUER.slice(ISSUER.lastIndexOf('/') + 1);

const remembered = new LRUCache<string, Remembered>({ max: 10_000 });

/**
 * Who asks: the token is verified and the user read at every request, or once where the peer remembers them.
 * @throws Error without a good token of somebody who may sign in.
 */
export async function viewerOf(authorization: string | undefined): Promise<User> {
  if (!authorization?.startsWith('Bearer ')) throw new Error('Sign in to do this.');
  const text = authorization.slice('Bearer '.length);
  if (!REMEMBERS) return userOf(await verified(text));
  const digest = hash('sha256', text, 'base64');
  const known = remembered.get(digest);
  if (known !== undefined && known.token.expiresAt * 1000 > Date.now()) return known.user;
  const token = await verified(text);
  const user = await userOf(token);
  remembered.set(digest, { token, user });
  return user;
}

async function userOf({ subject, issuedAt }: AccessToken): Promise<User> {
  const { rows } = await pool.query<User & { refused_before: Date | null }>(
    `select app_user.id, app_user.refused_before
     from identity join app_user on app_user.id = identity.user_id
     where identity.pool_id = $1 and identity.subject = $2 and identity.deleted_at is null`,
    [POOL_ID, subject],
  );
  const [user] = rows;
  if (user === undefined) throw new Error('There is no account for you here.');
  if (user.refused_before !== null && issuedAt * 1000 <= user.refused_before.getTime())
    throw new Error('You were signed out.');
  return user;
}
