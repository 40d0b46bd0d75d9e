import { PoolStore } from '../pools/pool-store.js';
import type { Sql } from '../sql.js';

/** Where `examples/spa` is served, by Vite's own port. */
const EXAMPLE = '5173/';

/** Where the sign-in page leads back to: the sandbox of a server at that port, and the example of a client. */
export function callbackUrls(port: number): string[] {
  const hosts = ['127.0.0.1', 'localhost'];
  return [`${port}/graphql`, EXAMPLE].flatMap((page) =>
    hosts.map((host) => `http://${host}:${page}`),
  );
}

export interface SeededClient {
  readonly poolId: string;
  readonly clientId: string;
}

/** So many URLs of one kind a client may have ("Quotas in Amazon Cognito" in the developer guide). */
const MOST_URLS = 100;

/**
 * Lets the sign-in page lead back to a server at another port than that of the first start, or to what an earlier
 * version did not know of. The local pool itself is asked to, since another process may run it, which has read its
 * clients already.
 */
export async function allowCallbacks(
  { endpoint, sql }: { readonly endpoint: string; readonly sql: Sql },
  { poolId: UserPoolId, clientId: ClientId }: SeededClient,
  port: number,
): Promise<void> {
  const clients = await new PoolStore(sql).clients(UserPoolId, '', 1000);
  const known = clients.find(({ id }) => id === ClientId)?.settings.CallbackURLs;
  const urls = callbackUrls(port);
  if (known === undefined || urls.every((url) => known.includes(url))) return;
  // Few starts come here, and it takes 30 ms to load.
  const {
    CognitoIdentityProviderClient,
    DescribeUserPoolClientCommand,
    UpdateUserPoolClientCommand,
  } = await import('@aws-sdk/client-cognito-identity-provider');
  const cognito = new CognitoIdentityProviderClient({
    region: 'us-east-1',
    endpoint,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  const added = (given: readonly string[] = []) =>
    [...new Set([...given, ...urls])].slice(-MOST_URLS);
  try {
    const { UserPoolClient } = await cognito.send(
      new DescribeUserPoolClientCommand({ UserPoolId, ClientId }),
    );
    // All of it, because what an update is not given is reset.
    await cognito.send(
      new UpdateUserPoolClientCommand({
        ...UserPoolClient,
        UserPoolId,
        ClientId,
        CallbackURLs: added(UserPoolClient?.CallbackURLs),
        LogoutURLs: added(UserPoolClient?.LogoutURLs),
      }),
    );
  } finally {
    cognito.destroy();
  }
}
