import type { FastifyInstance } from 'fastify';
import { CognitoError } from '../errors.js';
import { callApi } from './api.js';
import { authenticatedClient } from './client-authentication.js';
import { OAuthError, type OAuthErrorCode } from './oauth-error.js';
import type { PageParts } from './page-parts.js';
import { parametersOf } from './parameters.js';

const REASONS: Readonly<Record<string, OAuthErrorCode>> = {
  UnsupportedTokenTypeException: 'unsupported_token_type',
};

/** Ends the sign-in of a refresh token ("Token revocation endpoint" in the developer guide, RFC 7009). */
export function addRevocation(app: FastifyInstance, { stores }: PageParts): void {
  app.post('/oauth2/revoke', async (incoming, reply) => {
    const form = parametersOf(incoming.body);
    const client = await authenticatedClient(incoming, form, stores.pools);
    const Token = form.get('token');
    if (Token === undefined) throw new OAuthError('invalid_request', 'The token is missing.');
    await callApi(
      'RevokeToken',
      client,
      { Token, ClientSecret: client.settings.ClientSecret },
      stores,
    ).catch((error: unknown) => {
      if (!(error instanceof CognitoError)) throw error;
      throw new OAuthError(REASONS[error.type] ?? 'invalid_request', error.message);
    });
    return reply.code(200).send();
  });
}
