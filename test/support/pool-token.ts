import { createPrivateKey, sign } from 'node:crypto';
import type { TestApi } from './api.js';

/** A token such as the pool would not give, with these claims, by default a machine client's, signed with the local pool's own key. */
export async function poolToken(
  api: TestApi,
  changes: Readonly<Record<string, unknown>>,
): Promise<string> {
  const [row] = await api.server.app.orm.em
    .fork()
    .execute<{ keys: string }[]>('select keys::text from local_pool.installation');
  const [key]: { kid: string; pem: string }[] = JSON.parse(row?.keys ?? '[]');
  if (key === undefined) throw new Error('The local pool has no keys.');
  const now = Math.floor(Date.now() / 1000);
  const claims = {
    sub: api.clientId,
    client_id: api.clientId,
    iss: `${api.localPool.endpoint}/${api.poolId}`,
    token_use: 'access',
    scope: '',
    version: 2,
    iat: now,
    auth_time: now,
    exp: now + 3600,
    jti: 'c1f2e3d4-a5b6-4c7d-8e9f-0a1b2c3d4e5f',
    ...changes,
  };
  const input = [{ kid: key.kid, alg: 'RS256' }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  const signature = sign('sha256', Buffer.from(input), createPrivateKey(key.pem));
  return `${input}.${signature.toString('base64url')}`;
}
