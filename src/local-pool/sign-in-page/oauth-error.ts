/** The errors of RFC 6749, sections 4.1.2.1 and 5.2, of OpenID Connect Core 3.1.2.6, of RFC 7009 and of Cognito. */
export type OAuthErrorCode =
  | 'invalid_request'
  | 'invalid_client'
  | 'invalid_grant'
  | 'unauthorized_client'
  | 'unsupported_grant_type'
  | 'unsupported_response_type'
  | 'unsupported_token_type'
  | 'invalid_scope'
  | 'login_required'
  | 'redirect_mismatch';

/** What is wrong with a request of OAuth, for the developer of the client. */
export class OAuthError extends Error {
  constructor(
    readonly code: OAuthErrorCode,
    description: string,
  ) {
    super(description);
    this.name = 'OAuthError';
  }
}

/** An error for the client itself, at a redirect URI that is known to be its own. */
export class RedirectedError extends Error {
  constructor(
    readonly error: OAuthError,
    readonly redirectUri: string,
    readonly state: string | undefined,
  ) {
    super(error.message);
    this.name = 'RedirectedError';
  }
}
