/** All that a client library is told: where the pool is, and the ids. */
export interface ClientPlace {
  readonly endpoint: string;
  readonly poolId: string;
  readonly clientId: string;
}
