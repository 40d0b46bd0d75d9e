import type { FastifyRequest } from 'fastify';
import { CognitoError } from '../errors.js';
import type { PoolClient, PoolStore } from '../pools/pool-store.js';
import { checkSecret } from '../pools/secret-hash.js';
import { isStorable } from '../sql.js';
import { known } from './known.js';
import { OAuthError } from './oauth-error.js';
import type { Parameters } from './parameters.js';

interface Credentials {
  readonly id: string | undefined;
  readonly secret: string | undefined;
}

/**
 * Which client asks: with its secret by Basic or in the form, or a client that has none (RFC 6749 section 2.3).
 * @throws OAuthError invalid_client, invalid_request
 */
export async function authenticatedClient(
  request: FastifyRequest,
  form: Parameters,
  pools: PoolStore,
): Promise<PoolClient> {
  const { id, secret } = credentialsOf(request, form);
  if (id === undefined) throw new OAuthError('invalid_request', 'The client_id is missing.');
  const client = await known(pools.client(id));
  if (client === undefined) throw new OAuthError('invalid_client', 'There is no such client.');
  try {
    checkSecret(client, secret);
  } catch (error) {
    if (error instanceof CognitoError) throw new OAuthError('invalid_client', error.message);
    throw error;
  }
  return client;
}

function credentialsOf({ headers }: FastifyRequest, form: Parameters): Credentials {
  const posted = { id: form.get('client_id'), secret: form.get('client_secret') };
  const { authorization } = headers;
  if (authorization === undefined) return posted;
  const basic = basicCredentials(authorization);
  if (posted.secret !== undefined)
    throw new OAuthError('invalid_request', 'The client authenticates in two ways.');
  if (posted.id !== undefined && posted.id !== basic.id)
    throw new OAuthError('invalid_request', 'The client_id is that of another client.');
  return basic;
}

/** Base64 of the id, a colon and the secret, as Cognito has it. @throws OAuthError invalid_client */
function basicCredentials(authorization: string): Credentials {
  const [, encoded = ''] = /^basic ([\w+/=]+)$/i.exec(authorization) ?? [];
  const decoded = Buffer.from(encoded, 'base64').toString();
  const colon = decoded.indexOf(':');
  if (colon < 1 || !isStorable(decoded))
    throw new OAuthError('invalid_client', 'The Authorization header is no Basic credentials.');
  return { id: decoded.slice(0, colon), secret: decoded.slice(colon + 1) };
}
