/** A user pool whose access tokens count. */
export interface TrustedPool {
  /** Such as `eu-west-1_Ab12Cd34E`. */
  readonly id: string;
  /** Every `iss` that its tokens may have; the first one is that of discovery. */
  readonly issuers: readonly [string, ...string[]];
  readonly jwksUri: string;
  /** The app clients whose tokens count, for this pool only. */
  readonly clientIds: readonly string[];
}

export interface TrustedPoolOptions {
  readonly id: string;
  readonly clientIds: readonly string[];
  /** Another implementation's address, or that of a partition of AWS with a domain of its own. */
  readonly endpoint?: string | undefined;
}

const POOL_ID = /^([a-z]+(?:-[a-z]+)+-\d+)_[A-Za-z0-9]+$/;

/**
 * Describes a pool by its id. At AWS a pool may be switched between two issuers, so tokens of either
 * count (Cognito API reference, "IssuerConfigurationType"). The China Regions have no user pools, so
 * without an endpoint the domain is `amazonaws.com`.
 * @throws TypeError for an id of another shape, unless there is an endpoint.
 */
export function trustedPool({ id, clientIds, endpoint }: TrustedPoolOptions): TrustedPool {
  const issuers = endpoint === undefined ? awsIssuers(id) : endpointIssuers(id, endpoint);
  return { id, clientIds, issuers, jwksUri: `${issuers[0]}/.well-known/jwks.json` };
}

/** The first one publishes the keys of both. */
function awsIssuers(id: string): readonly [original: string, updated: string] {
  const region = POOL_ID.exec(id)?.[1];
  if (region === undefined) throw new TypeError(`${id} is no user pool id.`);
  return [
    `https://cognito-idp.${region}.amazonaws.com/${id}`,
    `https://issuer-cognito-idp.${region}.amazonaws.com/${id}`,
  ];
}

function endpointIssuers(id: string, endpoint: string): readonly [string] {
  return [`${endpoint.replace(/\/+$/, '')}/${id}`];
}
