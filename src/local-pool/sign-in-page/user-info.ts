import type { FastifyInstance } from 'fastify';
import { CognitoError } from '../errors.js';
import { isReadable } from '../pools/client-attributes.js';
import { inScopes } from '../tokens/token-claims.js';
import type { Holder } from '../tokens/token-issuer.js';
import type { PageParts } from './page-parts.js';

const EXPIRED =
  'Access token is expired, disabled, or deleted, or the user has globally signed out.';

/** Tells a client about the holder of an access token ("userInfo endpoint" in the developer guide). */
export function addUserInfo(app: FastifyInstance, { stores }: PageParts): void {
  app.get('/oauth2/userInfo', async ({ headers: { authorization = '' } }, reply) => {
    const [, token = ''] = /^bearer ([\w.-]+)$/i.exec(authorization) ?? [];
    try {
      return claimsOf(await stores.tokens.holderOf(token, 'openid'));
    } catch (error) {
      if (!(error instanceof CognitoError)) throw error;
      return reply
        .code(401)
        .header('www-authenticate', `Bearer error="invalid_token", error_description="${EXPIRED}"`)
        .send({ error: 'invalid_token', error_description: EXPIRED });
    }
  });
}

/** Attributes are texts here, the verified flags too, as Cognito answers. */
function claimsOf({ account, client, scopes }: Holder) {
  const isInScopes = inScopes(scopes);
  const claims = Object.entries(account.attributes).filter(
    ([name]) => isReadable(client.settings, name) && isInScopes(name),
  );
  return { sub: account.sub, ...Object.fromEntries(claims), username: account.username };
}
