import type { Installation } from '../installation.js';
import { NAMED, SEEDED_PASSWORD, UNCONFIRMED } from '../people.js';
import type { PoolStore } from '../pool-store.js';
import { seeded } from '../seed.js';
import type { Sql } from '../sql.js';

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
  const { ClientSecret, AllowedOAuthScopes } = (await pools.client(machineClientId)).settings;
  return {
    installation: installation.id,
    ...ids,
    machineClient: {
      clientId: machineClientId,
      clientSecret: ClientSecret,
      scopes: AllowedOAuthScopes,
    },
    password: SEEDED_PASSWORD,
    people: PEOPLE,
  };
}

const PEOPLE = [
  ...NAMED.map(({ username, email, group, state }) => ({ username, email, group, state })),
  ...UNCONFIRMED.map((person) => ({ ...person, state: 'unconfirmed' })),
];
