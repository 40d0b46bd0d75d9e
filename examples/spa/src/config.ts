/** What differs from stage to stage, so that one build serves all: `public/config.json`. */
export interface Config {
  /** Where the API answers. */
  readonly api: string;
  /** The user pool's issuer, such as `https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Example`. */
  readonly authority: string;
  readonly clientId: string;
  /** Whether the API knows the operations of this build, and may know no others: their hash is sent in their place. */
  readonly trustedDocuments: boolean;
}

/** Of a local pool only the address has to be known: it tells the rest itself. */
export async function readConfig(): Promise<Config> {
  const { trustedDocuments = false, ...places } = await json<Given>('config.json');
  const { api, localPool, authority, clientId } = places;
  if (api === undefined) throw new Error('config.json names no api.');
  if (authority && clientId) return { api, authority, clientId, trustedDocuments };
  if (!localPool)
    throw new Error('config.json names neither authority and clientId nor localPool.');
  const pool = await json<Pool>(`${localPool}/local-pool`);
  if (!pool.poolId || !pool.clientId) throw new Error('The local pool was not filled.');
  return {
    api,
    authority: `${localPool}/${pool.poolId}`,
    clientId: pool.clientId,
    trustedDocuments,
  };
}

type Given = Partial<Config> & { readonly localPool?: string };

interface Pool {
  readonly poolId?: string;
  readonly clientId?: string;
}

async function json<Content>(url: string): Promise<Content> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} answers ${response.status}.`);
  return response.json();
}
