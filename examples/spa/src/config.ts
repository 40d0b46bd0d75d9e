/** What differs from stage to stage, so that one build serves all: `public/config.json`. */
export interface Config {
  /** Where the API answers. */
  readonly api: string;
  /** The user pool's issuer, such as `https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Example`. */
  readonly authority: string;
  readonly clientId: string;
}

/** Of a local pool only the address has to be known: it tells the rest itself. */
export async function readConfig(): Promise<Config> {
  const { api, localPool, authority, clientId } = await json('config.json');
  if (api === undefined) throw new Error('config.json names no api.');
  if (authority && clientId) return { api, authority, clientId };
  if (!localPool)
    throw new Error('config.json names neither authority and clientId nor localPool.');
  const pool = await json(`${localPool}/local-pool`);
  if (!pool.poolId || !pool.clientId) throw new Error('The local pool was not filled.');
  return { api, authority: `${localPool}/${pool.poolId}`, clientId: pool.clientId };
}

async function json(url: string): Promise<Partial<Record<string, string>>> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} answers ${response.status}.`);
  return response.json();
}
