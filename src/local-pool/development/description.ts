import type { PoolClient, PoolStore } from '../pools/pool-store.js';
import { NAMED, SEEDED_PASSWORD, UNCONFIRMED } from '../seed/people.js';
import { seeded } from '../seed/seed.js';
import type { Sql } from '../sql.js';
import type { Installation } from '../tokens/installation.js';

export interface DescriptionParts {
  readonly sql: Sql;
  readonly pools: PoolStore;
  readonly installation: Installation;
}

/** Which database this is the local pool of, and what to sign in with, once it is filled. */
export async function description({ sql, pools, installation }: DescriptionParts): Promise<object> {
  const filled = await seeded(sql);
  if (filled === undefined) return { installation: installation.id };
  const { machineClientId, ...ids } = filled;
  const clients = await pools.clients(filled.poolId, '', MOST_CLIENTS);
  // Whoever develops may have deleted it: the rest is told all the same.
  const machine = clients.find(({ id }) => id === machineClientId);
  return {
    installation: installation.id,
    ...ids,
    ...(machine && { machineClient: machineClientOf(machine) }),
    password: SEEDED_PASSWORD,
    people: PEOPLE,
  };
}

/** Of a pool ("Quotas in Amazon Cognito" in the developer guide). */
const MOST_CLIENTS = 1000;

function machineClientOf({ id, settings }: PoolClient) {
  return { clientId: id, clientSecret: settings.ClientSecret, scopes: settings.AllowedOAuthScopes };
}

const PEOPLE = [
  ...NAMED.map(({ username, email, group, state }) => ({ username, email, group, state })),
  ...UNCONFIRMED.map((person) => ({ ...person, state: 'unconfirmed' })),
];
