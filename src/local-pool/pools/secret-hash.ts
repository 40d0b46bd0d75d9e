import { createHmac, timingSafeEqual } from 'node:crypto';
import { notAuthorized } from '../errors.js';
import type { PoolClient } from './pool-store.js';

/**
 * A confidential client shows with each call that it has its secret: HMAC-SHA256 of the user name and the
 * client id, base64 ("Computing secret hash values" in the developer guide).
 * @throws CognitoError NotAuthorizedException
 */
export function checkSecretHash(
  { id, settings: { ClientSecret } }: PoolClient,
  given: string | undefined,
  ...names: readonly string[]
): void {
  if (ClientSecret === undefined && given === undefined) return;
  if (given === undefined)
    throw notAuthorized(`Client ${id} is configured with secret but SECRET_HASH was not received`);
  const isRight = names.some((name) => isEqual(hash(ClientSecret ?? '', name + id), given));
  if (ClientSecret === undefined || !isRight)
    throw notAuthorized(`Unable to verify secret hash for client ${id}`);
}

/** What shows that the client itself speaks for a user; undefined for a client without a secret. */
export function secretHash(
  { id, settings: { ClientSecret } }: PoolClient,
  name: string,
): string | undefined {
  return ClientSecret === undefined ? undefined : hash(ClientSecret, name + id);
}

function hash(secret: string, text: string): string {
  return createHmac('sha256', secret).update(text).digest('base64');
}

/** @throws CognitoError NotAuthorizedException */
export function checkSecret({ settings }: PoolClient, given: string | undefined): void {
  const { ClientSecret } = settings;
  if (ClientSecret === undefined && given === undefined) return;
  if (!isEqual(ClientSecret ?? '', given ?? '')) throw notAuthorized('Invalid client secret.');
}

/** In a time that does not tell how much of it was right. */
function isEqual(expected: string, given: string): boolean {
  const [left, right] = [Buffer.from(expected), Buffer.from(given)];
  return left.length === right.length && timingSafeEqual(left, right);
}
