/** The claims of a verified Amazon Cognito access token that the server uses, under its own names. */
export interface AccessToken {
  /** `person`: signed in with the pool. `client`: the client credentials grant, `sub` equals `client_id`. */
  readonly kind: 'person' | 'client';
  /** The user pool, such as `eu-west-1_Ab12Cd34E`; both issuer forms of a pool map to it. */
  readonly poolId: string;
  /** Claim `sub`. */
  readonly subject: string;
  /** Claim `client_id`. */
  readonly clientId: string;
  /** Claim `username`, which Cognito's admin operations want. People only. */
  readonly username: string | undefined;
  /** Claim `cognito:groups`; empty for machine clients. */
  readonly groups: readonly string[];
  /** Claim `scope`, split at spaces. */
  readonly scopes: readonly string[];
  /** Claim `origin_jti`: the sign-in this token descends from; absent while token revocation is off. */
  readonly originJti: string | undefined;
  /** Claim `iat`, seconds since the epoch. */
  readonly issuedAt: number;
  /** Claim `auth_time`, seconds since the epoch; `iat` where it is absent. */
  readonly authTime: number;
  /** Claim `exp`, seconds since the epoch. */
  readonly expiresAt: number;
}
