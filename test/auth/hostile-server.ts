import { setTimeout as sleep } from 'node:timers/promises';
import { bytesOf, exchange } from '../http/hostile/exchange.js';
import { type ProductionServer, productionServer } from '../support/production-server.js';
import { forge, good, keys, otherPool, pool } from './hostile-fixture.js';

/** A whole server under production limits that trusts both pools of the hostile tokens, once it has their keys. */
export async function hostileServer(
  environment: Readonly<Record<string, string>> = {},
): Promise<ProductionServer> {
  const production = await productionServer({
    COGNITO_POOLS: [pool, otherPool].map(({ id, clientIds }) => `${id}=${clientIds}`).join(';'),
    COGNITO_ENDPOINT: keys.origin,
    ENTITLEMENTS: 'token',
    ROLE_GROUPS: `ADMIN:${pool.id}/admin`,
    ...environment,
  });
  const ask = bytesOf({
    method: 'GET',
    target: '/graphql?query=%7B__typename%7D',
    headers: asking(good),
  });
  while ((await exchange(production.port, ask)).status === 503) await sleep(20);
  return production;
}

/** Headers of a request with a token. */
export function asking(token: string): Readonly<Record<string, string>> {
  return { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
}

/** Of an administrator, whom no rule refuses: what remains is the limits. */
export const adminToken = forge.accessToken({ 'cognito:groups': ['admin'] });
