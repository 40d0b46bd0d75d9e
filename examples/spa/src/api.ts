import { ApolloClient, InMemoryCache } from '@apollo/client';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import type { DocumentNode } from 'graphql';
import { lifeguardLink } from '../../lifeguard-link.ts';
import type { Config } from './config.ts';
import type { SignIn } from './sign-in.ts';

/** @param onSignedOut when the server takes the sign-in no more, with its `reason` */
export function createApi(
  { api, trustedDocuments }: Config,
  signIn: SignIn,
  onSignedOut: (reason: string) => void,
): ApolloClient {
  const link = lifeguardLink({
    uri: api,
    tokens: signIn,
    onSignedOut,
    // What is on the screen was read with fewer roles.
    onMoreRoles: () => void client.refetchQueries({ include: 'active' }),
  });
  const client = new ApolloClient({
    link: trustedDocuments ? byHash().concat(link) : link,
    cache: new InMemoryCache({
      // There is one viewer, and it has no id.
      typePolicies: { Viewer: { merge: true } },
    }),
    // Errors are shown where they happen.
    defaultOptions: { watchQuery: { fetchPolicy: 'cache-and-network' } },
  });
  return client;
}

/** Sends the hash of an operation in its place, as `graphql-codegen` put it into the document. */
function byHash(): PersistedQueryLink {
  return new PersistedQueryLink({
    generateHash: (document) => hashOf(document).replace('sha256:', ''),
    // A server that does not know the hash takes no text either.
    retry: () => false,
  });
}

function hashOf(
  document: DocumentNode & { readonly __meta__?: { readonly hash?: string } },
): string {
  const hash = document.__meta__?.hash;
  if (hash === undefined)
    throw new Error('An operation is not of src/graphql: run npm run generate.');
  return hash;
}
