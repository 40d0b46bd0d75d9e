import { ApolloClient, InMemoryCache } from '@apollo/client';
import { lifeguardLink } from '../../lifeguard-link.ts';
import type { Config } from './config.ts';
import type { SignIn } from './sign-in.ts';

/** @param onSignedOut when the server takes the sign-in no more, with its `reason` */
export function createApi(
  { api }: Config,
  signIn: SignIn,
  onSignedOut: (reason: string) => void,
): ApolloClient {
  const client = new ApolloClient({
    link: lifeguardLink({
      uri: api,
      tokens: signIn,
      onSignedOut,
      // What is on the screen was read with fewer roles.
      onMoreRoles: () => void client.refetchQueries({ include: 'active' }),
    }),
    cache: new InMemoryCache({
      // There is one viewer, and it has no id.
      typePolicies: { Viewer: { merge: true } },
    }),
    // Errors are shown where they happen.
    defaultOptions: { watchQuery: { fetchPolicy: 'cache-and-network' } },
  });
  return client;
}
