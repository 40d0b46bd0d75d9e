/**
 * What clients configure themselves by ("OIDC discovery" of Cognito). All pools share one port, so only the
 * issuer and the keys have the pool in their path: elsewhere the client id names the pool.
 */
export function discoveryDocument(endpoint: string, poolId: string) {
  const issuer = `${endpoint}/${poolId}`;
  return {
    authorization_endpoint: `${endpoint}/oauth2/authorize`,
    end_session_endpoint: `${endpoint}/logout`,
    id_token_signing_alg_values_supported: ['RS256'],
    issuer,
    jwks_uri: `${issuer}/.well-known/jwks.json`,
    response_types_supported: ['code'],
    revocation_endpoint: `${endpoint}/oauth2/revoke`,
    scopes_supported: ['openid', 'email', 'phone', 'profile'],
    subject_types_supported: ['public'],
    token_endpoint: `${endpoint}/oauth2/token`,
    token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', 'none'],
    userinfo_endpoint: `${endpoint}/oauth2/userInfo`,
  };
}
