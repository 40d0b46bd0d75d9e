import { CognitoError } from '../errors.js';
import type { Stores } from '../operation.js';
import { operations } from '../operations/index.js';
import type { PoolClient } from '../pools/pool-store.js';
import { secretHash } from '../pools/secret-hash.js';

/**
 * Runs a client's operation on a user as the API does: the page has no ways of its own. Input that is undefined
 * counts as left out.
 * @throws CognitoError
 */
export async function callApi(
  name: string,
  client: PoolClient,
  { Username = '', ...input }: Readonly<Record<string, unknown>> & { readonly Username?: string },
  stores: Stores,
): Promise<object> {
  const operation = operations.get(name);
  if (operation === undefined)
    throw new CognitoError('UnknownOperationException', `${name} is not known here.`);
  return operation.run(
    { ClientId: client.id, Username, SecretHash: secretHash(client, Username), ...input },
    stores,
  );
}
